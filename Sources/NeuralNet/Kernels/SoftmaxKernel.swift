// SPDX-License-Identifier: Apache-2.0

import Foundation

/// exp(x) over its sum along an axis. The output may be the input.
package enum SoftmaxKernel {
    package static func run(_ shape: AxisShape, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>) {
        guard shape.count > 0 else { return }
        if shape.inner == 1 {
            for outer in 0..<shape.outer {
                row(shape.count, input + outer * shape.count, output + outer * shape.count, isMasked: false)
            }
            return
        }
        for outer in 0..<shape.outer {
            for inner in 0..<shape.inner {
                let start = outer * shape.count * shape.inner + inner
                var greatest = -Float.infinity
                for index in 0..<shape.count { greatest = max(greatest, input[start + index * shape.inner]) }
                var sum: Float = 0
                for index in 0..<shape.count {
                    let value = exp(input[start + index * shape.inner] - greatest)
                    output[start + index * shape.inner] = value
                    sum += value
                }
                for index in 0..<shape.count { output[start + index * shape.inner] /= sum }
            }
        }
    }

    /// Values that lie one after the other.
    ///
    /// - Parameter isMasked: whether all may be −∞, and the answer is 0 then.
    @inline(__always)
    static func row(
        _ count: Int, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, isMasked: Bool
    ) {
        var greatest = -Float.infinity
        for index in 0..<count { greatest = max(greatest, input[index]) }
        let base = isMasked && greatest == -.infinity ? 0 : greatest
        var sums = SIMD8<Float>.zero, rest: Float = 0
        VectorLoop.run(count) { position, width in
            if width == VectorLoop.width {
                let value = VectorExponential.exp(VectorLoop.load(input + position) - base)
                VectorLoop.store(value, output + position)
                sums += value
            } else {
                let value = VectorExponential.exp(SIMD8(repeating: input[position] - base))[0]
                output[position] = value
                rest += value
            }
        }
        let sum = sums.sum() + rest, divisor = isMasked && sum == 0 ? 1 : sum
        for index in 0..<count { output[index] /= divisor }
    }
}
