// SPDX-License-Identifier: Apache-2.0

import COpenBLAS

/// Any convolution, as a matrix product: weights [channels, depth] times the windows [depth, places].
///
/// The windows are laid out for a strip of output rows at a time, so that the strip stays in the cache and the
/// working space stays small whatever the size of the image.
enum Im2colConvolution {
    /// The floats of a strip: about half a megabyte, which a core's second-level cache holds.
    private static let stripTarget = 128 * 1024

    private static func rowsPerStrip(_ shape: ConvolutionShape) -> Int {
        min(shape.outputHeight, max(1, stripTarget / (shape.depth * shape.outputWidth)))
    }

    static func scratchCount(_ shape: ConvolutionShape) -> Int {
        shape.depth * shape.outputWidth * rowsPerStrip(shape)
    }

    static func run(
        _ shape: ConvolutionShape, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, epilogue: Epilogue
    ) {
        let rows = shape.outputChannelsPerGroup, inner = shape.inputChannelsPerGroup, area = shape.outputArea
        let strip = rowsPerStrip(shape)
        for image in 0..<shape.batch {
            for group in 0..<shape.groups {
                let source = input + (image * shape.inputChannels + group * inner) * shape.inputArea
                let target = output + (image * shape.outputChannels + group * rows) * area
                var first = 0
                while first < shape.outputHeight {
                    let last = min(first + strip, shape.outputHeight)
                    let positions = (last - first) * shape.outputWidth
                    layOut(shape, rows: first..<last, from: source, into: scratch)
                    cblas_sgemm(
                        CblasRowMajor, CblasNoTrans, CblasNoTrans, blasint(rows), blasint(positions),
                        blasint(shape.depth),
                        1,
                        weights + group * rows * shape.depth, blasint(shape.depth),
                        scratch, blasint(positions), 0, target + first * shape.outputWidth, blasint(area))
                    for row in 0..<rows {
                        let channel = group * rows + row
                        epilogue.apply(
                            channel: channel,
                            offset: (image * shape.outputChannels + channel) * area + first * shape.outputWidth,
                            count: positions, output: output)
                    }
                    first = last
                }
            }
        }
    }

    /// Writes a row of the matrix for each input channel and place in the window.
    private static func layOut(
        _ shape: ConvolutionShape, rows: Range<Int>, from input: UnsafePointer<Float>,
        into matrix: UnsafeMutablePointer<Float>
    ) {
        let window = shape.window, width = shape.outputWidth
        var target = matrix
        for channel in 0..<shape.inputChannelsPerGroup {
            let plane = input + channel * shape.inputArea
            for kernelRow in 0..<window.kernelHeight {
                for kernelColumn in 0..<window.kernelWidth {
                    let left = kernelColumn * window.dilationWidth - window.padLeft
                    // The output columns whose window place lies inside the image: from `begin` up to `end`.
                    let begin = min(width, left >= 0 ? 0 : (-left + window.strideWidth - 1) / window.strideWidth)
                    let room = shape.inputWidth - 1 - left
                    let end = room < 0 ? begin : max(begin, min(width, room / window.strideWidth + 1))
                    for row in rows {
                        let sourceRow = row * window.strideHeight + kernelRow * window.dilationHeight - window.padTop
                        if sourceRow < 0 || sourceRow >= shape.inputHeight {
                            target.update(repeating: 0, count: width)
                        } else {
                            if begin > 0 { target.update(repeating: 0, count: begin) }
                            if end > begin {
                                copy(
                                    plane + sourceRow * shape.inputWidth + begin * window.strideWidth + left,
                                    stride: window.strideWidth, count: end - begin, into: target + begin)
                            }
                            if end < width { (target + end).update(repeating: 0, count: width - end) }
                        }
                        target += width
                    }
                }
            }
        }
    }

    @inline(__always)
    private static func copy(
        _ source: UnsafePointer<Float>, stride: Int, count: Int, into target: UnsafeMutablePointer<Float>
    ) {
        switch stride {
        case 1: target.update(from: source, count: count)
        case 2: for index in 0..<count { target[index] = source[2 * index] }
        default: for index in 0..<count { target[index] = source[stride * index] }
        }
    }
}
