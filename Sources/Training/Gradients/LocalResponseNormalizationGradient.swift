import NeuralNet

/// The gradient of local response normalisation across channels (Krizhevsky, Sutskever and Hinton, 2012; ONNX's LRN).
///
/// With s = bias + alpha / size · Σ x² and y = x · s^(−beta):
/// dx = dy · s^(−beta) − 2 · alpha · beta / size · x · Σ dy · y / s, where the sum is over the channels whose s counts x.
package enum LocalResponseNormalizationGradient {
    private static var strip: Int { LocalResponseNormalizationKernel.strip }

    /// The floats of working space that a run needs.
    package static func scratchCount(_ shape: ChannelShape, response: LocalResponse) -> Int {
        ring(shape, response) * strip
    }

    /// The channels whose terms are kept: those of one sum.
    private static func ring(_ shape: ChannelShape, _ response: LocalResponse) -> Int { min(response.size, shape.channels) }

    /// Writes the gradient of the input, which is none of the others.
    package static func run(
        _ shape: ChannelShape, images: Range<Int>, response: LocalResponse, input: UnsafePointer<Float>,
        outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        for image in images {
            let start = image * shape.channels * shape.area
            var first = 0
            while first < shape.area {
                let count = min(strip, shape.area - first)
                // A channel's gradient waits for the last term of its sum.
                var channel = 0
                for last in 0..<shape.channels {
                    addTerm(
                        shape, response, channel: last, first: start + first, count: count, input: input,
                        outputGradient: outputGradient, inputGradient: inputGradient, scratch: scratch)
                    while channel < shape.channels, min(shape.channels - 1, channel + response.before) == last {
                        subtractSum(
                            shape, response, channel: channel, last: last, first: start + first, count: count, input: input,
                            inputGradient: inputGradient, scratch: scratch)
                        channel += 1
                    }
                }
                first += count
            }
        }
    }

    /// Puts dy · s^(−beta) into the gradient and dy · y / s into the ring.
    @inline(__always)
    private static func addTerm(
        _ shape: ChannelShape, _ response: LocalResponse, channel: Int, first: Int, count: Int, input: UnsafePointer<Float>,
        outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let area = shape.area, offset = channel * area + first
        let low = max(0, channel - response.before), high = min(shape.channels - 1, channel + response.after)
        let window = input + low * area + first, channels = high - low + 1
        let values = input + offset, above = outputGradient + offset, below = inputGradient + offset
        let terms = scratch + channel % ring(shape, response) * strip
        VectorLoop.run(count) { place, width in
            if width == VectorLoop.width {
                let bases = LocalResponseNormalizationKernel.bases(window + place, channels: channels, area: area, response)
                let direct = VectorLoop.load(above + place) * response.inversePower(bases)
                VectorLoop.store(direct, below + place)
                VectorLoop.store(direct * VectorLoop.load(values + place) / bases, terms + place)
            } else {
                let base = LocalResponseNormalizationKernel.base(window + place, channels: channels, area: area, response)
                let direct = above[place] * response.inversePower(base)
                below[place] = direct
                terms[place] = direct * values[place] / base
            }
        }
    }

    @inline(__always)
    private static func subtractSum(
        _ shape: ChannelShape, _ response: LocalResponse, channel: Int, last: Int, first: Int, count: Int,
        input: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let offset = channel * shape.area + first, ring = ring(shape, response)
        let values = input + offset, below = inputGradient + offset
        // The sum of channel c counts the squares of c − before ... c + after, so x counts in c − after ... c + before.
        let terms = max(0, channel - response.after)...last
        let factor = 2 * response.factor * response.beta
        VectorLoop.run(count) { place, width in
            if width == VectorLoop.width {
                var sum = SIMD8<Float>.zero
                for term in terms { sum += VectorLoop.load(UnsafePointer(scratch) + term % ring * strip + place) }
                let direct = VectorLoop.load(UnsafePointer(below) + place)
                VectorLoop.store(direct - factor * VectorLoop.load(values + place) * sum, below + place)
            } else {
                var sum: Float = 0
                for term in terms { sum += scratch[term % ring * strip + place] }
                below[place] -= factor * values[place] * sum
            }
        }
    }
}
