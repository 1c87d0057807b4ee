// SPDX-License-Identifier: Apache-2.0

/// The mean of each window.
package enum AveragePoolKernel {
    /// - Parameter countIncludePad: whether the margin counts, as zeros.
    package static func run(
        _ shape: PoolShape, countIncludePad: Bool, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        let window = shape.window
        for plane in 0..<shape.planes {
            let source = input + plane * shape.inputHeight * shape.inputWidth
            let target = output + plane * shape.outputHeight * shape.outputWidth
            shape.forEachPlace { position, rows, columns in
                var sum: Float = 0
                for row in 0..<rows.count {
                    let line = source + (rows.first + row * window.dilationHeight) * shape.inputWidth + columns.first
                    for column in 0..<columns.count { sum += line[column * window.dilationWidth] }
                }
                let count =
                    countIncludePad ? rows.countWithMargin * columns.countWithMargin : rows.count * columns.count
                target[position] = count > 0 ? sum / Float(count) : 0
            }
        }
    }
}

/// Each plane as one value.
package enum GlobalPoolKernel {
    package static func average(
        planes: Int, area: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        for plane in 0..<planes {
            let source = input + plane * area
            var sums = SIMD8<Float>.zero
            var rest: Float = 0
            VectorLoop.run(area) { position, width in
                if width == VectorLoop.width {
                    sums += VectorLoop.load(source + position)
                } else {
                    rest += source[position]
                }
            }
            output[plane] = (sums.sum() + rest) / Float(area)
        }
    }

    package static func max(planes: Int, area: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>) {
        for plane in 0..<planes {
            var greatest = -Float.infinity
            for position in 0..<area { greatest = Swift.max(greatest, input[plane * area + position]) }
            output[plane] = greatest
        }
    }
}
