// SPDX-License-Identifier: Apache-2.0

extension Image where Pixel == UInt8 {
    /// The grey level that best divides dark from light: dark is up to and with it, light above.
    ///
    /// N. Otsu, "A threshold selection method from gray-level histograms", 1979: the level with the greatest
    /// variance between the two classes, the lowest one of several. 0 for an image without pixels.
    public func otsuThreshold() -> UInt8 {
        var histogram = Array(repeating: 0, count: 256)
        for pixel in pixels { histogram[Int(pixel)] += 1 }
        let total = Double(pixels.count)
        let sum = histogram.enumerated().reduce(0.0) { $0 + Double($1.offset) * Double($1.element) }
        var best = (level: 0, variance: -1.0)
        var darkCount = 0.0, darkSum = 0.0
        for level in 0..<256 {
            darkCount += Double(histogram[level])
            darkSum += Double(level) * Double(histogram[level])
            let lightCount = total - darkCount
            guard darkCount > 0, lightCount > 0 else { continue }
            let difference = darkSum / darkCount - (sum - darkSum) / lightCount
            let variance = darkCount * lightCount * difference * difference
            if variance > best.variance { best = (level, variance) }
        }
        // One level only: it is both the darkest and the lightest.
        if best.variance < 0 { return pixels.first ?? 0 }
        return UInt8(best.level)
    }
}
