// SPDX-License-Identifier: Apache-2.0

import Kernels
import VectorMath

/// Brings values into blocks of channels where convolutions read them, and back into planes where something else does.
///
/// A value stays in blocks from step to step as long as each knows them, and is brought into planes once, before the
/// first step that does not.
struct BlockedLayout {
    /// Where a value lies in blocks.
    private struct Blocks {
        let storage: Int
        let shape: BlockedShape
    }

    /// The floats that prepared weights and copied strips may take whatever the network's own weights and inputs take.
    static let smallCount = 1 << 22
    /// How many times the floats of these more of them may take.
    static let mostGrowth = 6
    /// Pictures of fewer channels than this are read as planes.
    private static let fewChannels = 8

    private var result: [Step] = []
    private var counts: [Int]
    private var blocks: [Int: Blocks] = [:]
    /// Storages that hold planes.
    private var planes: Set<Int>
    private let weights: PreparedWeights
    private let vectors = ConvolutionVectors()

    /// - Parameters:
    ///   - counts: the floats of each storage; those of new ones are added.
    ///   - inputs: storages that hold planes before the first step.
    ///   - outputs: storages that have to hold planes after the last.
    static func apply(
        to steps: [Step], counts: inout [Int], inputs: Set<Int>, outputs: Set<Int>, weights: PreparedWeights
    ) -> [Step] {
        var layout = BlockedLayout(counts: counts, planes: inputs, weights: weights)
        for step in steps {
            let made = layout.result.count
            layout.append(step)
            for index in made..<layout.result.count { layout.result[index].origin = step.origin }
        }
        for output in outputs.sorted() { layout.requirePlanes(output) }
        counts = layout.counts
        return layout.result
    }

    private init(counts: [Int], planes: Set<Int>, weights: PreparedWeights) {
        self.counts = counts
        self.planes = planes
        self.weights = weights
    }

    private mutating func append(_ step: Step) {
        let isDone =
            switch step.body {
            case let body as ConvolutionStep: convolve(body, step)
            case let body as UnaryStep: apply(body, step)
            case let body as BinaryStep: combine(body, step)
            case let body as ChannelAffineStep: scale(body, step)
            case let body as PReluStep: slope(body, step)
            case let body as PoolStep: pool(body, step)
            case let body as GlobalPoolStep: poolWhole(body, step)
            case let body as ResizeStep: resize(body, step)
            default: false
            }
        guard !isDone else { return }
        for operand in step.operands { if let storage = operand.storage { requirePlanes(storage) } }
        result.append(step)
        planes.insert(step.output)
    }

    // MARK: - Layouts

    private mutating func requirePlanes(_ storage: Int) {
        guard !planes.contains(storage), let own = blocks[storage] else { return }
        result.append(
            Step(
                body: ReorderingStep(shape: own.shape, isIntoBlocks: false), operands: [.storage(own.storage)],
                output: storage))
        planes.insert(storage)
    }

    /// A value in blocks, brought there where it is not.
    private mutating func requireBlocks(_ storage: Int, _ shape: BlockedShape) -> Int? {
        if let own = blocks[storage] { return own.shape == shape ? own.storage : nil }
        guard counts[storage] == shape.planesCount, let own = addStorage(shape) else { return nil }
        result.append(
            Step(
                body: ReorderingStep(shape: shape, isIntoBlocks: true), operands: [.storage(storage)], output: own))
        blocks[storage] = Blocks(storage: own, shape: shape)
        return own
    }

    private mutating func addStorage(_ shape: BlockedShape) -> Int? {
        // Filling up the last block makes a value larger, and no value may be larger than a run's memory.
        guard shape.count <= NetworkLimits.maximumBytes / MemoryLayout<Float>.stride else { return nil }
        counts.append(shape.count)
        return counts.count - 1
    }

    /// Appends a step that writes the blocks of what `step` would write as planes.
    private mutating func emit(
        _ body: any StepBody, _ operands: [Operand], _ shape: BlockedShape, for step: Step
    ) -> Bool {
        guard let storage = addStorage(shape) else { return false }
        result.append(Step(body: body, operands: operands, output: storage))
        blocks[step.output] = Blocks(storage: storage, shape: shape)
        return true
    }

    /// The blocks of a value that is not there as planes.
    private func onlyBlocks(_ operand: Operand) -> Blocks? {
        guard let storage = operand.storage, !planes.contains(storage) else { return nil }
        return blocks[storage]
    }

    /// A number for each channel, zeros up to a whole block; nil where it is no constant.
    private func channelVector(_ operand: Operand, _ channels: Int) -> Operand? {
        switch operand {
        case .absent: .absent
        case .storage: nil
        case .constant(let floats) where floats.count == channels:
            .constant(
                weights.prepare(
                    floats, .channelVector, dimensions: [channels], count: BlockedShape.blocks(channels) * 16
                ) {
                    $1.update(repeating: 0, count: BlockedShape.blocks(channels) * 16)
                    $1.update(from: $0, count: channels)
                })
        case .constant: nil
        }
    }

    // MARK: - Steps

    private mutating func convolve(_ body: ConvolutionStep, _ step: Step) -> Bool {
        let shape = body.shape, isDepthwise = BlockedDepthwise.supports(shape)
        guard body.algorithm != .pixelVectors, shape.groups == 1 || isDepthwise, let source = step.operands[0].storage,
            case .constant(let constant) = step.operands[1],
            let bias = channelVector(step.operands[2], shape.outputChannels),
            let slopes = channelVector(step.operands[4], shape.outputChannels)
        else { return false }
        let output = BlockedShape(
            batch: shape.batch, channels: shape.outputChannels, height: shape.outputHeight, width: shape.outputWidth)
        let input = BlockedShape(
            batch: shape.batch, channels: shape.inputChannels, height: shape.inputHeight, width: shape.inputWidth)
        let method: BlockedMethod =
            if shape.groups == 1, planes.contains(source), shape.inputChannels < Self.fewChannels {
                .direct(.planes)
            } else if isDepthwise {
                .depthwise
            } else {
                .choose(for: shape)
            }
        let kernel = BlockedKernel(shape, method, vectors: vectors)
        // A strip with margins without an end would take more than all of the input.
        if case .direct(let convolution) = kernel,
            convolution.scratchCount > max(Self.smallCount, Self.mostGrowth * input.planesCount)
        {
            return false
        }
        guard method.takesReasonableWeights(shape) else { return false }
        var operands: [Operand] = [step.operands[0], .absent, bias, .absent, slopes]
        if case .direct(.planes) = method {
        } else {
            guard let own = requireBlocks(source, input) else { return false }
            operands[0] = .storage(own)
        }
        switch step.operands[3] {
        case .absent: break
        case .constant: return false
        case .storage(let residual):
            guard let own = requireBlocks(residual, output) else { return false }
            operands[3] = .storage(own)
        }
        operands[1] = .constant(weights.prepare(constant, for: shape, method))
        let isFused = body.activation.isPartOfEpilogue
        let own = BlockedConvolutionStep(
            kernel: kernel, activation: isFused ? body.activation : .none)
        guard emit(own, operands, output, for: step) else { return false }
        guard !isFused, let made = blocks[step.output] else { return true }
        let operation: UnaryOperation = body.activation == .tanh ? .tanh : .sigmoid
        return emit(UnaryStep(operation: operation, count: output.count), [.storage(made.storage)], output, for: step)
    }

    private mutating func apply(_ body: UnaryStep, _ step: Step) -> Bool {
        guard let own = onlyBlocks(step.operands[0]), body.activation != nil else { return false }
        return emit(
            UnaryStep(operation: body.operation, count: own.shape.count), [.storage(own.storage)], own.shape, for: step)
    }

    private mutating func combine(_ body: BinaryStep, _ step: Step) -> Bool {
        guard body.isElementwise, body.operation.keepsNumbersFinite,
            let shape = onlyBlocks(step.operands[0])?.shape ?? onlyBlocks(step.operands[1])?.shape,
            let left = step.operands[0].storage, let right = step.operands[1].storage,
            let flat = BroadcastShape(left: [shape.count], right: [shape.count]),
            let own = requireBlocks(left, shape), let other = requireBlocks(right, shape)
        else { return false }
        return emit(
            BinaryStep(operation: body.operation, broadcast: flat, isElementwise: true),
            [.storage(own), .storage(other)], shape, for: step)
    }

    private mutating func scale(_ body: ChannelAffineStep, _ step: Step) -> Bool {
        guard let own = onlyBlocks(step.operands[0]), body.shape == own.shape.channelShape,
            let scale = channelVector(step.operands[1], own.shape.channels),
            let shift = channelVector(step.operands[2], own.shape.channels),
            let slopes = channelVector(step.operands[3], own.shape.channels)
        else { return false }
        let operands: [Operand] = [.storage(own.storage), scale, shift, slopes]
        guard emit(BlockedAffineStep(shape: own.shape, vectors: vectors), operands, own.shape, for: step) else {
            return false
        }
        guard let operation = body.activation.operation, let made = blocks[step.output] else { return true }
        return emit(
            UnaryStep(operation: operation, count: own.shape.count), [.storage(made.storage)], own.shape, for: step)
    }

    private mutating func slope(_ body: PReluStep, _ step: Step) -> Bool {
        guard let own = onlyBlocks(step.operands[0]), let channels = body.channels,
            channels == own.shape.channelShape, let slopes = channelVector(step.operands[1], own.shape.channels)
        else { return false }
        return emit(
            BlockedAffineStep(shape: own.shape, vectors: vectors), [.storage(own.storage), .absent, .absent, slopes],
            own.shape, for: step)
    }

    private mutating func pool(_ body: PoolStep, _ step: Step) -> Bool {
        guard let own = onlyBlocks(step.operands[0]), body.shape.planes == own.shape.batch * own.shape.channels,
            body.shape.inputHeight == own.shape.height, body.shape.inputWidth == own.shape.width
        else { return false }
        let output = BlockedShape(
            batch: own.shape.batch, channels: own.shape.channels, height: body.shape.outputHeight,
            width: body.shape.outputWidth)
        return emit(
            BlockedPoolStep(
                shape: body.shape, kind: body.kind, blocks: own.shape.batch * own.shape.blocks, vectors: vectors),
            [.storage(own.storage)], output, for: step)
    }

    private mutating func resize(_ body: ResizeStep, _ step: Step) -> Bool {
        guard let own = onlyBlocks(step.operands[0]), body.shape.isNearest,
            body.shape.planes == own.shape.batch * own.shape.channels, body.shape.inputHeight == own.shape.height,
            body.shape.inputWidth == own.shape.width
        else { return false }
        let output = BlockedShape(
            batch: own.shape.batch, channels: own.shape.channels, height: body.shape.outputHeight,
            width: body.shape.outputWidth)
        return emit(
            BlockedResizeStep(shape: body.shape, blocks: own.shape.batch * own.shape.blocks), [.storage(own.storage)],
            output, for: step)
    }

    private mutating func poolWhole(_ body: GlobalPoolStep, _ step: Step) -> Bool {
        guard let own = onlyBlocks(step.operands[0]), body.planes == own.shape.batch * own.shape.channels,
            body.area == own.shape.area
        else { return false }
        result.append(
            Step(
                body: BlockedGlobalPoolStep(shape: own.shape, isMaximum: body.isMaximum),
                operands: [.storage(own.storage)], output: step.output))
        planes.insert(step.output)
        return true
    }
}

extension BlockedShape {
    fileprivate var channelShape: ChannelShape? { ChannelShape(batch: batch, channels: channels, area: area) }
}

extension BinaryOperation {
    /// Whether it makes finite numbers of those that fill up a block.
    fileprivate var keepsNumbersFinite: Bool {
        switch self {
        case .add, .subtract, .multiply, .minimum, .maximum: true
        default: false
        }
    }
}

extension Activation {
    /// The same as a step of its own; nil for none, and for slopes, which only a channel's own step knows.
    fileprivate var operation: UnaryOperation? {
        switch self {
        case .none, .perChannelSlope: nil
        case .relu: .relu
        case .clip(let lower, let upper): .clip(lower: lower, upper: upper)
        case .leakyRelu(let slope): .leakyRelu(slope: slope)
        case .sigmoid: .sigmoid
        case .tanh: .tanh
        }
    }
}
