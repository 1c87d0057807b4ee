// SPDX-License-Identifier: Apache-2.0

/// The ways to compute a convolution.
package enum ConvolutionAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// A 1×1 window: one matrix product on the input as it lies.
    case pointwise
    /// The windows laid out as columns of a matrix, a strip of output rows at a time, then a matrix product.
    case im2col
    /// Each channel by itself, directly.
    case depthwise
    /// Each channel by itself, by sums of whole planes.
    case depthwisePlanes
    /// Into few channels: vectors of pixels.
    case pixelVectors

    package static func choose(for shape: ConvolutionShape) -> ConvolutionAlgorithm {
        if depthwisePlanes.supports(shape) { return .depthwisePlanes }
        if depthwise.supports(shape) { return .depthwise }
        if pixelVectors.supports(shape) { return .pixelVectors }
        return pointwise.supports(shape) ? .pointwise : .im2col
    }

    package func supports(_ shape: ConvolutionShape) -> Bool {
        let window = shape.window
        return switch self {
        case .pointwise:
            window.kernelHeight == 1 && window.kernelWidth == 1 && window.strideHeight == 1 && window.strideWidth == 1
                && window.padTop == 0 && window.padLeft == 0 && window.padBottom == 0 && window.padRight == 0
        case .im2col: true
        case .depthwise: shape.inputChannelsPerGroup == 1 && shape.outputChannelsPerGroup == 1 && shape.groups > 1
        case .depthwisePlanes: DepthwisePlaneConvolution.supports(shape)
        case .pixelVectors: PixelVectorConvolution.supports(shape)
        }
    }
}

/// Convolution as ONNX's Conv defines it, in fp32.
package enum ConvolutionKernel {
    /// The floats of working space that a run needs.
    package static func scratchCount(_ shape: ConvolutionShape, _ algorithm: ConvolutionAlgorithm) -> Int {
        switch algorithm {
        case .pointwise, .depthwise: 0
        case .im2col: Im2colConvolution.scratchCount(shape)
        case .depthwisePlanes: DepthwisePlaneConvolution.scratchCount(shape)
        case .pixelVectors: PixelVectorConvolution(shape).scratchCount
        }
    }

    /// The floats of the weights in the algorithm's own layout; nil where it takes ONNX's.
    package static func preparedWeightsCount(_ shape: ConvolutionShape, _ algorithm: ConvolutionAlgorithm) -> Int? {
        switch algorithm {
        case .pointwise, .im2col, .depthwise, .depthwisePlanes, .pixelVectors: nil
        }
    }

    /// Brings the weights into the algorithm's layout, once per plan.
    package static func prepareWeights(
        _ shape: ConvolutionShape, _ algorithm: ConvolutionAlgorithm,
        weights: UnsafePointer<Float>, into prepared: UnsafeMutablePointer<Float>
    ) {
        switch algorithm {
        case .pointwise, .im2col, .depthwise, .depthwisePlanes, .pixelVectors:
            prepared.update(from: weights, count: shape.weightsCount)
        }
    }

    package static func run(
        _ shape: ConvolutionShape, _ algorithm: ConvolutionAlgorithm,
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, epilogue: Epilogue
    ) {
        switch algorithm {
        case .pointwise:
            PointwiseConvolution.run(shape, input: input, weights: weights, output: output, epilogue: epilogue)
        case .im2col:
            Im2colConvolution.run(
                shape, input: input, weights: weights, output: output, scratch: scratch, epilogue: epilogue)
        case .depthwise:
            DepthwiseConvolution.run(shape, input: input, weights: weights, output: output, epilogue: epilogue)
        case .depthwisePlanes:
            DepthwisePlaneConvolution.run(
                shape, input: input, weights: weights, output: output, scratch: scratch, epilogue: epilogue)
        case .pixelVectors:
            PixelVectorConvolution(shape).run(
                input: input, weights: weights, output: output, scratch: scratch, epilogue: epilogue)
        }
    }
}
