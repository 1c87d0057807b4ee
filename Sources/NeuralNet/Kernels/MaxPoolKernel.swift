// SPDX-License-Identifier: Apache-2.0

/// The greatest value in each window; the margin never counts, nor does what is no number.
package enum MaxPoolKernel {
    package static func run(_ shape: PoolShape, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>) {
        run(shape, planes: 0..<shape.planes, input: input, output: output, positions: nil)
    }

    /// - Parameter positions: where the place of each value in its plane goes: of the first in rows from the top where
    ///   several are greatest; −1 where none counts.
    package static func run(
        _ shape: PoolShape, planes: Range<Int>, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        positions: UnsafeMutablePointer<Int32>?
    ) {
        let columns = columnsInside(shape)
        for plane in planes {
            let source = input + plane * shape.inputHeight * shape.inputWidth
            for row in 0..<shape.outputHeight {
                let start = (plane * shape.outputHeight + row) * shape.outputWidth
                let rows = PoolSpan(
                    position: row, kernel: shape.window.kernelHeight, stride: shape.window.strideHeight,
                    dilation: shape.window.dilationHeight, before: shape.window.padTop, after: shape.window.padBottom,
                    extent: shape.inputHeight)
                let target = output + start, targetPlaces = positions.map { $0 + start }
                for column in 0..<columns.lowerBound {
                    takeOne(shape, rows, column: column, source, target, targetPlaces)
                }
                var column = columns.lowerBound
                while column + VectorLoop.width <= columns.upperBound {
                    takeEight(shape, rows, column: column, source, target, targetPlaces)
                    column += VectorLoop.width
                }
                while column < shape.outputWidth {
                    takeOne(shape, rows, column: column, source, target, targetPlaces)
                    column += 1
                }
            }
        }
    }

    /// The output columns that can be taken eight at a time: their windows lie inside the image and one or two columns
    /// apart.
    private static func columnsInside(_ shape: PoolShape) -> Range<Int> {
        let window = shape.window, stride = window.strideWidth
        let room = shape.inputWidth + window.padLeft - (window.kernelWidth - 1) * window.dilationWidth - 1
        guard stride <= 2, room >= 0 else { return 0..<0 }
        let end = min(shape.outputWidth, room / stride + 1), begin = (window.padLeft + stride - 1) / stride
        return begin < end ? begin..<end : 0..<0
    }

    @inline(__always)
    private static func takeOne(
        _ shape: PoolShape, _ rows: PoolSpan, column: Int, _ source: UnsafePointer<Float>,
        _ target: UnsafeMutablePointer<Float>,
        _ positions: UnsafeMutablePointer<Int32>?
    ) {
        let window = shape.window
        let columns = PoolSpan(
            position: column, kernel: window.kernelWidth, stride: window.strideWidth, dilation: window.dilationWidth,
            before: window.padLeft, after: window.padRight, extent: shape.inputWidth)
        var greatest = -Float.infinity, found = -1
        for row in 0..<rows.count {
            let line = (rows.first + row * window.dilationHeight) * shape.inputWidth + columns.first
            for column in 0..<columns.count {
                let here = line + column * window.dilationWidth
                if source[here] > greatest {
                    greatest = source[here]
                    found = here
                }
            }
        }
        target[column] = greatest
        positions?[column] = Int32(truncatingIfNeeded: found)
    }

    @inline(__always)
    private static func takeEight(
        _ shape: PoolShape, _ rows: PoolSpan, column: Int, _ source: UnsafePointer<Float>,
        _ target: UnsafeMutablePointer<Float>,
        _ positions: UnsafeMutablePointer<Int32>?
    ) {
        let window = shape.window, stride = window.strideWidth
        var greatest = SIMD8<Float>(repeating: -.infinity), found = SIMD8<Int32>(repeating: -1)
        let steps = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7) &* Int32(truncatingIfNeeded: stride)
        for row in 0..<rows.count {
            let line = (rows.first + row * window.dilationHeight) * shape.inputWidth + column * stride - window.padLeft
            for kernelColumn in 0..<window.kernelWidth {
                let here = line + kernelColumn * window.dilationWidth
                let values = stride == 1 ? VectorLoop.load(source + here) : everySecond(source + here)
                let isGreater = values .> greatest
                greatest.replace(with: values, where: isGreater)
                if positions != nil { found.replace(with: steps &+ Int32(truncatingIfNeeded: here), where: isGreater) }
            }
        }
        VectorLoop.store(greatest, target + column)
        if let positions { UnsafeMutableRawPointer(positions + column).storeBytes(of: found, as: SIMD8<Int32>.self) }
    }

    /// The values at 0, 2, ... 14; none beyond is read.
    @inline(__always)
    private static func everySecond(_ source: UnsafePointer<Float>) -> SIMD8<Float> {
        SIMD8(lowHalf: VectorLoop.load(source).evenHalf, highHalf: VectorLoop.load(source + 7).oddHalf)
    }
}
