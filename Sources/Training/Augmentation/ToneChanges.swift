// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging

extension Image where Pixel == UInt8 {
    /// level′ = gain · level^gamma, levels in 0…1.
    func toned(gain: Float, gamma: Float) -> GrayImage {
        let table = (0..<256).map { Self.level(255 * gain * pow(Float($0) / 255, gamma)) }
        return GrayImage(width: width, height: height, pixels: pixels.map { table[Int($0)] })
    }

    /// Full ink above a level, none below it, and between them over a range of `softness` around it; levels in 0…1.
    func inTwoLevels(at level: Float, softness: Float) -> GrayImage {
        let table = (0..<256).map { Self.level(255 * (Float($0) / 255 - level) / Swift.max(softness, 1e-3) + 127.5) }
        return GrayImage(width: width, height: height, pixels: pixels.map { table[Int($0)] })
    }

    /// A Gaussian blur over pixels that are black outside the image.
    func blurred(sigma: Float) -> GrayImage {
        guard sigma > 0.05 else { return self }
        let radius = Int((3 * sigma).rounded(.up))
        var weights = (-radius...radius).map { exp(-Float($0 * $0) / (2 * sigma * sigma)) }
        let sum = weights.reduce(0, +)
        weights = weights.map { $0 / sum }
        let across = Self.filtered(pixels.map(Float.init), width: width, height: height, step: 1, weights)
        let both = Self.filtered(across, width: width, height: height, step: width, weights)
        return GrayImage(width: width, height: height, pixels: both.map(Self.level))
    }

    /// The sum of weighted neighbours along the rows (step 1) or the columns (step `width`).
    private static func filtered(_ values: [Float], width: Int, height: Int, step: Int, _ weights: [Float]) -> [Float] {
        var result = Array(repeating: Float(0), count: values.count)
        let radius = weights.count / 2
        for (number, weight) in weights.enumerated() {
            let shift = number - radius
            if step == 1 {
                let columns = Swift.max(0, -shift)..<Swift.max(Swift.max(0, -shift), Swift.min(width, width - shift))
                for y in 0..<height {
                    for x in columns { result[y * width + x] += weight * values[y * width + x + shift] }
                }
            } else {
                let rows = Swift.max(0, -shift)..<Swift.max(Swift.max(0, -shift), Swift.min(height, height - shift))
                for position in rows.lowerBound * width..<rows.upperBound * width {
                    result[position] += weight * values[position + shift * width]
                }
            }
        }
        return result
    }

    /// The image with levels of paper where there is no ink; see ``Augmentation/Paper``.
    func onPaper(shade: Float, texture: Float, _ random: inout RandomSource) -> GrayImage {
        // A field of slow change over about two cells, of deviation 1: its level is bounded by hand.
        let slow = SmoothField(
            width: width, height: height, spacing: Float(Swift.max(width, height)) / 2, deviation: 1, &random)
        let fine = SmoothField(width: width, height: height, spacing: 1.5, deviation: 1, &random)
        var slowRow = Array(repeating: Float(0), count: width), fineRow = slowRow
        var result = pixels
        for y in 0..<height {
            slow.row(y, into: &slowRow)
            fine.row(y, into: &fineRow)
            for x in 0..<width {
                let position = y * width + x
                let paper =
                    255
                    * (shade * Swift.min(Swift.max(0.5 + 0.5 * slowRow[x], 0), 1) + texture * Swift.max(fineRow[x], 0))
                let ink = Float(result[position])
                result[position] = Self.level(ink + (255 - ink) * (1 / 255) * paper)
            }
        }
        return GrayImage(width: width, height: height, pixels: result)
    }

    /// Independent noise of each pixel.
    func noisy(deviation: Float, _ random: inout RandomSource) -> GrayImage {
        GrayImage(
            width: width, height: height,
            pixels: pixels.map { Self.level(Float($0) + 255 * deviation * random.roughlyNormal()) })
    }

    /// A black rectangle of about the given share of the area, somewhere.
    func erased(share: Float, _ random: inout RandomSource) -> GrayImage {
        // The ratio of the sides as Zhong et al. draw it: 0.3…1/0.3, evenly on a logarithmic scale.
        let ratio = exp(random.uniform(in: -1.204...1.204)), area = share * Float(width * height)
        func side(_ length: Float, _ limit: Int) -> Int { Int(Swift.min(length.rounded(), Float(limit))) }
        let erasedWidth = side((area * ratio).squareRoot(), width),
            erasedHeight = side((area / ratio).squareRoot(), height)
        let left = random.index(below: width - erasedWidth + 1), top = random.index(below: height - erasedHeight + 1)
        var result = self
        for y in top..<top + erasedHeight {
            for x in left..<left + erasedWidth { result[x, y] = 0 }
        }
        return result
    }

    /// The nearest level, those outside 0…255 at the nearer end.
    @inline(__always)
    private static func level(_ value: Float) -> UInt8 { UInt8(Swift.min(Swift.max(value + 0.5, 0), 255)) }
}
