// SPDX-License-Identifier: Apache-2.0

import Imaging

extension Image where Pixel == UInt8 {
    /// Bright strokes wider by so many pixels, or narrower when below 0.
    ///
    /// A whole step, of two pixels, takes each pixel's greatest (or least) neighbour above, below, left or right; a
    /// part of a step blends the image with that.
    func strokesWidened(by change: Float) -> GrayImage {
        guard change != 0, change.isFinite else { return self }
        var image = self, rest = min(abs(change) / 2, Float(max(width, height)))
        while rest > 0 {
            image = image.stepped(isWider: change > 0, share: min(rest, 1))
            rest -= 1
        }
        return image
    }

    private func stepped(isWider: Bool, share: Float) -> GrayImage {
        // Two loops rather than a choice in one, so that each becomes vector instructions.
        let extremes = isWider ? neighborhood { Swift.max($0, $1) } : neighborhood { Swift.min($0, $1) }
        guard share < 1 else { return GrayImage(width: width, height: height, pixels: extremes) }
        var blended = pixels
        let weight = Int32((share * 256).rounded())
        for index in blended.indices {
            let old = Int32(blended[index])
            blended[index] = UInt8(
                truncatingIfNeeded: (old << 8 &+ (Int32(extremes[index]) &- old) &* weight &+ 128) >> 8)
        }
        return GrayImage(width: width, height: height, pixels: blended)
    }

    @inline(__always)
    private func neighborhood(_ pick: (UInt8, UInt8) -> UInt8) -> [UInt8] {
        var result = pixels
        for y in 0..<height {
            let row = y * width
            for x in 1..<Swift.max(width, 1) {
                result[row + x] = pick(result[row + x], pixels[row + x - 1])
                result[row + x - 1] = pick(result[row + x - 1], pixels[row + x])
            }
        }
        for y in 1..<Swift.max(height, 1) {
            for x in 0..<width {
                let position = y * width + x
                result[position] = pick(result[position], pixels[position - width])
                result[position - width] = pick(result[position - width], pixels[position])
            }
        }
        return result
    }
}
