// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// The greatest value in each window, and where it was.
package enum MaxPoolGradient {
    /// Writes the values and the place of each in its plane: the first in rows from the top where several are greatest;
    /// −1 where none counts.
    package static func forward(
        _ shape: PoolShape, planes: Range<Int>, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        positions: UnsafeMutablePointer<Int32>
    ) {
        MaxPoolKernel.run(shape, planes: planes, input: input, output: output, positions: positions)
    }

    /// Writes the gradient of the input.
    package static func run(
        _ shape: PoolShape, planes: Range<Int>, outputGradient: UnsafePointer<Float>, positions: UnsafePointer<Int32>,
        inputGradient: UnsafeMutablePointer<Float>
    ) {
        let inputArea = shape.inputHeight * shape.inputWidth, outputArea = shape.outputHeight * shape.outputWidth
        for plane in planes {
            let below = inputGradient + plane * inputArea
            below.update(repeating: 0, count: inputArea)
            for position in plane * outputArea..<(plane + 1) * outputArea where positions[position] >= 0 {
                below[Int(positions[position])] += outputGradient[position]
            }
        }
    }
}

/// The gradient of the mean of each window.
package enum AveragePoolGradient {
    /// Writes the gradient of the input.
    ///
    /// - Parameter countIncludePad: whether the margin counts, as zeros.
    package static func run(
        _ shape: PoolShape, planes: Range<Int>, countIncludePad: Bool, outputGradient: UnsafePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>
    ) {
        let window = shape.window, inputArea = shape.inputHeight * shape.inputWidth
        for plane in planes {
            let above = outputGradient + plane * shape.outputHeight * shape.outputWidth,
                below = inputGradient + plane * inputArea
            below.update(repeating: 0, count: inputArea)
            shape.forEachPlace { position, rows, columns in
                let count =
                    countIncludePad ? rows.countWithMargin * columns.countWithMargin : rows.count * columns.count
                guard count > 0 else { return }
                let share = above[position] / Float(count)
                for row in 0..<rows.count {
                    let line = below + (rows.first + row * window.dilationHeight) * shape.inputWidth + columns.first
                    for column in 0..<columns.count { line[column * window.dilationWidth] += share }
                }
            }
        }
    }
}

/// The gradient of the mean of each plane.
package enum GlobalAveragePoolGradient {
    /// Writes the gradient of the input.
    package static func run(
        planes: Range<Int>, area: Int, outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
    ) {
        for plane in planes {
            (inputGradient + plane * area).update(repeating: outputGradient[plane] / Float(area), count: area)
        }
    }
}
