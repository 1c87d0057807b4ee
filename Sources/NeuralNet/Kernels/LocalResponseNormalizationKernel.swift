// SPDX-License-Identifier: Apache-2.0

import COpenBLAS
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

    package var before: Int { (size - 1) / 2 }
    package var after: Int { size - 1 - before }
    /// What the sum of squares counts.
    package var factor: Float { alpha / Float(size) }

    /// base^(−beta) of eight values; by square roots for the usual exponents, which costs a tenth of `pow`.
    @inline(__always)
    func inversePower(_ base: SIMD8<Float>) -> SIMD8<Float> {
        switch beta {
        case 0.75:
            let root = squareRoots(base)
            return 1 / (root * squareRoots(root))
        case 0.5: return 1 / squareRoots(base)
        case 1: return 1 / base
        default:
            var result = base
            for index in 0..<VectorLoop.width { result[index] = pow(base[index], -beta) }
            return result
        }
    }

    /// Swift takes the roots of a vector one by one.
    @inline(__always)
    private func squareRoots(_ values: SIMD8<Float>) -> SIMD8<Float> {
        SIMD8(lowHalf: likeness_square_roots(values.lowHalf), highHalf: likeness_square_roots(values.highHalf))
    }
}

/// Local response normalisation across channels, by ONNX's LRN: x over ``LocalResponse``.
package enum LocalResponseNormalizationKernel {
    /// The places that are taken at a time: few enough that some channels of them stay in a core's first-level cache.
    package static let strip = 512

    /// The output must not be the input.
    package static func run(
        _ shape: ChannelShape, images: Range<Int>, response: LocalResponse,
        input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        forEachStrip(shape, images: images) { start, channel, count in
            let position = start + channel * shape.area
            forEachBase(shape, response, input: input + start, channel: channel, count: count) { index, width, base in
                let power = response.inversePower(base)
                if width == VectorLoop.width {
                    VectorLoop.store(VectorLoop.load(input + position + index) * power, output + position + index)
                } else {
                    output[position + index] = input[position + index] * power[0]
                }
            }
        }
    }

    /// Writes, for some places of a channel, bias + alpha / size · Σ x² and its power −beta: what the gradient is made
    /// of.
    ///
    /// - Parameter input: the first of the places, in the first channel.
    package static func terms(
        _ shape: ChannelShape, response: LocalResponse, input: UnsafePointer<Float>, channel: Int, count: Int,
        bases: UnsafeMutablePointer<Float>, powers: UnsafeMutablePointer<Float>
    ) {
        forEachBase(shape, response, input: input, channel: channel, count: count) { index, width, base in
            let power = response.inversePower(base)
            if width == VectorLoop.width {
                VectorLoop.store(base, bases + index)
                VectorLoop.store(power, powers + index)
            } else {
                bases[index] = base[0]
                powers[index] = power[0]
            }
        }
    }

    /// Calls `body` with the place of a strip's start in its image's first channel, a channel, and the strip's places.
    @inline(__always)
    private static func forEachStrip(
        _ shape: ChannelShape, images: Range<Int>, _ body: (_ start: Int, _ channel: Int, _ count: Int) -> Void
    ) {
        for image in images {
            var first = 0
            while first < shape.area {
                let count = min(strip, shape.area - first)
                for channel in 0..<shape.channels { body(image * shape.channels * shape.area + first, channel, count) }
                first += count
            }
        }
    }

    /// Calls `body` as ``VectorLoop`` does, with the base of each place; that of a single place comes first of eight.
    @inline(__always)
    private static func forEachBase(
        _ shape: ChannelShape, _ response: LocalResponse, input: UnsafePointer<Float>, channel: Int, count: Int,
        _ body: (_ index: Int, _ width: Int, _ base: SIMD8<Float>) -> Void
    ) {
        let low = max(0, channel - response.before), high = min(shape.channels - 1, channel + response.after)
        let window = input + low * shape.area, area = shape.area, channels = high - low + 1
        let bias = response.bias, factor = response.factor
        VectorLoop.run(count) { index, width in
            var sum = SIMD8<Float>.zero
            var source = window + index
            for _ in 0..<channels {
                let value = width == VectorLoop.width ? VectorLoop.load(source) : SIMD8(repeating: source.pointee)
                sum += value * value
                source += area
            }
            body(index, width, bias + factor * sum)
        }
    }
}
