import Foundation

/// A tensor of batch × channels × area, where area is the product of all axes after the second.
package struct ChannelShape: Sendable, Hashable {
    package let batch: Int
    package let channels: Int
    package let area: Int

    package init?(batch: Int, channels: Int, area: Int) {
        guard TensorExtent.count([batch, channels, area]) != nil else { return nil }
        self.batch = batch
        self.channels = channels
        self.area = area
    }
}

/// Local response normalisation across channels, by ONNX's LRN: x / (bias + alpha / size · Σ x²)^beta, where the
/// sum is over `size` channels around x's.
package enum LocalResponseNormalizationKernel {
    /// The output must not be the input.
    package static func run(
        _ shape: ChannelShape, size: Int, alpha: Float, beta: Float, bias: Float,
        input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        let before = (size - 1) / 2, after = size - 1 - before
        for image in 0..<shape.batch {
            let source = input + image * shape.channels * shape.area
            let target = output + image * shape.channels * shape.area
            for channel in 0..<shape.channels {
                let channels = max(0, channel - before)...min(shape.channels - 1, channel + after)
                for place in 0..<shape.area {
                    var sum: Float = 0
                    for other in channels {
                        let value = source[other * shape.area + place]
                        sum += value * value
                    }
                    target[channel * shape.area + place] =
                        source[channel * shape.area + place] / pow(bias + alpha / Float(size) * sum, beta)
                }
            }
        }
    }
}
