// SPDX-License-Identifier: Apache-2.0

import Foundation

// Kernels that work along one axis of a tensor.

/// The place of the greatest or least value along an axis, as a float.
package enum ExtremePlaceKernel {
    /// - Parameter takesLast: of several equal values the last, not the first.
    package static func run(
        _ shape: AxisShape, isMaximum: Bool, takesLast: Bool, input: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        for outer in 0..<shape.outer {
            for inner in 0..<shape.inner {
                let source = input + outer * shape.count * shape.inner + inner
                var best = 0
                for index in 0..<shape.count {
                    let value = source[index * shape.inner], found = source[best * shape.inner]
                    let isBetter = isMaximum ? value > found : value < found
                    if isBetter || (takesLast && value == found) { best = index }
                }
                output[outer * shape.inner + inner] = Float(best)
            }
        }
    }
}

/// log(softmax(x)) along an axis. The output may be the input.
package enum LogSoftmaxKernel {
    package static func run(_ shape: AxisShape, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>) {
        for outer in 0..<shape.outer {
            for inner in 0..<shape.inner {
                let start = outer * shape.count * shape.inner + inner
                var greatest = -Float.infinity, sum: Float = 0
                for index in 0..<shape.count { greatest = max(greatest, input[start + index * shape.inner]) }
                for index in 0..<shape.count { sum += exp(input[start + index * shape.inner] - greatest) }
                let subtrahend = log(sum)
                for index in 0..<shape.count {
                    let position = start + index * shape.inner
                    output[position] = (input[position] - greatest) - subtrahend
                }
            }
        }
    }
}

/// exp(x) over its sum along the rows of a matrix, and 0 where all is −∞, that is, masked. The output may be the input.
package enum MaskedSoftmaxKernel {
    package static func run(
        rows: Int, count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows {
            SoftmaxKernel.row(count, input + row * count, output + row * count, isMasked: true)
        }
    }
}

/// 1 at the first greatest value along an axis, else 0. The output must not be the input.
package enum HardmaxKernel {
    package static func run(_ shape: AxisShape, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>) {
        for outer in 0..<shape.outer {
            for inner in 0..<shape.inner {
                let start = outer * shape.count * shape.inner + inner
                var best = 0
                for index in 0..<shape.count {
                    output[start + index * shape.inner] = 0
                    if input[start + index * shape.inner] > input[start + best * shape.inner] { best = index }
                }
                if shape.count > 0 { output[start + best * shape.inner] = 1 }
            }
        }
    }
}

/// Sums or products of the values up to each place along an axis.
package struct Accumulation: Sendable, Hashable {
    package let isProduct: Bool
    /// Without the value at the place itself.
    package let isExclusive: Bool
    /// From the end.
    package let isReversed: Bool

    package init(isProduct: Bool, isExclusive: Bool, isReversed: Bool) {
        self.isProduct = isProduct
        self.isExclusive = isExclusive
        self.isReversed = isReversed
    }

    package func run(_ shape: AxisShape, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>) {
        if isProduct {
            run(shape, from: 1, input, output) { $0 * $1 }
        } else {
            run(shape, from: 0, input, output) { $0 + $1 }
        }
    }

    /// Of whole numbers, which wrap around.
    package func run(_ shape: AxisShape, input: UnsafePointer<Int64>, output: UnsafeMutablePointer<Int64>) {
        if isProduct {
            run(shape, from: 1, input, output) { $0 &* $1 }
        } else {
            run(shape, from: 0, input, output) { $0 &+ $1 }
        }
    }

    @inline(__always)
    private func run<Number>(
        _ shape: AxisShape, from first: Number, _ input: UnsafePointer<Number>, _ output: UnsafeMutablePointer<Number>,
        _ join: (Number, Number) -> Number
    ) {
        for outer in 0..<shape.outer {
            for inner in 0..<shape.inner {
                let start = outer * shape.count * shape.inner + inner
                var result = first
                for step in 0..<shape.count {
                    let position = start + (isReversed ? shape.count - 1 - step : step) * shape.inner
                    let joined = join(result, input[position])
                    output[position] = isExclusive ? result : joined
                    result = joined
                }
            }
        }
    }
}

/// The greatest or least values along an axis in their order; of equal ones the first comes first.
package enum TopKernel {
    /// - Parameters:
    ///   - k: how many, at most the axis has.
    ///   - wantsPlaces: whether their places are answered, as floats, in place of the values.
    ///   - scratch: as many floats as the axis has.
    package static func run(
        _ shape: AxisShape, k: Int, isLargest: Bool, wantsPlaces: Bool, input: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        scratch.withMemoryRebound(to: Int32.self, capacity: shape.count) { order in
            for outer in 0..<shape.outer {
                for inner in 0..<shape.inner {
                    let source = input + outer * shape.count * shape.inner + inner
                    for index in 0..<shape.count { order[index] = Int32(truncatingIfNeeded: index) }
                    let column = Column(values: source, stride: shape.inner, isLargest: isLargest)
                    sort(order, shape.count, column)
                    for index in 0..<k {
                        let chosen = Int(order[index])
                        output[(outer * k + index) * shape.inner + inner] =
                            wantsPlaces ? Float(chosen) : source[chosen * shape.inner]
                    }
                }
            }
        }
    }

    /// The values at the places that ``run(_:k:isLargest:wantsPlaces:input:output:scratch:)`` answered.
    package static func pick(
        _ shape: AxisShape, k: Int, input: UnsafePointer<Float>, places: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        for outer in 0..<shape.outer {
            for index in 0..<k {
                let row = (outer * k + index) * shape.inner
                for inner in 0..<shape.inner {
                    let chosen = Int(places[row + inner])
                    output[row + inner] = input[(outer * shape.count + chosen) * shape.inner + inner]
                }
            }
        }
    }

    private struct Column {
        let values: UnsafePointer<Float>
        let stride: Int
        let isLargest: Bool

        /// Whether the first comes before the second.
        @inline(__always)
        func precedes(_ first: Int32, _ second: Int32) -> Bool {
            let a = values[Int(first) * stride], b = values[Int(second) * stride]
            if a == b || a.isNaN || b.isNaN { return a.isNaN == b.isNaN ? first < second : a.isNaN == isLargest }
            return isLargest ? a > b : a < b
        }
    }

    /// A heap sort, which needs no memory.
    private static func sort(_ order: UnsafeMutablePointer<Int32>, _ count: Int, _ column: Column) {
        func sink(_ start: Int, _ end: Int) {
            var root = start
            while 2 * root + 1 < end {
                var child = 2 * root + 1
                if child + 1 < end, column.precedes(order[child], order[child + 1]) { child += 1 }
                guard column.precedes(order[root], order[child]) else { return }
                (order[root], order[child]) = (order[child], order[root])
                root = child
            }
        }
        for start in stride(from: count / 2 - 1, through: 0, by: -1) { sink(start, count) }
        for end in stride(from: count - 1, to: 0, by: -1) {
            (order[0], order[end]) = (order[end], order[0])
            sink(0, end)
        }
    }
}
