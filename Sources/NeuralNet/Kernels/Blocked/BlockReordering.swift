// SPDX-License-Identifier: Apache-2.0

/// Images from planes, [batch, channels, height, width], into blocks of channels and back.
package enum BlockReordering {
    /// Further channels of the last block become zeros.
    package static func toBlocks(
        _ shape: BlockedShape, planes: UnsafePointer<Float>, blocks: UnsafeMutablePointer<Float>
    ) {
        let lanes = BlockedShape.lanes, area = shape.area
        for image in 0..<shape.batch {
            for block in 0..<shape.blocks {
                let source = planes + (image * shape.channels + block * lanes) * area
                let target = blocks + (image * shape.blocks + block) * area * lanes
                let count = min(lanes, shape.channels - block * lanes)
                if count < lanes { target.update(repeating: 0, count: area * lanes) }
                transpose(from: source, rows: count, columns: area, sourceStride: area, to: target, targetStride: lanes)
            }
        }
    }

    /// One image into blocks with zeros around each, [blocks, top + height + bottom, left + width + right, 16].
    package static func toPaddedBlocks(
        channels: Int, height: Int, width: Int, _ margins: BlockMargins, planes: UnsafePointer<Float>,
        blocks: UnsafeMutablePointer<Float>
    ) {
        let lanes = BlockedShape.lanes, area = height * width
        if margins == BlockMargins() {
            return toBlocks(
                BlockedShape(batch: 1, channels: channels, height: height, width: width), planes: planes, blocks: blocks
            )
        }
        let lineCount = (margins.left + width + margins.right) * lanes
        let count = (margins.top + height + margins.bottom) * lineCount
        for block in 0..<BlockedShape.blocks(channels) {
            let source = planes + block * lanes * area, target = blocks + block * count
            let rows = min(lanes, channels - block * lanes)
            target.update(repeating: 0, count: count)
            for row in 0..<height {
                transpose(
                    from: source + row * width, rows: rows, columns: width, sourceStride: area,
                    to: target + (margins.top + row) * lineCount + margins.left * lanes, targetStride: lanes)
            }
        }
    }

    package static func toPlanes(
        _ shape: BlockedShape, blocks: UnsafePointer<Float>, planes: UnsafeMutablePointer<Float>
    ) {
        let lanes = BlockedShape.lanes, area = shape.area
        for image in 0..<shape.batch {
            for block in 0..<shape.blocks {
                let source = blocks + (image * shape.blocks + block) * area * lanes
                let target = planes + (image * shape.channels + block * lanes) * area
                let count = min(lanes, shape.channels - block * lanes)
                transpose(from: source, rows: area, columns: count, sourceStride: lanes, to: target, targetStride: area)
            }
        }
    }

    /// target[column][row] = source[row][column], four by four numbers at a time.
    private static func transpose(
        from source: UnsafePointer<Float>, rows: Int, columns: Int, sourceStride: Int,
        to target: UnsafeMutablePointer<Float>, targetStride: Int
    ) {
        var row = 0
        while row + 4 <= rows {
            var column = 0
            while column + 4 <= columns {
                let first = source + row * sourceStride + column
                let a = load(first), b = load(first + sourceStride)
                let c = load(first + 2 * sourceStride), d = load(first + 3 * sourceStride)
                let ab = SIMD8(lowHalf: a, highHalf: b), cd = SIMD8(lowHalf: c, highHalf: d)
                let place = target + column * targetStride + row
                store(SIMD4(ab[0], ab[4], cd[0], cd[4]), place)
                store(SIMD4(ab[1], ab[5], cd[1], cd[5]), place + targetStride)
                store(SIMD4(ab[2], ab[6], cd[2], cd[6]), place + 2 * targetStride)
                store(SIMD4(ab[3], ab[7], cd[3], cd[7]), place + 3 * targetStride)
                column += 4
            }
            while column < columns {
                for offset in 0..<4 {
                    target[column * targetStride + row + offset] = source[(row + offset) * sourceStride + column]
                }
                column += 1
            }
            row += 4
        }
        while row < rows {
            for column in 0..<columns { target[column * targetStride + row] = source[row * sourceStride + column] }
            row += 1
        }
    }

    @inline(__always)
    private static func load(_ pointer: UnsafePointer<Float>) -> SIMD4<Float> {
        UnsafeRawPointer(pointer).loadUnaligned(as: SIMD4<Float>.self)
    }

    @inline(__always)
    private static func store(_ value: SIMD4<Float>, _ pointer: UnsafeMutablePointer<Float>) {
        UnsafeMutableRawPointer(pointer).storeBytes(of: value, as: SIMD4<Float>.self)
    }
}

/// Zeros around an image.
package struct BlockMargins: Sendable, Hashable {
    package var top = 0
    package var left = 0
    package var bottom = 0
    package var right = 0

    package init(top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0) {
        self.top = top
        self.left = left
        self.bottom = bottom
        self.right = right
    }
}
