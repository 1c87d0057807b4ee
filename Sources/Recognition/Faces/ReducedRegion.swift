// SPDX-License-Identifier: Apache-2.0

import Imaging

/// The part of an image under a chip, shrunk so that a bilinear sample leaves no pixel out.
struct ReducedRegion {
    let image: RGBImage
    /// From the chip's pixels to the region's.
    let map: AffineTransform

    /// Nil when the image has less than two pixels to a pixel of the chip, or does not lie under it.
    init?(of image: RGBImage, under map: AffineTransform, chipSize: Int) {
        let pixelsPerSample = (map.a * map.a + map.b * map.b).squareRoot()
        guard pixelsPerSample >= 2, pixelsPerSample.isFinite else { return nil }
        let last = Double(chipSize - 1)
        let corners = [(0, 0), (last, 0), (0, last), (last, last)].map { map.applied(to: Point(x: $0.0, y: $0.1)) }
        guard let x = Self.span(corners.map(\.x), margin: pixelsPerSample, below: image.width),
            let y = Self.span(corners.map(\.y), margin: pixelsPerSample, below: image.height)
        else { return nil }
        let region = image.cropped(x: x.lowerBound, y: y.lowerBound, width: x.count, height: y.count)
        let width = max(1, Int((Double(x.count) / pixelsPerSample).rounded()))
        let height = max(1, Int((Double(y.count) / pixelsPerSample).rounded()))
        let factorX = Double(width) / Double(x.count), factorY = Double(height) / Double(y.count)
        self.image = region.resized(width: width, height: height, method: .area)
        self.map = AffineTransform(
            a: map.a * factorX, b: map.b * factorY, c: map.c * factorX, d: map.d * factorY,
            tx: (map.tx - Double(x.lowerBound) + 0.5) * factorX - 0.5,
            ty: (map.ty - Double(y.lowerBound) + 0.5) * factorY - 0.5)
    }

    /// The whole pixels from the smallest to the largest coordinate that are in the image.
    private static func span(_ coordinates: [Double], margin: Double, below limit: Int) -> Range<Int>? {
        guard let smallest = coordinates.min(), let largest = coordinates.max() else { return nil }
        let low = min(max(0, (smallest - margin).rounded(.down)), Double(limit))
        let high = min(max(0, (largest + margin).rounded(.up) + 1), Double(limit))
        guard low.isFinite, high.isFinite, high > low else { return nil }
        return Int(low)..<Int(high)
    }
}

extension Image where Pixel == RGB {
    /// The square of `size` pixels a side whose pixel p is the picture at `map`(p); black outside the picture.
    func chip(under map: AffineTransform, size: Int) -> RGBImage {
        let black = RGB(red: 0, green: 0, blue: 0)
        guard let reduced = ReducedRegion(of: self, under: map, chipSize: size) else {
            return warped(by: map, width: size, height: size, fill: black)
        }
        return reduced.image.warped(by: reduced.map, width: size, height: size, fill: black)
    }
}
