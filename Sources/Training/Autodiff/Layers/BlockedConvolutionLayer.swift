// SPDX-License-Identifier: Apache-2.0

import Kernels
import NeuralNet
import VectorMath

/// A convolution of one group on blocks of channels.
///
/// Values lie in planes between layers; each image is brought into blocks and back while it is in the cache. Threads
/// share the images, and each sums the weights' gradient of its own; the sums are added in the order of the threads.
struct BlockedConvolutionLayer: Layer {
    private static let lanes = BlockedShape.lanes

    private let shape: ConvolutionShape
    /// Of one image.
    private let single: ConvolutionShape
    private let weights: Parameter
    private let bias: Parameter?
    private let threads: Int
    private let forwardMethod: BlockedMethod
    private let backwardMethod: BackwardMethod
    private let weightsGradient: BlockedWeightsGradient
    private let forwardKernel: BlockedKernel

    /// How the input's gradient is computed.
    private enum BackwardMethod {
        /// As a convolution of the output's gradient with the window turned round.
        case convolution(ConvolutionShape, BlockedMethod, BlockedKernel)
        case phases(BlockedInputGradient)
    }

    /// nil for what is computed otherwise: groups, dilation, and processors without vectors of eight numbers.
    init?(shape: ConvolutionShape, weights: Parameter, bias: Parameter?, threads: Int) {
        let window = shape.window
        guard shape.groups == 1, window.dilationHeight == 1, window.dilationWidth == 1,
            InstructionSet.current != .baseline,
            let single = ConvolutionShape(
                batch: 1, inputChannels: shape.inputChannels, inputHeight: shape.inputHeight,
                inputWidth: shape.inputWidth, outputChannels: shape.outputChannels, groups: 1, window: window)
        else { return nil }
        self.shape = shape
        self.single = single
        self.weights = weights
        self.bias = bias
        self.threads = threads
        let isPicture = shape.inputChannels < 8
        let vectors = ConvolutionVectors()
        forwardMethod = isPicture ? .direct(.planes) : .choose(for: single)
        forwardKernel = BlockedKernel(single, forwardMethod, vectors: vectors)
        weightsGradient = BlockedWeightsGradient(single, source: isPicture ? .planes : .blocks)
        if let turned = Self.turned(single) {
            let method = BlockedMethod.choose(for: turned)
            backwardMethod = .convolution(turned, method, BlockedKernel(turned, method, vectors: vectors))
        } else {
            backwardMethod = .phases(BlockedInputGradient(single))
        }
    }

    /// The convolution of the output's gradient that makes the input's; nil where the window does not move by one.
    private static func turned(_ shape: ConvolutionShape) -> ConvolutionShape? {
        let window = shape.window
        let top = window.kernelHeight - 1 - window.padTop, left = window.kernelWidth - 1 - window.padLeft
        let bottom = shape.inputHeight - shape.outputHeight + window.padTop
        let right = shape.inputWidth - shape.outputWidth + window.padLeft
        guard window.strideHeight == 1, window.strideWidth == 1, min(top, left, bottom, right) >= 0 else { return nil }
        return ConvolutionShape(
            batch: 1, inputChannels: shape.outputChannels, inputHeight: shape.outputHeight,
            inputWidth: shape.outputWidth, outputChannels: shape.inputChannels, groups: 1,
            window: SlidingWindow(
                kernelHeight: window.kernelHeight, kernelWidth: window.kernelWidth, padTop: top, padLeft: left,
                padBottom: bottom, padRight: right))
    }

    var outputShape: [Int] { [shape.batch, shape.outputChannels, shape.outputHeight, shape.outputWidth] }
    var backwardReads: BackwardReads { .inputs }

    private var inputBlocks: BlockedShape {
        BlockedShape(
            batch: 1, channels: shape.inputChannels, height: shape.inputHeight, width: shape.inputWidth)
    }

    private var outputBlocks: BlockedShape {
        BlockedShape(
            batch: 1, channels: shape.outputChannels, height: shape.outputHeight, width: shape.outputWidth)
    }

    private var isFromPlanes: Bool { forwardMethod == .direct(.planes) }

    // MARK: - Forward

    private var biasCount: Int { outputBlocks.blocks * Self.lanes }
    private var forwardOwnCount: Int {
        (isFromPlanes ? 0 : inputBlocks.count) + outputBlocks.count
            + forwardKernel.scratchCount
    }
    var forwardScratchCount: Int {
        forwardMethod.weightsCount(single) + biasCount + threads * forwardOwnCount
    }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        let threads = run.threads, prepared = memory.forwardScratch
        let shift = prepared + forwardMethod.weightsCount(single)
        weights.withValues {
            forwardMethod.prepareWeights(single, weights: ConvolutionWeights($0, single), into: prepared)
        }
        shift.update(repeating: 0, count: biasCount)
        bias.withValues { if let values = $0 { shift.update(from: values, count: shape.outputChannels) } }
        let input = memory.inputs[0], output = memory.output
        threads.run { share in
            let own = shift + biasCount + share * forwardOwnCount
            let blocks = own, result = own + (isFromPlanes ? 0 : inputBlocks.count)
            for image in threads.part(share, of: shape.batch) {
                let source = input + image * inputBlocks.planesCount
                if !isFromPlanes { BlockReordering.toBlocks(inputBlocks, planes: source, blocks: blocks) }
                forwardKernel.run(
                    input: isFromPlanes ? source : UnsafePointer(blocks), weights: prepared, output: result,
                    scratch: result + outputBlocks.count, epilogue: BlockEpilogue(bias: shift))
                BlockReordering.toPlanes(
                    outputBlocks, blocks: result, planes: output + image * outputBlocks.planesCount)
            }
        }
    }

    // MARK: - Backward

    private var backwardWeightsCount: Int {
        switch backwardMethod {
        case .convolution(let turned, let method, _): method.weightsCount(turned)
        case .phases: BlockedInputGradient.weightsCount(single)
        }
    }

    private var backwardMethodScratchCount: Int {
        switch backwardMethod {
        case .convolution(_, _, let kernel): kernel.scratchCount
        // The output's gradient with its margins.
        case .phases(let gradient): gradient.gradientCount
        }
    }

    /// Of each thread: the sums, the input, the output's gradient, the input's gradient, and working space.
    private var backwardOwnCount: Int {
        weightsGradient.sumsCount + shape.outputChannels + weightsGradient.inputCount + outputBlocks.count
            + inputBlocks.count + backwardMethodScratchCount
    }

    var backwardScratchCount: Int { backwardWeightsCount + threads * backwardOwnCount }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        let prepared = memory.backwardScratch, first = prepared + backwardWeightsCount
        if memory.inputGradients[0] != nil {
            weights.withValues { values in
                switch backwardMethod {
                case .convolution(let turned, let method, _):
                    method.prepareWeights(
                        turned, weights: ConvolutionWeights(backward: values, single, isReversed: true), into: prepared)
                case .phases: BlockedInputGradient.prepareWeights(single, weights: values, into: prepared)
                }
            }
        }
        threads.run { share in
            differentiate(
                images: threads.part(share, of: shape.batch), memory, prepared,
                sums: first + share * backwardOwnCount)
        }
        weights.withGradient { gradient in
            bias.withGradient { biasGradient in
                for share in 0..<threads.count {
                    let sums = first + share * backwardOwnCount
                    weightsGradient.add(sums, to: gradient)
                    if let biasGradient {
                        let shifts = sums + weightsGradient.sumsCount
                        for channel in 0..<shape.outputChannels { biasGradient[channel] += shifts[channel] }
                    }
                }
            }
        }
    }

    private func differentiate(
        images: Range<Int>, _ memory: LayerMemory, _ weights: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>
    ) {
        let shifts = sums + weightsGradient.sumsCount, values = shifts + shape.outputChannels
        let slopes = values + weightsGradient.inputCount, below = slopes + outputBlocks.count
        let scratch = below + inputBlocks.count
        sums.update(repeating: 0, count: weightsGradient.sumsCount + shape.outputChannels)
        for image in images {
            let slopePlanes = memory.outputGradient + image * outputBlocks.planesCount
            weightsGradient.prepareInput(memory.inputs[0] + image * inputBlocks.planesCount, into: values)
            BlockReordering.toBlocks(outputBlocks, planes: slopePlanes, blocks: slopes)
            weightsGradient.run(input: values, outputGradient: slopes, sums: sums)
            if bias != nil {
                for channel in 0..<shape.outputChannels {
                    shifts[channel] += Summation.sum(
                        slopePlanes + channel * shape.outputArea, count: shape.outputArea)
                }
            }
            guard let target = memory.inputGradients[0] else { continue }
            switch backwardMethod {
            case .convolution(_, _, let kernel):
                kernel.run(
                    input: slopes, weights: weights, output: below, scratch: scratch, epilogue: BlockEpilogue())
            case .phases(let gradient):
                BlockReordering.toPaddedBlocks(
                    channels: shape.outputChannels, height: shape.outputHeight, width: shape.outputWidth,
                    gradient.margins, planes: slopePlanes, blocks: scratch)
                gradient.run(outputGradient: scratch, weights: weights, inputGradient: below)
            }
            BlockReordering.toPlanes(inputBlocks, blocks: below, planes: target + image * inputBlocks.planesCount)
        }
    }
}
