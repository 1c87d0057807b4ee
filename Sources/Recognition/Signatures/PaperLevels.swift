// SPDX-License-Identifier: Apache-2.0

import Imaging

/// How light the paper of a picture is at each place.
///
/// On a copy of a quarter of the size, a grey closing (the largest level within a window, then the smallest of those)
/// takes away whatever is dark and narrower than the window, an eighth of the longer side: ink goes, while shading and
/// the edges of shadows stay as they are (P. Soille, *Morphological Image Analysis*, 2003, on black top-hats).
///
/// Which levels are used: where all but a fiftieth of them at either end lie within 5 % of each other, the paper is
/// even and has one level, their median; otherwise each place has its own, between those of the small copy.
struct PaperLevels {
    /// The share of the picture that is dark, where the picture shows no light paper: a negative, or hardly any light.
    let shareOfNoPaper: Double?
    /// One level for even paper; nil where `levels` are used.
    private let evenLevel: Float?
    /// The levels of the small copy, row by row.
    private let levels: [Float]
    private let width: Int
    private let height: Int

    private static let reduction = 4
    /// Even paper's lightest and darkest parts differ by less.
    private static let evenness: Float = 0.05
    /// What is darker than this share of the lightest paper is no shadow on paper.
    private static let deepestShadow: Float = 0.3
    /// Paper is lighter than this somewhere.
    private static let darkestPaper: Float = 64

    init(of picture: GrayImage) {
        func reduced(_ length: Int) -> Int { max(1, (length + Self.reduction - 1) / Self.reduction) }
        let small = picture.resized(width: reduced(picture.width), height: reduced(picture.height), method: .area)
        width = small.width
        height = small.height
        let radius = max(1, max(width, height) / 16)
        // The paper goes on beyond the picture as it ends there; otherwise a corner that darkens would pass for ink.
        let wide = small.cropped(
            x: -2 * radius, y: -2 * radius, width: width + 4 * radius, height: height + 4 * radius)
        let closed = wide.extremes(radius: radius, .largest).extremes(radius: radius, .smallest)
            .cropped(x: 2 * radius, y: 2 * radius, width: width, height: height)
        let sorted = closed.pixels.sorted()
        func percentile(_ share: Double) -> Float { Float(sorted[Int(share * Double(sorted.count - 1))]) }
        let lightest = percentile(0.98)
        if lightest < Self.darkestPaper {
            shareOfNoPaper = picture.share { Float($0) < Self.darkestPaper }
        } else {
            shareOfNoPaper = Self.negativeShare(picture, small: small, radius: radius)
        }
        evenLevel = percentile(0.02) >= (1 - Self.evenness) * lightest ? percentile(0.5) : nil
        levels = closed.pixels.map { max(Float($0), Self.deepestShadow * lightest) }
    }

    /// The share of the picture's darker class where bright strokes stand on darker ground, otherwise nil.
    ///
    /// Strokes are the smaller part of a picture. So the levels, seen from their surroundings' mean, have a long tail
    /// on the strokes' side, and the sign of the third moment says which side that is. Shading has no tail.
    private static func negativeShare(_ picture: GrayImage, small: GrayImage, radius: Int) -> Double? {
        let threshold = picture.otsuThreshold()
        let darkShare = picture.share { $0 <= threshold }
        guard darkShare > 0.5, darkShare < 1 else { return nil }
        let means = small.boxMeans(radius: radius)
        let moment = zip(small.pixels, means).reduce(0.0) { sum, pair in
            let difference = Double(pair.0) - Double(pair.1)
            return sum + difference * difference * difference
        }
        return moment > 0 ? darkShare : nil
    }

    /// The share of the paper's light that is missing at each pixel, 255 for all of it, and how much the paper itself
    /// varies: its standard deviation in the same unit, from the median of the absolute differences.
    func darkness(of picture: GrayImage) -> (levels: GrayImage, noise: Double) {
        let paper = paperLevels(of: picture)
        // A closing takes the lightest of what is noise; most pixels are paper, and their median puts that right.
        var histogram = Array(repeating: 0, count: 512)
        for (pixel, level) in zip(picture.pixels, paper) {
            histogram[min(Int(Float(pixel) / level * 256), 511)] += 1
        }
        let correction = evenLevel == nil ? (Float(Self.median(of: histogram)) + 0.5) / 256 : 1
        var differences = Array(repeating: 0, count: 256)
        let levels = [UInt8](unsafeUninitializedCapacity: picture.pixels.count) { buffer, count in
            for index in picture.pixels.indices {
                let missing = 255 * (1 - Float(picture.pixels[index]) / (paper[index] * correction))
                differences[min(Int(abs(missing)), 255)] += 1
                buffer.initializeElement(at: index, to: UInt8(max(missing, 0)))
            }
            count = picture.pixels.count
        }
        return (
            GrayImage(width: picture.width, height: picture.height, pixels: levels),
            1.4826 * Double(Self.median(of: differences))
        )
    }

    private static func median(of histogram: [Int]) -> Int {
        let half = histogram.reduce(0, +) / 2
        var sum = 0
        for (level, count) in histogram.enumerated() {
            sum += count
            if sum > half { return level }
        }
        return histogram.count - 1
    }

    /// The paper's level at each pixel, between those of the small copy.
    private func paperLevels(of picture: GrayImage) -> [Float] {
        if let evenLevel { return Array(repeating: evenLevel, count: picture.pixels.count) }
        func positions(_ length: Int, _ small: Int) -> [(near: Int, far: Int, fraction: Float)] {
            (0..<length).map { index in
                let position = (Double(index) + 0.5) * Double(small) / Double(length) - 0.5
                let bounded = min(max(position, 0), Double(small - 1)), near = Int(bounded)
                return (near, min(near + 1, small - 1), Float(bounded - Double(near)))
            }
        }
        let columns = positions(picture.width, width)
        var result: [Float] = []
        result.reserveCapacity(picture.pixels.count)
        var row = Array(repeating: Float(0), count: width)
        for position in positions(picture.height, height) {
            for x in 0..<width {
                let near = levels[position.near * width + x], far = levels[position.far * width + x]
                row[x] = near + (far - near) * position.fraction
            }
            for column in columns {
                result.append(row[column.near] + (row[column.far] - row[column.near]) * column.fraction)
            }
        }
        return result
    }
}

extension Image where Pixel == UInt8 {
    fileprivate func share(where isCounted: (UInt8) -> Bool) -> Double {
        Double(pixels.reduce(0) { $0 + (isCounted($1) ? 1 : 0) }) / Double(pixels.count)
    }

    /// Each pixel as the largest or smallest level of a square window around it, of what of the window lies in the
    /// picture.
    fileprivate func extremes(radius: Int, _ extreme: LevelExtreme) -> GrayImage {
        rowExtremes(radius: radius, extreme).transposed().rowExtremes(radius: radius, extreme).transposed()
    }

    /// The same along rows, by running extremes of blocks as long as the window, whatever its length (M. van Herk, *A
    /// fast algorithm for local minimum and maximum filters on rectangular and octagonal kernels*, 1992).
    private func rowExtremes(radius: Int, _ extreme: LevelExtreme) -> GrayImage {
        let window = 2 * radius + 1, length = width + 2 * radius
        var line = Array(repeating: extreme.neutral, count: length), forwards = line, backwards = line
        var result = self
        for y in 0..<height {
            for x in 0..<width { line[radius + x] = pixels[y * width + x] }
            for position in 0..<length {
                forwards[position] =
                    position % window == 0 ? line[position] : extreme.of(forwards[position - 1], line[position])
            }
            for position in (0..<length).reversed() {
                let isLast = position % window == window - 1 || position == length - 1
                backwards[position] = isLast ? line[position] : extreme.of(backwards[position + 1], line[position])
            }
            for x in 0..<width { result.pixels[y * width + x] = extreme.of(backwards[x], forwards[x + 2 * radius]) }
        }
        return result
    }

    private func transposed() -> GrayImage {
        var result = GrayImage(width: height, height: width, repeating: 0)
        for y in 0..<height {
            for x in 0..<width { result.pixels[x * height + y] = pixels[y * width + x] }
        }
        return result
    }

    /// The mean of a square window around each pixel, of what of the window lies in the picture.
    fileprivate func boxMeans(radius: Int) -> [Float] {
        // Sums over the rectangle from the origin up to, and without, a pixel.
        let stride = width + 1
        var sums = Array(repeating: 0, count: stride * (height + 1))
        for y in 0..<height {
            var row = 0
            for x in 0..<width {
                row += Int(self[x, y])
                sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row
            }
        }
        var means: [Float] = []
        means.reserveCapacity(pixels.count)
        for y in 0..<height {
            let top = max(0, y - radius), bottom = min(height, y + radius + 1)
            for x in 0..<width {
                let left = max(0, x - radius), right = min(width, x + radius + 1)
                let sum =
                    sums[bottom * stride + right] - sums[top * stride + right]
                    - sums[bottom * stride + left] + sums[top * stride + left]
                means.append(Float(sum) / Float((bottom - top) * (right - left)))
            }
        }
        return means
    }
}

private enum LevelExtreme {
    case largest, smallest

    /// What changes no extreme.
    var neutral: UInt8 { self == .largest ? 0 : 255 }

    func of(_ a: UInt8, _ b: UInt8) -> UInt8 { self == .largest ? max(a, b) : min(a, b) }
}
