// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// The gradient of a row over its Euclidean norm (``LpNormalizationKernel`` with p = 2 along the last axis).
package enum LpNormalizationGradient {
    /// Writes the gradient of the input, which may lie over the output's gradient: (dy − y · (y · dy)) / norm. A row of
    /// zeros, which has no direction to improve on, gets a gradient of zeros.
    package static func run(
        rows: Range<Int>, columns: Int, input: UnsafePointer<Float>, output: UnsafePointer<Float>,
        outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
    ) {
        for row in rows {
            let start = row * columns
            let result = output + start, above = outputGradient + start, below = inputGradient + start
            // The norm as the forward pass rounds it: where that is zero, so is the output.
            var squares: Float = 0
            var product = 0.0
            for column in 0..<columns {
                squares += input[start + column] * input[start + column]
                product += Double(result[column]) * Double(above[column])
            }
            guard squares > 0 else {
                below.update(repeating: 0, count: columns)
                continue
            }
            let inverse = 1 / squares.squareRoot(), along = Float(product)
            for column in 0..<columns { below[column] = (above[column] - result[column] * along) * inverse }
        }
    }
}
