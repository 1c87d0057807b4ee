// SPDX-License-Identifier: Apache-2.0

/// Images from planes, [batch, channels, height, width], into blocks of channels and back.
package enum BlockReordering {
    /// Further channels of the last block become zeros.
    package static func toBlocks(
        _ shape: BlockedShape, planes: UnsafePointer<Float>, blocks: UnsafeMutablePointer<Float>,
        part: WorkPart = .whole
    ) {
        let lanes = BlockedShape.lanes, area = shape.area
        for number in part.range(of: shape.batch * shape.blocks) {
            let image = number / shape.blocks, block = number % shape.blocks
            let source = planes + (image * shape.channels + block * lanes) * area
            let target = blocks + number * area * lanes
            let count = min(lanes, shape.channels - block * lanes)
            if count < lanes { target.update(repeating: 0, count: area * lanes) }
            fill(target, from: source, channels: count, pixels: area, planeStride: area)
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
                fill(
                    target + (margins.top + row) * lineCount + margins.left * lanes, from: source + row * width,
                    channels: rows, pixels: width, planeStride: area)
            }
        }
    }

    package static func toPlanes(
        _ shape: BlockedShape, blocks: UnsafePointer<Float>, planes: UnsafeMutablePointer<Float>,
        part: WorkPart = .whole
    ) {
        let lanes = BlockedShape.lanes, area = shape.area
        for number in part.range(of: shape.batch * shape.blocks) {
            let image = number / shape.blocks, block = number % shape.blocks
            let source = blocks + number * area * lanes
            let target = planes + (image * shape.channels + block * lanes) * area
            let count = min(lanes, shape.channels - block * lanes)
            empty(source, into: target, channels: count, pixels: area, planeStride: area)
        }
    }

    /// The pixels that are done at once. Planes may lie a multiple of 4 KiB apart, so that their lines share one set of
    /// the cache, which holds eight: few planes are gone through for many pixels, and not many planes for few.
    private static let chunk = 64

    /// blocks[pixel][channel] = planes[channel][pixel].
    private static func fill(
        _ blocks: UnsafeMutablePointer<Float>, from planes: UnsafePointer<Float>, channels: Int, pixels: Int,
        planeStride: Int
    ) {
        for first in stride(from: 0, to: pixels, by: chunk) {
            let end = min(first + chunk, pixels)
            for channel in stride(from: 0, to: channels, by: 4) {
                let source = planes + channel * planeStride, target = blocks + channel
                if channel + 4 <= channels {
                    var pixel = first
                    while pixel + 4 <= end {
                        transpose(
                            source + pixel, planeStride, target + pixel * BlockedShape.lanes, BlockedShape.lanes)
                        pixel += 4
                    }
                    while pixel < end {
                        for lane in 0..<4 {
                            target[pixel * BlockedShape.lanes + lane] = source[lane * planeStride + pixel]
                        }
                        pixel += 1
                    }
                } else {
                    for lane in 0..<channels - channel {
                        for pixel in first..<end {
                            target[pixel * BlockedShape.lanes + lane] = source[lane * planeStride + pixel]
                        }
                    }
                }
            }
        }
    }

    /// The counterpart of ``fill(_:from:channels:pixels:planeStride:)``.
    private static func empty(
        _ blocks: UnsafePointer<Float>, into planes: UnsafeMutablePointer<Float>, channels: Int, pixels: Int,
        planeStride: Int
    ) {
        for first in stride(from: 0, to: pixels, by: chunk) {
            let end = min(first + chunk, pixels)
            for channel in stride(from: 0, to: channels, by: 4) {
                let source = blocks + channel, target = planes + channel * planeStride
                let lanes = min(4, channels - channel)
                var pixel = first
                if lanes == 4 {
                    while pixel + 4 <= end {
                        transpose(
                            source + pixel * BlockedShape.lanes, BlockedShape.lanes, target + pixel, planeStride)
                        pixel += 4
                    }
                }
                while pixel < end {
                    for lane in 0..<lanes {
                        target[lane * planeStride + pixel] = source[pixel * BlockedShape.lanes + lane]
                    }
                    pixel += 1
                }
            }
        }
    }

    /// Four by four numbers.
    @inline(__always)
    private static func transpose(
        _ source: UnsafePointer<Float>, _ sourceStride: Int, _ target: UnsafeMutablePointer<Float>, _ targetStride: Int
    ) {
        let a = load(source), b = load(source + sourceStride)
        let c = load(source + 2 * sourceStride), d = load(source + 3 * sourceStride)
        let ab = SIMD8(lowHalf: a, highHalf: b), cd = SIMD8(lowHalf: c, highHalf: d)
        store(SIMD4(ab[0], ab[4], cd[0], cd[4]), target)
        store(SIMD4(ab[1], ab[5], cd[1], cd[5]), target + targetStride)
        store(SIMD4(ab[2], ab[6], cd[2], cd[6]), target + 2 * targetStride)
        store(SIMD4(ab[3], ab[7], cd[3], cd[7]), target + 3 * targetStride)
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
