// SPDX-License-Identifier: Apache-2.0

/// x over its norm along an axis; a vector of zeros stays one. The output may be the input.
package enum LpNormalizationKernel {
    /// - Parameter p: 1 (sum of magnitudes) or 2 (Euclidean).
    package static func run(
        _ shape: AxisShape, p: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        for outer in 0..<shape.outer {
            for inner in 0..<shape.inner {
                let start = outer * shape.count * shape.inner + inner
                var sum: Float = 0
                for index in 0..<shape.count {
                    let value = input[start + index * shape.inner]
                    sum += p == 1 ? abs(value) : value * value
                }
                let norm = p == 1 ? sum : sum.squareRoot()
                for index in 0..<shape.count {
                    let position = start + index * shape.inner
                    output[position] = norm == 0 ? 0 : input[position] / norm
                }
            }
        }
    }
}
