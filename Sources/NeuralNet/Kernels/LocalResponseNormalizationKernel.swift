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

/// What ONNX's LRN divides by: (bias + alpha / size · Σ x²)^beta, where the sum is over `size` channels around x's.
package struct LocalResponse: Sendable, Hashable {
    package let size: Int
    package let alpha: Float
    package let beta: Float
    package let bias: Float

    package init(size: Int, alpha: Float, beta: Float, bias: Float) {
        self.size = size
        self.alpha = alpha
        self.beta = beta
        self.bias = bias
    }

    @inlinable package var before: Int { (size - 1) / 2 }
    @inlinable package var after: Int { size - 1 - before }
    /// What the sum of squares counts.
    @inlinable package var factor: Float { alpha / Float(size) }

    /// base^(−beta) of eight values; by square roots for the usual exponents, which costs a tenth of `pow`.
    @inlinable @inline(__always)
    package func inversePower(_ base: SIMD8<Float>) -> SIMD8<Float> {
        switch beta {
        case 0.75:
            let root = base.squareRoot()
            return 1 / (root * root.squareRoot())
        case 0.5: return 1 / base.squareRoot()
        case 1: return 1 / base
        default:
            var result = base
            for index in 0..<VectorLoop.width { result[index] = pow(base[index], -beta) }
            return result
        }
    }

    @inlinable @inline(__always)
    package func inversePower(_ base: Float) -> Float {
        switch beta {
        case 0.75:
            let root = base.squareRoot()
            return 1 / (root * root.squareRoot())
        case 0.5: return 1 / base.squareRoot()
        case 1: return 1 / base
        default: return pow(base, -beta)
        }
    }
}

/// Local response normalisation across channels, by ONNX's LRN: x over ``LocalResponse``.
package enum LocalResponseNormalizationKernel {
    /// The places of a run of a channel, so short that the runs of a few channels stay in a core's first-level cache.
    @inlinable package static var strip: Int { 512 }

    /// The output must not be the input.
    package static func run(
        _ shape: ChannelShape, images: Range<Int>, response: LocalResponse,
        input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        for image in images {
            let source = input + image * shape.channels * shape.area
            let target = output + image * shape.channels * shape.area
            var first = 0
            while first < shape.area {
                let count = min(strip, shape.area - first)
                for channel in 0..<shape.channels {
                    let line = source + channel * shape.area + first, result = target + channel * shape.area + first
                    let low = max(0, channel - response.before), high = min(shape.channels - 1, channel + response.after)
                    let window = source + low * shape.area + first
                    VectorLoop.run(count) { place, width in
                        if width == VectorLoop.width {
                            let bases = bases(window + place, channels: high - low + 1, area: shape.area, response)
                            VectorLoop.store(VectorLoop.load(line + place) * response.inversePower(bases), result + place)
                        } else {
                            let base = base(window + place, channels: high - low + 1, area: shape.area, response)
                            result[place] = line[place] * response.inversePower(base)
                        }
                    }
                }
                first += count
            }
        }
    }

    /// bias + alpha / size · Σ x² over `channels` that are `area` apart.
    @inlinable @inline(__always)
    package static func bases(
        _ window: UnsafePointer<Float>, channels: Int, area: Int, _ response: LocalResponse
    ) -> SIMD8<Float> {
        var sum = SIMD8<Float>.zero
        for index in 0..<channels {
            let value = VectorLoop.load(window + index * area)
            sum += value * value
        }
        return response.bias + response.factor * sum
    }

    @inlinable @inline(__always)
    package static func base(_ window: UnsafePointer<Float>, channels: Int, area: Int, _ response: LocalResponse) -> Float {
        var sum: Float = 0
        for index in 0..<channels {
            let value = window[index * area]
            sum += value * value
        }
        return response.bias + response.factor * sum
    }
}
