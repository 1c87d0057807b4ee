// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// The gradient of local response normalisation across channels (Krizhevsky, Sutskever and Hinton, 2012; ONNX's LRN).
///
/// With s = bias + alpha / size · Σ x² and y = x · s^(−beta): dx = dy · s^(−beta) − 2 · alpha · beta / size · x · Σ dy
/// · y / s, where the sum is over the channels whose s counts x.
package enum LocalResponseNormalizationGradient {
    private static let strip = LocalResponseNormalizationKernel.strip

    /// The floats of working space that a run needs.
    package static func scratchCount(_ shape: ChannelShape, response: LocalResponse) -> Int {
        (ring(shape, response) + 2) * strip
    }

    /// The channels whose terms are kept: those of one sum.
    private static func ring(_ shape: ChannelShape, _ response: LocalResponse) -> Int {
        min(response.size, shape.channels)
    }

    /// Writes the gradient of the input, which is none of the others.
    package static func run(
        _ shape: ChannelShape, images: Range<Int>, response: LocalResponse, input: UnsafePointer<Float>,
        outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let area = shape.area, channels = shape.channels, ring = ring(shape, response)
        let bases = scratch + ring * strip, powers = bases + strip, factor = 2 * response.factor * response.beta
        for image in images {
            var first = 0
            while first < area {
                let count = min(strip, area - first), start = image * channels * area + first
                // A channel's gradient waits for the last term of its sum.
                var channel = 0
                for last in 0..<channels {
                    let position = start + last * area
                    LocalResponseNormalizationKernel.terms(
                        shape, response: response, input: input + start, channel: last, count: count, bases: bases,
                        powers: powers)
                    addTerms(
                        count: count, bases: bases, powers: powers, input: input + position,
                        outputGradient: outputGradient + position,
                        inputGradient: inputGradient + position, terms: scratch + last % ring * strip)
                    while channel < channels, min(channels - 1, channel + response.before) == last {
                        // The sum of channel c counts the squares of c − before ... c + after, so x counts in c − after
                        // ... c + before.
                        let position = start + channel * area
                        subtractSums(
                            count: count, terms: max(0, channel - response.after)...last, ring: ring, factor: factor,
                            scratch: scratch, input: input + position, inputGradient: inputGradient + position)
                        channel += 1
                    }
                }
                first += count
            }
        }
    }

    /// Puts dy · s^(−beta) into the gradient and dy · y / s into the ring.
    private static func addTerms(
        count: Int, bases: UnsafePointer<Float>, powers: UnsafePointer<Float>, input: UnsafePointer<Float>,
        outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>,
        terms: UnsafeMutablePointer<Float>
    ) {
        VectorLoop.run(count) { position, width in
            if width == VectorLoop.width {
                let direct = VectorLoop.load(outputGradient + position) * VectorLoop.load(powers + position)
                VectorLoop.store(direct, inputGradient + position)
                VectorLoop.store(
                    direct * VectorLoop.load(input + position) / VectorLoop.load(bases + position), terms + position)
            } else {
                let direct = outputGradient[position] * powers[position]
                inputGradient[position] = direct
                terms[position] = direct * input[position] / bases[position]
            }
        }
    }

    private static func subtractSums(
        count: Int, terms: ClosedRange<Int>, ring: Int, factor: Float, scratch: UnsafePointer<Float>,
        input: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
    ) {
        let oldest = terms.lowerBound % ring
        VectorLoop.run(count) { position, width in
            var row = oldest
            if width == VectorLoop.width {
                var sum = SIMD8<Float>.zero
                for _ in 0..<terms.count {
                    sum += VectorLoop.load(scratch + row * strip + position)
                    row = row + 1 == ring ? 0 : row + 1
                }
                let direct = VectorLoop.load(UnsafePointer(inputGradient) + position)
                VectorLoop.store(direct - factor * VectorLoop.load(input + position) * sum, inputGradient + position)
            } else {
                var sum: Float = 0
                for _ in 0..<terms.count {
                    sum += scratch[row * strip + position]
                    row = row + 1 == ring ? 0 : row + 1
                }
                inputGradient[position] -= factor * input[position] * sum
            }
        }
    }
}
