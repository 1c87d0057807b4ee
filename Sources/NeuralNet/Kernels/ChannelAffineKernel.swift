// SPDX-License-Identifier: Apache-2.0

/// activation(x · scale[channel] + shift[channel]): batch normalisation at inference. The output may be the input.
package enum ChannelAffineKernel {
    package static func run(
        _ shape: ChannelShape, scale: UnsafePointer<Float>, shift: UnsafePointer<Float>,
        input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        slopes: UnsafePointer<Float>? = nil, activation: Activation = .none
    ) {
        for plane in 0..<shape.batch * shape.channels {
            let channel = plane % shape.channels
            let source = input + plane * shape.area, target = output + plane * shape.area
            let factor = scale[channel], summand = shift[channel]
            VectorLoop.run(shape.area) { position, width in
                if width == VectorLoop.width {
                    VectorLoop.store(VectorLoop.load(source + position) * factor + summand, target + position)
                } else {
                    target[position] = source[position] * factor + summand
                }
            }
            activation.apply(target, count: shape.area, slope: slopes?[channel] ?? 0)
        }
    }

    /// The scale and shift that stand for ONNX's BatchNormalization at inference.
    package static func foldBatchNormalization(
        channels: Int, scale: UnsafePointer<Float>, bias: UnsafePointer<Float>, mean: UnsafePointer<Float>,
        variance: UnsafePointer<Float>, epsilon: Float,
        intoScale: UnsafeMutablePointer<Float>, shift: UnsafeMutablePointer<Float>
    ) {
        for channel in 0..<channels {
            // In double precision: what is rounded here is rounded in every pixel.
            let factor = Double(scale[channel]) / (Double(variance[channel]) + Double(epsilon)).squareRoot()
            intoScale[channel] = Float(factor)
            shift[channel] = Float(Double(bias[channel]) - Double(mean[channel]) * factor)
        }
    }
}
