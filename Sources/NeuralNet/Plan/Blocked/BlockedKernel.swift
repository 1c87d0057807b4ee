// SPDX-License-Identifier: Apache-2.0

import Kernels
import VectorMath

/// A convolution in blocks of channels, by the method that was chosen for it.
package enum BlockedKernel: Sendable {
    case direct(BlockedConvolution)
    case winograd(WinogradConvolution)
    case depthwise(BlockedDepthwise)

    package init(_ shape: ConvolutionShape, _ method: BlockedMethod, vectors: ConvolutionVectors) {
        self =
            switch method {
            case .direct(let source): .direct(BlockedConvolution(shape, source: source, vectors: vectors))
            case .winograd(let filter): .winograd(WinogradConvolution(shape, filter, vectors: vectors))
            case .depthwise: .depthwise(BlockedDepthwise(shape, vectors: vectors))
            }
    }

    /// The floats of working space that a run needs.
    package var scratchCount: Int {
        switch self {
        case .direct(let convolution): convolution.scratchCount
        case .winograd(let convolution): convolution.scratchCount
        case .depthwise: 0
        }
    }

    /// What it does, for a person who looks at a profile.
    var summary: String {
        switch self {
        case .direct(let convolution): "direct \(convolution.source): \(convolution.shape.summary)"
        case .winograd(let convolution): "winograd \(convolution.filter): \(convolution.shape.summary)"
        case .depthwise(let convolution): "depthwise: \(convolution.shape.summary)"
        }
    }

    /// - Parameter weights: as ``BlockedMethod/prepareWeights(_:weights:into:)`` makes them.
    package func run(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue
    ) {
        switch self {
        case .direct(let convolution):
            convolution.run(input: input, weights: weights, output: output, scratch: scratch, epilogue: epilogue)
        case .winograd(let convolution):
            convolution.run(input: input, weights: weights, output: output, scratch: scratch, epilogue: epilogue)
        case .depthwise(let convolution):
            convolution.run(input: input, weights: weights, output: output, epilogue: epilogue)
        }
    }

    // MARK: - By several threads

    /// See ``SharedStep/phases(shares:)``.
    func phases(shares: Int) -> Int {
        guard shape.multiplyAdds >= SharingCost.leastProducts else { return 0 }
        if case .winograd(let convolution) = self, convolution.dividesChannels(parts: shares) {
            return convolution.phases
        }
        return 1
    }

    /// One thread's share; `scratch` is what all have in common, ``StepShare/scratch`` its own.
    func run(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue, share: StepShare
    ) {
        switch self {
        case .direct(let convolution):
            convolution.run(
                input: input, weights: weights, output: output, scratch: share.scratch, epilogue: epilogue,
                part: share.part)
        case .winograd(let convolution) where convolution.dividesChannels(parts: share.count):
            convolution.run(
                phase: share.phase, input: input, weights: weights, output: output, scratch: scratch,
                space: share.index == 0 ? nil : share.scratch, epilogue: epilogue, part: share.part)
        case .winograd(let convolution):
            convolution.run(
                input: input, weights: weights, output: output, scratch: share.scratch, epilogue: epilogue,
                part: share.part)
        case .depthwise(let convolution):
            convolution.run(input: input, weights: weights, output: output, epilogue: epilogue, part: share.part)
        }
    }

    private var shape: ConvolutionShape {
        switch self {
        case .direct(let convolution): convolution.shape
        case .winograd(let convolution): convolution.shape
        case .depthwise(let convolution): convolution.shape
        }
    }
}

extension ConvolutionShape {
    fileprivate var summary: String {
        "\(inputChannels)×\(inputHeight)×\(inputWidth) → \(outputChannels)×\(outputHeight)×\(outputWidth), "
            + "window \(window.kernelHeight)×\(window.kernelWidth), stride \(window.strideHeight), "
            + "\(multiplyAdds / 1000) thousand products"
    }
}
