// SPDX-License-Identifier: Apache-2.0

/// A network for batches of one shape: forward, and backward from the loss's gradient.
///
/// The memory is planned when the pass is made. Steps allocate nothing but the arrays that they answer. Values whose
/// gradient needs them are kept from the forward to the backward run; everything else shares memory with what is not
/// used at the same time, and the windows of convolutions are laid out anew, a tile at a time.
public final class TrainingPass {
    /// Batch, channels, rows, columns.
    public let inputShape: [Int]
    /// The batch first; [batch, dimension] for a network that makes embeddings.
    public let outputShape: [Int]
    /// The bytes of memory that the pass has for values, gradients and working space.
    public var bytes: Int { memory.count * MemoryLayout<Float>.stride }

    private struct BoundStep {
        let layer: any Layer
        let memory: LayerMemory
        let isDifferentiated: Bool
        let additions: [(source: UnsafePointer<Float>, target: UnsafeMutablePointer<Float>, count: Int)]
    }

    private let network: TrainableNetwork
    private let memory: PassMemory
    private let steps: [BoundStep]
    private let input: UnsafeMutablePointer<Float>
    private let output: UnsafePointer<Float>
    private let outputGradientPlace: UnsafeMutablePointer<Float>?
    private let inputGradientPlace: UnsafePointer<Float>?
    /// Whether the memory holds what a forward run in training mode left, and no backward run has used up.
    private var isReadyForBackward = false
    private var hasInputGradient = false

    init(_ network: TrainableNetwork, inputShape: [Int], wantsInputGradient: Bool) throws(TrainingError) {
        let plan = try PassPlan(network, inputShape: inputShape, wantsInputGradient: wantsInputGradient)
        memory = try PassMemory(count: plan.count)
        self.network = network
        self.inputShape = inputShape
        outputShape = plan.outputShape
        let start = memory.start
        steps = plan.steps.map { step in
            BoundStep(
                layer: step.layer,
                memory: LayerMemory(
                    inputs: step.inputs.map { UnsafePointer(start + $0) }, output: start + step.output,
                    state: start + step.state,
                    forwardScratch: start + step.forwardScratch, backwardScratch: start + step.backwardScratch,
                    outputGradient: UnsafePointer(start + step.outputGradient),
                    inputGradients: step.inputGradients.map { $0.map { start + $0 } }),
                isDifferentiated: step.isDifferentiated,
                additions: step.additions.map { (UnsafePointer(start + $0.source), start + $0.target, $0.count) })
        }
        input = start + plan.input
        output = UnsafePointer(start + plan.output)
        outputGradientPlace = plan.outputGradient.map { start + $0 }
        inputGradientPlace = plan.inputGradient.map { UnsafePointer(start + $0) }
    }

    /// Computes the output in training mode: dropout drops, and batch normalisation takes the statistics of the batch
    /// and moves the running ones towards them.
    ///
    /// - Parameters:
    ///   - input: as many values as ``inputShape`` has, row-major.
    ///   - random: what dropout draws from, in an order that does not depend on threads.
    /// - Returns: as many values as ``outputShape`` has.
    /// - Throws: ``TrainingError/invalidInput(reason:)`` when there are not as many values.
    public func forward(_ input: [Float], random: inout RandomSource) throws(TrainingError) -> [Float] {
        let result = try run(input, isTraining: true, random: &random)
        isReadyForBackward = true
        return result
    }

    /// Computes the output as the network for inference would: nothing is dropped, and batch normalisation uses its
    /// running statistics. A backward run cannot follow.
    ///
    /// - Throws: ``TrainingError/invalidInput(reason:)`` when there are not as many values as ``inputShape`` has.
    public func evaluate(_ input: [Float]) throws(TrainingError) -> [Float] {
        var random = RandomSource(seed: 0)
        return try run(input, isTraining: false, random: &random)
    }

    private func run(_ values: [Float], isTraining: Bool, random: inout RandomSource) throws(TrainingError) -> [Float] {
        let count = inputShape.reduce(1, *)
        guard values.count == count else {
            throw .invalidInput(
                reason: "\(values.count) values were given for an input of shape \(inputShape), which takes \(count)")
        }
        isReadyForBackward = false
        hasInputGradient = false
        values.withUnsafeBufferPointer { if let base = $0.baseAddress { input.update(from: base, count: count) } }
        var run = LayerRun(isTraining: isTraining, random: random, threads: network.threads)
        for step in steps { step.layer.forward(step.memory, &run) }
        random = run.random
        return Array(UnsafeBufferPointer(start: output, count: outputShape.reduce(1, *)))
    }

    /// Adds to the gradient of every parameter what the last ``forward(_:random:)`` says of it.
    ///
    /// - Parameter outputGradient: the derivatives of the loss by the output, as many as ``outputShape`` has.
    /// - Throws: ``TrainingError/invalidInput(reason:)`` when there are not as many, or when there is no forward run
    ///   that has not been used.
    public func backward(_ outputGradient: [Float]) throws(TrainingError) {
        let count = outputShape.reduce(1, *)
        guard outputGradient.count == count else {
            throw .invalidInput(
                reason:
                    "\(outputGradient.count) derivatives were given for an output of shape \(outputShape), which takes \(count)"
            )
        }
        guard isReadyForBackward else {
            throw .invalidInput(reason: "each backward run needs a forward run in training mode before it")
        }
        isReadyForBackward = false
        guard let position = outputGradientPlace else { return }
        outputGradient.withUnsafeBufferPointer {
            if let base = $0.baseAddress { position.update(from: base, count: count) }
        }
        for step in steps.reversed() where step.isDifferentiated {
            step.layer.backward(step.memory, threads: network.threads)
            for addition in step.additions {
                Elementwise.add(addition.source, count: addition.count, to: addition.target, network.threads)
            }
        }
        hasInputGradient = inputGradientPlace != nil
    }

    /// The derivatives by the input, of its shape, after a backward run of a pass that was made to compute them;
    /// empty otherwise.
    public var inputGradient: [Float] {
        guard hasInputGradient, let position = inputGradientPlace else { return [] }
        return Array(UnsafeBufferPointer(start: position, count: inputShape.reduce(1, *)))
    }
}
