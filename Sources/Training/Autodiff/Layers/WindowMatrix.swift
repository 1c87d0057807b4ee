// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// The matrix of a convolution's windows for a tile: a row for each input channel of a group and place in the window,
/// a column for each place of the output.
struct WindowMatrix {
    let shape: ConvolutionShape

    /// Writes the matrix.
    ///
    /// - Parameter input: the first plane of the group in the tile's first image.
    func layOut(_ tile: ConvolutionTile, from input: UnsafePointer<Float>, into matrix: UnsafeMutablePointer<Float>) {
        let width = shape.outputWidth, stride = shape.window.strideWidth
        var target = matrix
        forEachRow { channel, down, left, columns in
            for image in 0..<tile.images {
                let plane = input + (image * shape.inputChannels + channel) * shape.inputArea
                for row in tile.rows {
                    let source = row * shape.window.strideHeight + down
                    if source < 0 || source >= shape.inputHeight || columns.isEmpty {
                        target.update(repeating: 0, count: width)
                    } else {
                        let line = plane + source * shape.inputWidth + columns.lowerBound * stride + left
                        for column in 0..<columns.lowerBound { target[column] = 0 }
                        Self.copy(line, stride: stride, count: columns.count, into: target + columns.lowerBound)
                        for column in columns.upperBound..<width { target[column] = 0 }
                    }
                    target += width
                }
            }
        }
    }

    /// Adds each value of the matrix to the place of the image that it was laid out from.
    func addBack(_ tile: ConvolutionTile, from matrix: UnsafePointer<Float>, to image: UnsafeMutablePointer<Float>) {
        let width = shape.outputWidth, stride = shape.window.strideWidth
        var source = matrix
        forEachRow { channel, down, left, columns in
            for number in 0..<tile.images {
                let plane = image + (number * shape.inputChannels + channel) * shape.inputArea
                for row in tile.rows {
                    let target = row * shape.window.strideHeight + down
                    if target >= 0, target < shape.inputHeight, !columns.isEmpty {
                        let line = plane + target * shape.inputWidth + columns.lowerBound * stride + left
                        Self.add(source + columns.lowerBound, count: columns.count, to: line, stride: stride)
                    }
                    source += width
                }
            }
        }
    }

    /// Calls the body for each row of the matrix: its channel, how far its place in the window lies below and right
    /// of an output's origin, and the output columns for which that is inside the image.
    @inline(__always)
    private func forEachRow(_ body: (_ channel: Int, _ down: Int, _ left: Int, _ columns: Range<Int>) -> Void) {
        let window = shape.window, width = shape.outputWidth
        for channel in 0..<shape.inputChannelsPerGroup {
            for kernelRow in 0..<window.kernelHeight {
                let down = kernelRow * window.dilationHeight - window.padTop
                for kernelColumn in 0..<window.kernelWidth {
                    let left = kernelColumn * window.dilationWidth - window.padLeft
                    let begin = min(width, left >= 0 ? 0 : (-left + window.strideWidth - 1) / window.strideWidth)
                    let room = shape.inputWidth - 1 - left
                    let end = room < 0 ? begin : max(begin, min(width, room / window.strideWidth + 1))
                    body(channel, down, left, begin..<end)
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

    @inline(__always)
    private static func add(
        _ source: UnsafePointer<Float>, count: Int, to target: UnsafeMutablePointer<Float>, stride: Int
    ) {
        switch stride {
        case 1: for index in 0..<count { target[index] += source[index] }
        case 2: for index in 0..<count { target[2 * index] += source[index] }
        default: for index in 0..<count { target[stride * index] += source[index] }
        }
    }
}
