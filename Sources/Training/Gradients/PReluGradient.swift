// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// x where x ≥ 0, else slope · x, with slopes that are learnt: one per channel, or one for all (He et al., *Delving
/// Deep into Rectifiers*, 2015).
package enum PReluGradient {
    package enum Slopes: Sendable, Hashable {
        case shared
        case perChannel
    }

    /// The output may be the input.
    package static func forward(
        _ shape: ChannelShape, planes: Range<Int>, slopes kind: Slopes, _ slopes: UnsafePointer<Float>,
        input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        for plane in planes {
            let slope = slopes[kind == .shared ? 0 : plane % shape.channels]
            let values = input + plane * shape.area, result = output + plane * shape.area
            VectorLoop.run(shape.area) { position, width in
                if width == VectorLoop.width {
                    let value = VectorLoop.load(values + position)
                    VectorLoop.store(value.replacing(with: value * slope, where: value .< 0), result + position)
                } else {
                    result[position] = values[position] < 0 ? values[position] * slope : values[position]
                }
            }
        }
    }

    /// Writes the gradient of the input, which may lie over the output's gradient.
    package static func input(
        _ shape: ChannelShape, planes: Range<Int>, slopes kind: Slopes, _ slopes: UnsafePointer<Float>,
        input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
    ) {
        for plane in planes {
            let slope = slopes[kind == .shared ? 0 : plane % shape.channels], start = plane * shape.area
            let values = input + start, above = outputGradient + start, below = inputGradient + start
            VectorLoop.run(shape.area) { position, width in
                if width == VectorLoop.width {
                    let gradient = VectorLoop.load(above + position)
                    VectorLoop.store(
                        gradient.replacing(with: gradient * slope, where: VectorLoop.load(values + position) .<= 0),
                        below + position)
                } else {
                    below[position] = values[position] <= 0 ? above[position] * slope : above[position]
                }
            }
        }
    }

    /// Adds to one gradient per channel. Where one slope is shared, its gradient is the sum of them.
    package static func slopes(
        _ shape: ChannelShape, channels: Range<Int>, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
        slopeGradient: UnsafeMutablePointer<Float>
    ) {
        for channel in channels {
            let sum = ChannelSum.overPlanes(shape, channel: channel) { position, width, sums in
                if width == VectorLoop.width {
                    let value = VectorLoop.load(input + position)
                    sums.eight +=
                        VectorLoop.load(outputGradient + position) * value.replacing(with: 0, where: value .> 0)
                } else if input[position] <= 0 {
                    sums.one += outputGradient[position] * input[position]
                }
            }
            slopeGradient[channel] += Float(sum)
        }
    }
}
