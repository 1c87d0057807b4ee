// SPDX-License-Identifier: Apache-2.0

import Imaging

extension InkRenderer {
    /// The ink on paper as a scanner sees it.
    ///
    /// - Parameters:
    ///   - grain: How unevenly the ink covers the paper, 0…1.
    ///   - showsPaper: Whether the paper has a shade, changes over the image and is noisy; otherwise it is white.
    func onPaper(grain: Float, showsPaper: Bool, _ random: inout RandomSource) -> GrayImage {
        let grains = SmoothField(width: width, height: height, spacing: 1.7, deviation: 1, &random)
        let paper = showsPaper ? random.uniform(in: 205...250) : 255
        let unevenness: Float = showsPaper ? random.uniform(in: 0...12) : 0
        let noise: Float = showsPaper ? random.uniform(in: 0.5...4) : 0
        let shade = SmoothField(
            width: width, height: height, spacing: Float(max(width, height)) / 2, deviation: unevenness, &random)
        var grainRow = Array(repeating: Float(0), count: width), shadeRow = grainRow
        var pixels: [UInt8] = []
        pixels.reserveCapacity(width * height)
        for y in 0..<height {
            grains.row(y, into: &grainRow)
            if showsPaper { shade.row(y, into: &shadeRow) }
            for x in 0..<width {
                let covered = ink[y * width + x] * (1 - grain * min(max(0.35 * grainRow[x] + 0.3, 0), 1))
                let background = showsPaper ? paper + shadeRow[x] + noise * random.roughlyNormal() : 255
                pixels.append(UInt8(min(max(background * (1 - covered) + 0.5, 0), 255)))
            }
        }
        return GrayImage(width: width, height: height, pixels: pixels)
    }
}
