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
