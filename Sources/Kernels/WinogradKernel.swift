// SPDX-License-Identifier: Apache-2.0

/// Tiles of an image on their way into Winograd's products or out of them, for 16 channels that lie side by side.
@frozen
public struct WinogradTiles {
    /// Of the image: the input's on the way in, the output's on the way out.
    public var height: Int
    public var width: Int
    /// Of the input's image.
    public var marginTop: Int
    public var marginLeft: Int
    /// How many tiles lie side by side.
    public var columns: Int
    /// The tiles that are done, numbered row after row.
    public var first: Int
    public var count: Int
    /// From one product of a tile to the next, in floats. A tile's follow those of the tile before by 16.
    public var productStride: Int

    @inlinable @inline(__always)

    public init(
        height: Int, width: Int, marginTop: Int, marginLeft: Int, columns: Int, first: Int, count: Int,
        productStride: Int
    ) {
        self.height = height
        self.width = width
        self.marginTop = marginTop
        self.marginLeft = marginLeft
        self.columns = columns
        self.first = first
        self.count = count
        self.productStride = productStride
    }
}

public enum WinogradKernel {
    /// The floats of working space of both transforms.
    public static var scratchCount: Int { 2 * 36 * 16 }

    /// - Parameters:
    ///   - image: [height, width, 16].
    ///   - products: where those of the first tile begin.
    @inlinable @inline(__always)
    public static func transformInput<Method: WinogradMethod>(
        _: Method.Type, _ tiles: WinogradTiles, image: UnsafePointer<Float>,
        products: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let size = Method.size, lines = scratch + 36 &* 16
        for number in 0..<tiles.count {
            let tile = tiles.first &+ number
            let top = tile / tiles.columns &* Method.outputs &- tiles.marginTop
            let left = tile % tiles.columns &* Method.outputs &- tiles.marginLeft
            var source = image, lineStride = tiles.width &* 16
            if top >= 0, left >= 0, top &+ size <= tiles.height, left &+ size <= tiles.width {
                source = image + (top &* tiles.width &+ left) &* 16
            } else {
                copy(tiles, size, top, left, image, into: lines)
                source = UnsafePointer(lines)
                lineStride = size &* 16
            }
            for column in 0..<size {
                Method.transformInput(source + column &* 16, lineStride, into: scratch + column &* 16, size &* 16)
            }
            let target = products + number &* 16
            for row in 0..<size {
                Method.transformInput(
                    UnsafePointer(scratch + row &* size &* 16), 16, into: target + row &* size &* tiles.productStride,
                    tiles.productStride)
            }
        }
    }

    /// A tile with zeros where it lies outside the image.
    @inlinable @inline(__always)
    static func copy(
        _ tiles: WinogradTiles, _ size: Int, _ top: Int, _ left: Int, _ image: UnsafePointer<Float>,
        into target: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<size {
            let y = top &+ row
            for column in 0..<size {
                let x = left &+ column
                let isInside = y >= 0 && y < tiles.height && x >= 0 && x < tiles.width
                VectorMemory.store(
                    isInside ? VectorMemory.load(image + (y &* tiles.width &+ x) &* 16) : .zero,
                    target + (row &* size &+ column) &* 16)
            }
        }
    }

    /// - Parameters:
    ///   - products: where those of the first tile begin.
    ///   - image: [height, width, 16].
    @inlinable @inline(__always)
    public static func transformOutput<Method: WinogradMethod>(
        _: Method.Type, _ tiles: WinogradTiles, products: UnsafePointer<Float>,
        image: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue, scratch: UnsafeMutablePointer<Float>
    ) {
        let size = Method.size, outputs = Method.outputs, lines = scratch + 36 &* 16
        for number in 0..<tiles.count {
            let tile = tiles.first &+ number
            let top = tile / tiles.columns &* outputs, left = tile % tiles.columns &* outputs
            let source = products + number &* 16
            for column in 0..<size {
                Method.transformOutput(
                    source + column &* tiles.productStride, size &* tiles.productStride, into: scratch + column &* 16,
                    size &* 16)
            }
            for row in 0..<min(outputs, tiles.height &- top) {
                Method.transformOutput(UnsafePointer(scratch + row &* size &* 16), 16, into: lines, 16)
                for column in 0..<min(outputs, tiles.width &- left) {
                    epilogue.store(
                        InlineArray<1, SIMD16<Float>>(repeating: VectorMemory.load(lines + column &* 16)), channel: 0,
                        to: image, at: ((top &+ row) &* tiles.width &+ left &+ column) &* 16, step: 16)
                }
            }
        }
    }
}
