// SPDX-License-Identifier: Apache-2.0

/// An input or output of a plan.
public struct TensorInfo: Sendable, Hashable {
    public let name: String
    public let shape: [Int]
}

/// How a network runs on inputs of given shapes. It never changes: any number of threads may each make a run of it.
public final class ExecutionPlan: Sendable {
    /// Where a value lies in a run.
    enum Position: Sendable {
        case memory(offset: Int)
        case constant(ConstantFloats)
        case nowhere
    }

    struct PlacedStep: Sendable {
        let body: any StepBody
        let operands: [Position]
        let output: Int
        let scratch: Int
    }

    public let inputs: [TensorInfo]
    public let outputs: [TensorInfo]
    let inputOffsets: [Int]
    let outputPlaces: [Position]
    let steps: [PlacedStep]
    /// The floats of a run's memory.
    let memoryCount: Int

    /// The kernel calls of a run.
    package var stepCount: Int { steps.count }

    /// The bytes that a run takes beside the weights, and beside the working space of helpers (``SpareCores``).
    public var bytesPerRun: Int { memoryCount * MemoryLayout<Float>.stride }

    init(
        _ lowering: Lowering, inputs: [(name: String, value: PlanValue)], outputs: [(name: String, value: PlanValue)],
        optimizations: Optimizations
    ) throws(NetworkError) {
        func storages(_ values: [(name: String, value: PlanValue)]) -> Set<Int> {
            Set(values.compactMap { if case .runtime(let storage, _) = $0.value { storage } else { nil } })
        }
        let outputStorages = storages(outputs)
        var steps =
            optimizations.fusesSteps
            ? Fusion.fuse(lowering.steps, storageCount: lowering.storageCounts.count, outputs: outputStorages)
            : lowering.steps
        var storageCounts = lowering.storageCounts
        if optimizations.blocksChannels {
            steps = BlockedLayout.apply(
                to: steps, counts: &storageCounts, inputs: storages(inputs), outputs: outputStorages,
                weights: lowering.preparedWeights)
        }
        let memory = try MemoryPlan(
            steps, storageCounts: storageCounts, permanent: storages(inputs).union(outputStorages),
            sharesMemory: optimizations.sharesMemory,
            limit: lowering.account.runLimit(
                inputs: inputs.reduce(0) { $0 + (elementCount(of: $1.value.shape) ?? 0) }))

        func position(_ operand: Operand) -> Position {
            switch operand {
            case .absent: .nowhere
            case .constant(let floats): .constant(floats)
            case .storage(let storage): memory.offsets[storage].map { .memory(offset: $0) } ?? .nowhere
            }
        }
        self.steps = zip(steps, memory.scratchOffsets).map { step, scratch in
            PlacedStep(
                body: step.body, operands: step.operands.map(position), output: memory.offsets[step.output] ?? 0,
                scratch: scratch)
        }
        memoryCount = memory.count
        self.inputs = inputs.map { TensorInfo(name: $0.name, shape: $0.value.shape) }
        self.outputs = outputs.map { TensorInfo(name: $0.name, shape: $0.value.shape) }
        inputOffsets = inputs.map { input in
            if case .runtime(let storage, _) = input.value { memory.offsets[storage] ?? 0 } else { 0 }
        }
        outputPlaces = outputs.map { output in
            switch output.value {
            case .runtime(let storage, _): position(.storage(storage))
            // Integers, which only shapes make, are answered in single precision.
            case .constant(let constant):
                .constant(constant.floats ?? ConstantFloats(constant.tensor.converted(to: .float).floats ?? []))
            }
        }
    }

    /// Whether it has a step that several threads can do.
    var canBeShared: Bool { steps.contains { $0.body is any SharedStep } }

    /// The working space of a thread that helps, in floats; a whole number of cache lines.
    var helperScratchCount: Int {
        let most = steps.lazy.filter { $0.body is any SharedStep }.map(\.body.scratchCount).max() ?? 0
        return (most + 15) / 16 * 16
    }

    /// Memory for running this plan, one run at a time.
    public func makeRun() -> NetworkRun { makeRun(cores: .shared) }

    /// - Parameter cores: whose helpers it takes.
    package func makeRun(cores: SpareCores) -> NetworkRun { NetworkRun(plan: self, cores: cores) }
}
