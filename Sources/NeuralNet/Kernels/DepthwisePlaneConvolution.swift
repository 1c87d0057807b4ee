// SPDX-License-Identifier: Apache-2.0

/// Convolution of each channel with one window of its own, by sums of whole planes.
///
/// A strip of the input is copied with its margin, so that one place of the window, for all outputs at once, is a
/// run of memory: with the margin's columns between them, rows of 7 values fill vectors as well as rows of 700. For
/// a stride of 2 the even and odd rows and columns are copied apart, which makes runs of them again.
enum DepthwisePlaneConvolution {
    /// Outputs that are summed at a time.
    private static let block = 4 * VectorLoop.width
    /// The floats of a strip of outputs, which with its input fits a core's first-level cache.
    private static let stripTarget = 2048
    private static let greatestReach = 16

    static func supports(_ shape: ConvolutionShape) -> Bool {
        let window = shape.window
        return shape.inputChannelsPerGroup == 1 && shape.outputChannelsPerGroup == 1 && shape.groups > 1
            && window.strideHeight <= 2 && window.strideWidth <= 2
            && (window.kernelHeight - 1) * window.dilationHeight <= greatestReach
            && (window.kernelWidth - 1) * window.dilationWidth <= greatestReach
    }

    /// How a strip lies in the working space.
    private struct Layout {
        let rows: Int
        let width: Int
        let copiedRows: Int
        /// Even and odd rows or columns apart, where there are two.
        let rowPhases: Int
        let columnPhases: Int

        var phaseCount: Int { copiedRows * width }
        /// What is read beyond a strip's end falls in a block and a reach more, and no output depends on it.
        var inputCount: Int { rowPhases * columnPhases * phaseCount + block + greatestReach }
        var outputCount: Int { rows * width + block }

        init(_ shape: ConvolutionShape) {
            let window = shape.window
            let below = (window.kernelHeight - 1) * window.dilationHeight,
                beside = (window.kernelWidth - 1) * window.dilationWidth
            width = shape.outputWidth + beside / window.strideWidth
            rows = min(shape.outputHeight, max(1, stripTarget / width))
            copiedRows = rows + below / window.strideHeight
            rowPhases = min(window.strideHeight, below + 1)
            columnPhases = min(window.strideWidth, beside + 1)
        }
    }

    static func scratchCount(_ shape: ConvolutionShape) -> Int {
        let layout = Layout(shape)
        return layout.inputCount + layout.outputCount
    }

    static func run(
        _ shape: ConvolutionShape, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, epilogue: Epilogue
    ) {
        let layout = Layout(shape), sums = scratch + layout.inputCount
        let kernelArea = shape.window.kernelHeight * shape.window.kernelWidth
        for plane in 0..<shape.batch * shape.outputChannels {
            let channel = plane % shape.outputChannels
            var first = 0
            while first < shape.outputHeight {
                let rows = min(layout.rows, shape.outputHeight - first)
                copy(shape, layout, firstRow: first, rows: rows, from: input + plane * shape.inputArea, into: scratch)
                sum(
                    shape, layout, count: rows * layout.width, input: scratch, weights: weights + channel * kernelArea,
                    into: sums)
                let start = plane * shape.outputArea + first * shape.outputWidth
                for row in 0..<rows {
                    (output + start + row * shape.outputWidth).update(
                        from: sums + row * layout.width, count: shape.outputWidth)
                }
                epilogue.apply(channel: channel, offset: start, count: rows * shape.outputWidth, output: output)
                first += rows
            }
        }
    }

    private static func copy(
        _ shape: ConvolutionShape, _ layout: Layout, firstRow: Int, rows: Int, from plane: UnsafePointer<Float>,
        into target: UnsafeMutablePointer<Float>
    ) {
        let window = shape.window, stride = window.strideWidth, width = layout.width
        let copiedRows = rows + layout.copiedRows - layout.rows
        for rowPhase in 0..<layout.rowPhases {
            for columnPhase in 0..<layout.columnPhases {
                let left = columnPhase - window.padLeft
                // The copied columns that lie inside the image: from `begin` up to `end`.
                let begin = min(width, left >= 0 ? 0 : (-left + stride - 1) / stride)
                let room = shape.inputWidth - 1 - left
                let end = room < 0 ? begin : max(begin, min(width, room / stride + 1))
                var position = target + (rowPhase * layout.columnPhases + columnPhase) * layout.phaseCount
                for row in 0..<copiedRows {
                    let sourceRow = (firstRow + row) * window.strideHeight + rowPhase - window.padTop
                    if sourceRow < 0 || sourceRow >= shape.inputHeight || begin == end {
                        position.update(repeating: 0, count: width)
                    } else {
                        if begin > 0 { position.update(repeating: 0, count: begin) }
                        let source = plane + sourceRow * shape.inputWidth + begin * stride + left
                        if stride == 1 {
                            (position + begin).update(from: source, count: end - begin)
                        } else {
                            for index in 0..<end - begin { position[begin + index] = source[2 * index] }
                        }
                        if end < width { (position + end).update(repeating: 0, count: width - end) }
                    }
                    position += width
                }
            }
        }
    }

    private static func sum(
        _ shape: ConvolutionShape, _ layout: Layout, count: Int, input: UnsafePointer<Float>,
        weights: UnsafePointer<Float>,
        into sums: UnsafeMutablePointer<Float>
    ) {
        let window = shape.window, width = VectorLoop.width
        // Strides are 1 or 2: their remainders and quotients are bits.
        let rowBit = window.strideHeight - 1, columnBit = window.strideWidth - 1
        var position = 0
        while position < count {
            var first = SIMD8<Float>.zero, second = first, third = first, fourth = first
            var weight = weights
            for kernelRow in 0..<window.kernelHeight {
                let down = kernelRow * window.dilationHeight
                let line =
                    input + position + (down & rowBit) * layout.columnPhases * layout.phaseCount + (down >> rowBit)
                    * layout.width
                for kernelColumn in 0..<window.kernelWidth {
                    let along = kernelColumn * window.dilationWidth
                    let source = line + (along & columnBit) * layout.phaseCount + (along >> columnBit)
                    let factor = weight.pointee
                    first += VectorLoop.load(source) * factor
                    second += VectorLoop.load(source + width) * factor
                    third += VectorLoop.load(source + 2 * width) * factor
                    fourth += VectorLoop.load(source + 3 * width) * factor
                    weight += 1
                }
            }
            VectorLoop.store(first, sums + position)
            VectorLoop.store(second, sums + position + width)
            VectorLoop.store(third, sums + position + 2 * width)
            VectorLoop.store(fourth, sums + position + 3 * width)
            position += block
        }
    }
}
