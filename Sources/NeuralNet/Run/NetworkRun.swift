// SPDX-License-Identifier: Apache-2.0

/// The memory of one plan being run, for one thread at a time. Running it again allocates nothing.
//
// Loops count: without optimisation, iterators of arrays come from the heap.
public final class NetworkRun {
    private struct PlacedStep {
        let body: any StepBody
        /// The same where several threads can do it.
        let shared: (any SharedStep)?
        /// ``SharedStep/phases(shares:)`` for each number of helpers, from 0 on.
        let phases: [Int]
        let memory: StepMemory
    }

    public let plan: ExecutionPlan
    private let memory: UnsafeMutablePointer<Float>
    private let operandTable: UnsafeMutablePointer<UnsafePointer<Float>?>
    private let steps: [PlacedStep]
    private let inputCounts: [Int]
    private let outputCounts: [Int]
    private var isSet: [Bool]
    private let cores: SpareCores
    /// The working space of helpers, `scratchCount` floats for each.
    private let helperScratch: UnsafeMutablePointer<Float>?
    private let scratchCount: Int
    private let mostHelpers: Int
    private var helpers: [RunHelper] = []
    /// How many steps helpers have taken part in so far.
    package private(set) var sharedSteps = 0

    /// - Parameter cores: where it takes helpers from, as many as are allowed when it is made.
    init(plan: ExecutionPlan, cores: SpareCores) {
        self.plan = plan
        let mostHelpers = plan.canBeShared ? cores.helpersPerRun : 0
        self.mostHelpers = mostHelpers
        let memory = AlignedMemory.allocateFloats(plan.memoryCount)
        let operandCount = plan.steps.reduce(0) { $0 + $1.operands.count }
        let table = UnsafeMutablePointer<UnsafePointer<Float>?>.allocate(capacity: max(operandCount, 1))
        table.initialize(repeating: nil, count: max(operandCount, 1))
        var next = table
        steps = plan.steps.map { step in
            let operands = next
            for position in step.operands {
                next.pointee = Self.address(of: position, in: memory)
                next += 1
            }
            let shared = step.body as? any SharedStep
            return PlacedStep(
                body: step.body, shared: shared,
                phases: (0...mostHelpers).map { $0 == 0 ? 0 : shared?.phases(shares: $0 + 1) ?? 0 },
                memory: StepMemory(operands: operands, output: memory + step.output, scratch: memory + step.scratch))
        }
        self.memory = memory
        operandTable = table
        inputCounts = plan.inputs.map { elementCount(of: $0.shape) ?? 0 }
        outputCounts = plan.outputs.map { elementCount(of: $0.shape) ?? 0 }
        isSet = Array(repeating: false, count: plan.inputs.count)
        self.cores = cores
        scratchCount = plan.helperScratchCount
        helperScratch = mostHelpers > 0 ? AlignedMemory.allocateFloats(mostHelpers * scratchCount) : nil
        helpers.reserveCapacity(mostHelpers)
    }

    deinit {
        helperScratch?.deallocate()
        memory.deallocate()
        operandTable.deallocate()
    }

    private static func address(
        of position: ExecutionPlan.Position, in memory: UnsafeMutablePointer<Float>
    ) -> UnsafePointer<Float>? {
        switch position {
        case .memory(let offset): UnsafePointer(memory + offset)
        case .constant(let floats): floats.pointer
        case .nowhere: nil
        }
    }

    /// Copies an input's values, in row-major order. They stay until they are set again.
    public func setInput(_ name: String, _ values: [Float]) throws(NetworkError) {
        let index = try inputIndex(name)
        guard values.count == inputCounts[index] else {
            throw .wrongInputCount(input: name, expected: inputCounts[index], given: values.count)
        }
        values.withUnsafeBufferPointer {
            if let base = $0.baseAddress { (memory + plan.inputOffsets[index]).update(from: base, count: $0.count) }
        }
        isSet[index] = true
    }

    /// Lets the caller write an input in place, in row-major order. It holds the values set last, at first zeros.
    public func withInput(_ name: String, _ body: (UnsafeMutableBufferPointer<Float>) -> Void) throws(NetworkError) {
        let index = try inputIndex(name)
        body(UnsafeMutableBufferPointer(start: memory + plan.inputOffsets[index], count: inputCounts[index]))
        isSet[index] = true
    }

    /// Computes the outputs from the inputs.
    ///
    /// - Throws: ``NetworkError/invalidInputShape(input:reason:)`` when an input has never been set.
    public func execute() throws(NetworkError) {
        for index in 0..<isSet.count where !isSet[index] {
            throw .invalidInputShape(input: plan.inputs[index].name, reason: "it has been given no values")
        }
        guard mostHelpers > 0 else {
            for index in 0..<steps.count { steps[index].body.run(steps[index].memory) }
            return
        }
        cores.claim(into: &helpers, atMost: mostHelpers)
        for index in 0..<steps.count {
            if !helpers.isEmpty, cores.areOverdrawn { helpers.removeLast().dismiss() }
            run(steps[index])
        }
        while let helper = helpers.popLast() { helper.dismiss() }
    }

    /// Runs a step with the helpers that have woken.
    private func run(_ step: PlacedStep) {
        var present = 0
        if step.shared != nil {
            for index in 0..<helpers.count where helpers[index].isPresent {
                helpers.swapAt(present, index)
                present += 1
            }
        }
        guard let shared = step.shared, step.phases[present] > 0 else { return step.body.run(step.memory) }
        sharedSteps += 1
        for phase in 0..<step.phases[present] {
            for index in 0..<present {
                helpers[index].assign(
                    shared, step.memory,
                    StepShare(
                        index: index + 1, count: present + 1, phase: phase,
                        scratch: (helperScratch ?? step.memory.scratch) + index * scratchCount))
            }
            shared.run(
                step.memory, StepShare(index: 0, count: present + 1, phase: phase, scratch: step.memory.scratch))
            for index in 0..<present { helpers[index].awaitDone() }
        }
    }

    /// Computes the outputs and times each kernel call, for benchmarks.
    package func profile() throws(NetworkError) -> [(step: String, time: Duration)] {
        try execute()
        return steps.map { step in
            let start = ContinuousClock.now
            step.body.run(step.memory)
            return (step.body.summary, ContinuousClock.now - start)
        }
    }

    /// A copy of what the last execution answered; zeros before the first.
    public func output(_ name: String) throws(NetworkError) -> Tensor {
        let index = try outputIndex(name)
        let values = try withOutput(name) { Array($0) }
        return Tensor(checkedShape: plan.outputs[index].shape, values: values)
    }

    /// What the last execution answered, in row-major order, without a copy; zeros before the first.
    public func withOutput<Result>(
        _ name: String, _ body: (UnsafeBufferPointer<Float>) -> Result
    ) throws(NetworkError) -> Result {
        let index = try outputIndex(name)
        return body(
            UnsafeBufferPointer(
                start: Self.address(of: plan.outputPlaces[index], in: memory), count: outputCounts[index]))
    }

    private func inputIndex(_ name: String) throws(NetworkError) -> Int {
        for index in 0..<plan.inputs.count where plan.inputs[index].name == name { return index }
        throw .unknownInput(name)
    }

    private func outputIndex(_ name: String) throws(NetworkError) -> Int {
        for index in 0..<plan.outputs.count where plan.outputs[index].name == name { return index }
        throw .unknownOutput(name)
    }
}
