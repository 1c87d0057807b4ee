// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Which pixels of a picture are ink.
struct InkMask {
    let width: Int
    let height: Int
    /// `width * height` values, row by row.
    var isInk: [Bool]

    init(width: Int, height: Int, isInk: [Bool]) {
        self.width = width
        self.height = height
        self.isInk = isInk
    }

    init(of darkness: GrayImage, above level: UInt8) {
        self.init(width: darkness.width, height: darkness.height, isInk: darkness.pixels.map { $0 > level })
    }

    /// How many pixels are ink.
    var count: Int { isInk.reduce(0) { $0 + ($1 ? 1 : 0) } }

    /// 255 for ink, 0 for paper.
    var image: GrayImage { GrayImage(width: width, height: height, pixels: isInk.map { $0 ? 255 : 0 }) }

    /// Ink and the eight neighbours of each of its pixels.
    func grown() -> InkMask {
        var wide = isInk, grown = isInk
        for y in 0..<height {
            for position in y * width..<(y + 1) * width where isInk[position] {
                if position > y * width { wide[position - 1] = true }
                if position + 1 < (y + 1) * width { wide[position + 1] = true }
            }
        }
        for position in wide.indices where wide[position] {
            grown[position] = true
            if position >= width { grown[position - width] = true }
            if position + width < grown.count { grown[position + width] = true }
        }
        return InkMask(width: width, height: height, isInk: grown)
    }

    /// Ink and whatever lies within a square of so many pixels on each side of it.
    func grown(by reach: Int) -> InkMask {
        var wide = Array(repeating: false, count: isInk.count), grown = wide
        for y in 0..<height {
            // How far the ink lies back; first from the left, then from the right.
            var distance = reach
            for position in y * width..<(y + 1) * width {
                distance = isInk[position] ? 0 : distance + 1
                if distance <= reach { wide[position] = true }
            }
            distance = reach
            for position in (y * width..<(y + 1) * width).reversed() {
                distance = isInk[position] ? 0 : distance + 1
                if distance <= reach { wide[position] = true }
            }
        }
        // The same by columns, row by row as they lie in memory.
        for isUpwards in [false, true] {
            var distances = Array(repeating: reach, count: width)
            for step in 0..<height {
                let start = (isUpwards ? height - 1 - step : step) * width
                for x in 0..<width {
                    distances[x] = wide[start + x] ? 0 : distances[x] + 1
                    if distances[x] <= reach { grown[start + x] = true }
                }
            }
        }
        return InkMask(width: width, height: height, isInk: grown)
    }
}
