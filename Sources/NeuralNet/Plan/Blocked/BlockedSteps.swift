// SPDX-License-Identifier: Apache-2.0

import Kernels
import VectorMath

/// Operand: planes or blocks.
struct ReorderingStep: DividedStep {
    let shape: BlockedShape
    let isIntoBlocks: Bool

    var isWorthDividing: Bool { shape.isWorthDividing }

    func run(_ memory: StepMemory, part: WorkPart) {
        if isIntoBlocks {
            BlockReordering.toBlocks(shape, planes: memory.operand(0), blocks: memory.output, part: part)
        } else {
            BlockReordering.toPlanes(shape, blocks: memory.operand(0), planes: memory.output, part: part)
        }
    }
}

extension BlockedShape {
    /// For a step that does little with each value, by blocks.
    fileprivate var isWorthDividing: Bool { batch * blocks > 1 && count >= SharingCost.leastValues }
}

/// A convolution into blocks. Operands: input, weights as the method takes them, bias, residual, slopes; the last three
/// in blocks or left out.
struct BlockedConvolutionStep: SharedStep {
    let kernel: BlockedKernel
    let activation: Activation

    var scratchCount: Int { kernel.scratchCount }
    var summary: String { kernel.summary }

    func run(_ memory: StepMemory) {
        kernel.run(
            input: memory.operand(0), weights: memory.operand(1), output: memory.output, scratch: memory.scratch,
            epilogue: epilogue(memory))
    }

    func phases(shares: Int) -> Int { kernel.phases(shares: shares) }

    func run(_ memory: StepMemory, _ share: StepShare) {
        kernel.run(
            input: memory.operand(0), weights: memory.operand(1), output: memory.output, scratch: memory.scratch,
            epilogue: epilogue(memory), share: share)
    }

    private func epilogue(_ memory: StepMemory) -> BlockEpilogue {
        activation.epilogue(bias: memory.operands[2], residual: memory.operands[3], slopes: memory.operands[4])
    }
}

extension Activation {
    /// Whether vector code applies it to sums before it stores them; a step of its own does where it does not.
    var isPartOfEpilogue: Bool {
        switch self {
        case .none, .relu, .clip, .leakyRelu, .perChannelSlope: true
        case .sigmoid, .tanh: false
        }
    }

    /// - Precondition: it is part of one.
    func epilogue(
        bias: UnsafePointer<Float>?, residual: UnsafePointer<Float>?, slopes: UnsafePointer<Float>?
    ) -> BlockEpilogue {
        switch self {
        case .relu: BlockEpilogue(bias: bias, residual: residual, lower: 0)
        case .clip(let lower, let upper): BlockEpilogue(bias: bias, residual: residual, lower: lower, upper: upper)
        case .leakyRelu(let slope): BlockEpilogue(bias: bias, residual: residual, slope: slope)
        case .perChannelSlope: BlockEpilogue(bias: bias, residual: residual, slopes: slopes)
        case .none, .sigmoid, .tanh: BlockEpilogue(bias: bias, residual: residual)
        }
    }
}

/// Operands: input, scale, shift, slopes, all but the input for whole blocks or left out.
struct BlockedAffineStep: DividedStep {
    let shape: BlockedShape
    let vectors: ConvolutionVectors

    var isWorthDividing: Bool { shape.isWorthDividing }

    func run(_ memory: StepMemory, part: WorkPart) {
        BlockedAffine.run(
            shape, scale: memory.operands[1], shift: memory.operands[2], slopes: memory.operands[3],
            input: memory.operand(0), output: memory.output, vectors: vectors, part: part)
    }
}

struct BlockedPoolStep: DividedStep {
    let shape: PoolShape
    let kind: PoolOperator.Kind
    /// Of all images.
    let blocks: Int
    let vectors: ConvolutionVectors

    var isWorthDividing: Bool {
        blocks > 1
            && Work(blocks, BlockedShape.lanes, shape.outputHeight, shape.outputWidth, shape.taps).units
                >= SharingCost.leastProducts
    }

    func run(_ memory: StepMemory, part: WorkPart) {
        let kind: BlockPool.Kind =
            switch kind {
            case .maximum: .maximum
            case .average(let countIncludePad): .average(countIncludePad: countIncludePad)
            }
        BlockedPool.run(
            shape, kind, blocks: part.range(of: blocks), input: memory.operand(0), output: memory.output,
            vectors: vectors)
    }
}

/// From blocks to [batch, channels].
struct BlockedGlobalPoolStep: StepBody {
    let shape: BlockedShape
    let isMaximum: Bool

    func run(_ memory: StepMemory) {
        if isMaximum {
            BlockedPool.globalMaximum(shape, input: memory.operand(0), output: memory.output)
        } else {
            BlockedPool.globalAverage(shape, input: memory.operand(0), output: memory.output)
        }
    }
}

struct BlockedResizeStep: StepBody {
    let shape: ResizeShape
    /// Of all images.
    let blocks: Int

    func run(_ memory: StepMemory) {
        BlockedResize.run(shape, blocks: blocks, input: memory.operand(0), output: memory.output)
    }
}
