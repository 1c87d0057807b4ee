// SPDX-License-Identifier: Apache-2.0

/// Joins steps so that a value is finished while it is in the cache: an activation or a residual sum becomes part of
/// the step that produces what it alone reads.
struct Fusion {
    /// nil where a step has become part of another.
    private var steps: [Step?]
    private var producers: [Int: Int] = [:]
    private let readers: [Int]

    /// - Parameter outputs: storages that are read after the run.
    static func fuse(_ steps: [Step], storageCount: Int, outputs: Set<Int>) -> [Step] {
        var fusion = Fusion(steps, storageCount: storageCount, outputs: outputs)
        for index in steps.indices { fusion.visit(index) }
        return fusion.steps.compactMap { $0 }
    }

    private init(_ steps: [Step], storageCount: Int, outputs: Set<Int>) {
        self.steps = steps
        var readers = Array(repeating: 0, count: storageCount)
        for operand in steps.lazy.flatMap(\.operands) {
            if let storage = operand.storage { readers[storage] += 1 }
        }
        for storage in outputs { readers[storage] += 1 }
        self.readers = readers
    }

    private mutating func visit(_ index: Int) {
        guard let step = steps[index] else { return }
        producers[step.output] = index
        switch step.body {
        case let unary as UnaryStep:
            if let activation = unary.activation, let producer = soleProducer(of: step.operands[0]) {
                join(producer, with: index) { $0.applying(activation) }
            }
        case let prelu as PReluStep:
            if let channels = prelu.channels, let producer = soleProducer(of: step.operands[0]) {
                join(producer, with: index) { $0.applyingSlopes(step.operands[1], channels: channels) }
            }
        case let binary as BinaryStep where binary.operation == .add && binary.isElementwise:
            // Of two convolutions the later one, so that its input need not wait long for the other.
            let candidates = [(step.operands[0], step.operands[1]), (step.operands[1], step.operands[0])]
                .compactMap { own, other in soleProducer(of: own).map { (producer: $0, other: other) } }
                .sorted { $0.producer > $1.producer }
            for candidate in candidates where join(candidate.producer, with: index, { $0.adding(candidate.other) }) {
                break
            }
        default: break
        }
    }

    /// The step whose output only this operand reads.
    private func soleProducer(of operand: Operand) -> Int? {
        guard let storage = operand.storage, readers[storage] == 1 else { return nil }
        return producers[storage]
    }

    /// Puts the joined step where the later one stood: all that either reads is there by then.
    @discardableResult
    private mutating func join(_ producer: Int, with index: Int, _ change: (Step) -> Step?) -> Bool {
        guard let step = steps[index], let earlier = steps[producer], var joined = change(earlier) else { return false }
        joined.output = step.output
        steps[producer] = nil
        steps[index] = joined
        producers[step.output] = index
        return true
    }
}

private extension Step {
    func applying(_ activation: Activation) -> Step? {
        var step = self
        switch body {
        case var convolution as ConvolutionStep where convolution.activation == .none:
            convolution.activation = activation
            step.body = convolution
        case var affine as ChannelAffineStep where affine.activation == .none:
            affine.activation = activation
            step.body = affine
        case var product as GemmStep where product.activation == .none:
            product.activation = activation
            step.body = product
        default: return nil
        }
        return step
    }

    /// - Parameter channels: how the slopes see what this step produces.
    func applyingSlopes(_ slopes: Operand, channels: ChannelShape) -> Step? {
        switch body {
        case let convolution as ConvolutionStep:
            let shape = convolution.shape
            guard channels == ChannelShape(batch: shape.batch, channels: shape.outputChannels, area: shape.outputArea),
                var step = applying(.perChannelSlope)
            else { return nil }
            step.operands[4] = slopes
            return step
        case let affine as ChannelAffineStep:
            guard channels == affine.shape, var step = applying(.perChannelSlope) else { return nil }
            step.operands[3] = slopes
            return step
        default: return nil
        }
    }

    func adding(_ residual: Operand) -> Step? {
        guard let convolution = body as? ConvolutionStep, convolution.activation == .none,
            case .absent = operands[3]
        else { return nil }
        var step = self
        step.operands[3] = residual
        return step
    }
}
