// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Where a signature lies on its canvas.
struct InkPlacement {
    private let width: Int
    private let height: Int
    /// Canvas pixels per picture pixel.
    let scale: Double
    /// The place in the picture that is the canvas's centre: the ink's centre of mass.
    private let centerX: Double
    private let centerY: Double

    /// - Parameters:
    ///   - box: holds all the ink.
    ///   - margin: the share of each side that stays free at either edge.
    init(of mask: InkMask, box: PixelBox, width: Int, height: Int, margin: Double) {
        self.width = width
        self.height = height
        var count = 0, sumX = 0, sumY = 0
        for y in box.top...box.bottom {
            for x in box.left...box.right where mask.isInk[y * mask.width + x] {
                count += 1
                sumX += x
                sumY += y
            }
        }
        centerX = Double(sumX) / Double(max(1, count)) + 0.5
        centerY = Double(sumY) / Double(max(1, count)) + 0.5
        let reachX = max(centerX - Double(box.left), Double(box.right + 1) - centerX)
        let reachY = max(centerY - Double(box.top), Double(box.bottom + 1) - centerY)
        scale = (0.5 - margin) * min(Double(width) / reachX, Double(height) / reachY)
    }

    /// The canvas, with 0 where there is no picture.
    func canvas(from levels: GrayImage) -> GrayImage {
        let columns = Taps(count: width, center: centerX, scale: scale, length: levels.width)
        let rows = Taps(count: height, center: centerY, scale: scale, length: levels.height)
        // The rows that are needed, each already as wide as the canvas.
        let needed = rows.needed
        var narrow = Array(repeating: Float(0), count: needed.count * width)
        for row in needed {
            for x in 0..<width {
                var sum: Float = 0
                for tap in columns.taps(of: x) {
                    sum += Float(levels.pixels[row * levels.width + tap.index]) * tap.weight
                }
                narrow[(row - needed.lowerBound) * width + x] = sum
            }
        }
        var canvas = GrayImage(width: width, height: height, repeating: 0)
        var sums = Array(repeating: Float(0), count: width)
        for y in 0..<height {
            for x in 0..<width { sums[x] = 0 }
            for tap in rows.taps(of: y) {
                let start = (tap.index - needed.lowerBound) * width
                for x in 0..<width { sums[x] += narrow[start + x] * tap.weight }
            }
            for x in 0..<width { canvas.pixels[y * width + x] = UInt8(min(max(sums[x] + 0.5, 0), 255)) }
        }
        return canvas
    }

    /// The weights by which the picture's pixels along one direction make up each of the canvas's. Each canvas pixel
    /// is the mean over what it covers, and over the width of one picture pixel where it covers less, which is
    /// interpolation between the two nearest.
    private struct Taps {
        private var starts = [0]
        private var all: [(index: Int, weight: Float)] = []

        init(count: Int, center: Double, scale: Double, length: Int) {
            let extent = max(1 / scale, 1)
            for index in 0..<count {
                let middle = center + (Double(index) + 0.5 - Double(count) / 2) / scale
                let from = min(max(middle - extent / 2, 0), Double(length))
                let to = min(max(middle + extent / 2, 0), Double(length))
                for pixel in Int(from)..<max(Int(from), Int(to.rounded(.up))) {
                    let covered = min(to, Double(pixel + 1)) - max(from, Double(pixel))
                    if covered > 0 { all.append((pixel, Float(covered / extent))) }
                }
                starts.append(all.count)
            }
        }

        func taps(of index: Int) -> ArraySlice<(index: Int, weight: Float)> { all[starts[index]..<starts[index + 1]] }

        /// The picture's pixels that any weight is for.
        var needed: Range<Int> {
            guard let first = all.first, let last = all.last else { return 0..<0 }
            return first.index..<last.index + 1
        }
    }
}
