// SPDX-License-Identifier: Apache-2.0

/// A convolution of each channel with one window of its own, for 16 channels that lie side by side.
@frozen
public struct DepthwiseBlock {
    /// [height, width, 16].
    public var input: UnsafePointer<Float>
    /// [kernel rows, kernel columns, 16].
    public var weights: UnsafePointer<Float>
    /// [output height, output width, 16].
    public var output: UnsafeMutablePointer<Float>
    public var height: BlockAxis
    public var width: BlockAxis
    public var epilogue: BlockEpilogue

    @inlinable @inline(__always)

    public init(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        height: BlockAxis, width: BlockAxis, epilogue: BlockEpilogue
    ) {
        self.input = input
        self.weights = weights
        self.output = output
        self.height = height
        self.width = width
        self.epilogue = epilogue
    }
}

public enum DepthwiseKernel {
    /// Calls the bodies for the outputs of all rows: those whose windows of 3×3 lie inside the image `most` at a time,
    /// the others one by one.
    @inlinable @inline(__always)
    public static func forEachTile(
        _ block: DepthwiseBlock, most: Int,
        whole: (_ input: UnsafePointer<Float>, _ offset: Int, _ pixels: Int) -> Void,
        single: (_ row: Int, _ column: Int) -> Void
    ) {
        let hasTiles =
            block.height.kernel == 3 && block.width.kernel == 3 && block.width.dilation == 1
            && (block.width.stride == 1 || block.width.stride == 2)
        let rows = block.height.inner, columns = block.width.inner
        for row in 0..<block.height.output {
            let isInside = hasTiles && row >= rows.first && row < rows.end
            let line = block.height.origin(row) &* block.width.input
            var column = 0
            while column < block.width.output {
                if isInside, column >= columns.first, column < columns.end {
                    let pixels = column &+ most <= columns.end ? most : 1
                    whole(
                        block.input + (line &+ block.width.origin(column)) &* 16,
                        (row &* block.width.output &+ column) &* 16, pixels)
                    column &+= pixels
                } else {
                    single(row, column)
                    column &+= 1
                }
            }
        }
    }

    /// Outputs beside each other whose windows of 3×3 lie inside the image. A number of the input is loaded once for
    /// all outputs that it is part of.
    @inlinable @inline(__always)
    public static func three<Arithmetic: MultiplyAdd, let pixels: Int, let stride: Int>(
        _: Arithmetic.Type, _ zeros: InlineArray<pixels, SIMD16<Float>>, _: InlineArray<stride, Bool>,
        _ block: DepthwiseBlock, _ input: UnsafePointer<Float>, at offset: Int
    ) {
        let rowStride = block.height.dilation &* block.width.input &* 16
        var sums = zeros
        for row in 0..<3 {
            let source = input + row &* rowStride, weights = block.weights + row &* 48
            let left = VectorMemory.load(weights), middle = VectorMemory.load(weights + 16)
            let right = VectorMemory.load(weights + 32)
            for pixel in 0..<pixels {
                let place = source + pixel &* stride &* 16
                sums[pixel] = Arithmetic.multiplyAdd(VectorMemory.load(place), left, sums[pixel])
                sums[pixel] = Arithmetic.multiplyAdd(VectorMemory.load(place + 16), middle, sums[pixel])
                sums[pixel] = Arithmetic.multiplyAdd(VectorMemory.load(place + 32), right, sums[pixel])
            }
        }
        block.epilogue.store(sums, channel: 0, to: block.output, at: offset, step: 16)
    }

    /// One output, with what of its window lies inside the image.
    @inlinable @inline(__always)
    public static func pixel<Arithmetic: MultiplyAdd>(
        _: Arithmetic.Type, _ block: DepthwiseBlock, _ row: Int, _ column: Int
    ) {
        let width = block.width, height = block.height
        let top = height.origin(row), left = width.origin(column)
        let rows = height.positions(from: top), columns = width.positions(from: left)
        var sums = InlineArray<1, SIMD16<Float>>(repeating: .zero)
        var kernelRow = rows.first
        while kernelRow < rows.end {
            let line = (top &+ kernelRow &* height.dilation) &* width.input &+ left
            var kernelColumn = columns.first
            while kernelColumn < columns.end {
                let weights = VectorMemory.load(
                    block.weights + (kernelRow &* width.kernel &+ kernelColumn) &* 16)
                let input = VectorMemory.load(block.input + (line &+ kernelColumn &* width.dilation) &* 16)
                sums[0] = Arithmetic.multiplyAdd(input, weights, sums[0])
                kernelColumn &+= 1
            }
            kernelRow &+= 1
        }
        block.epilogue.store(sums, channel: 0, to: block.output, at: (row &* width.output &+ column) &* 16, step: 16)
    }
}
