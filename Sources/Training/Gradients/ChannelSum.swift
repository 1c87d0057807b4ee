// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// Sums over all images and places of a channel.
package enum ChannelSum {
    /// What a stretch of a channel adds up to so far.
    struct Partial {
        var eight = SIMD8<Float>.zero
        var one: Float = 0

        var total: Double { Double(eight.sum() + one) }
    }

    /// Values summed in single precision before they join a sum in double precision: few enough to lose no digits that
    /// a gradient needs.
    static var stretch: Int { 4096 }

    /// Adds a sum per channel: the gradient of a bias after a convolution.
    package static func add(
        _ shape: ChannelShape, channels: Range<Int>, values: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>
    ) {
        for channel in channels {
            let sum = overPlanes(shape, channel: channel) { position, width, sums in
                if width == VectorLoop.width {
                    sums.eight += VectorLoop.load(values + position)
                } else {
                    sums.one += values[position]
                }
            }
            sums[channel] += Float(sum)
        }
    }

    /// Adds a sum per column of [rows, columns]: the gradient of a bias after a matrix product.
    package static func addColumns(
        rows: Int, columns: Int, range: Range<Int>, values: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows {
            ElementSum.add(range, of: values + row * columns, to: sums)
        }
    }

    /// Calls `body` with each place of the channel, from the tensor's start, and 8 or 1, as ``VectorLoop`` does.
    @inline(__always)
    static func overPlanes(
        _ shape: ChannelShape, channel: Int, _ body: (_ position: Int, _ width: Int, _ sums: inout Partial) -> Void
    ) -> Double {
        var total = 0.0
        for image in 0..<shape.batch {
            let start = (image * shape.channels + channel) * shape.area
            var first = 0
            while first < shape.area {
                let count = min(stretch, shape.area - first)
                var sums = Partial()
                VectorLoop.run(count) { position, width in body(start + first + position, width, &sums) }
                total += sums.total
                first += count
            }
        }
        return total
    }
}

/// Sums of tensors of one shape.
package enum ElementSum {
    /// Adds the elements of one to another.
    package static func add(
        _ elements: Range<Int>, of values: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Float>
    ) {
        let values = values + elements.lowerBound, sums = sums + elements.lowerBound
        VectorLoop.run(elements.count) { position, width in
            if width == VectorLoop.width {
                VectorLoop.store(
                    VectorLoop.load(UnsafePointer(sums) + position) + VectorLoop.load(values + position),
                    sums + position)
            } else {
                sums[position] += values[position]
            }
        }
    }

    /// Writes the sum of two; it may lie over either.
    package static func run(
        _ elements: Range<Int>, _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        let left = left + elements.lowerBound, right = right + elements.lowerBound,
            output = output + elements.lowerBound
        VectorLoop.run(elements.count) { position, width in
            if width == VectorLoop.width {
                VectorLoop.store(
                    VectorLoop.load(left + position) + VectorLoop.load(right + position), output + position)
            } else {
                output[position] = left[position] + right[position]
            }
        }
    }
}
