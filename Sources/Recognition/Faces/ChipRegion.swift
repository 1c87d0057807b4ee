// SPDX-License-Identifier: Apache-2.0

import Imaging

/// The part of a picture under a chip, shrunk where it has two pixels and more to a pixel of the chip, so that a bilinear
/// sample leaves no pixel out.
struct ChipRegion {
    let image: RGBImage
    /// From the chip's pixels to the region's.
    let map: AffineTransform

    /// Nil when the picture does not lie under the chip.
    init?(of picture: any PictureSource, under map: AffineTransform, chipSize: Int) throws(ImagingError) {
        let pixelsPerSample = (map.a * map.a + map.b * map.b).squareRoot()
        guard pixelsPerSample.isFinite else { return nil }
        let last = Double(chipSize - 1)
        let corners = [(0, 0), (last, 0), (0, last), (last, last)].map { map.applied(to: Point(x: $0.0, y: $0.1)) }
        guard let part = Self.region(around: corners, margin: pixelsPerSample, in: picture) else { return nil }
        let isShrunk = pixelsPerSample >= 2
        let width = isShrunk ? max(1, Int((Double(part.width) / pixelsPerSample).rounded())) : part.width
        let height = isShrunk ? max(1, Int((Double(part.height) / pixelsPerSample).rounded())) : part.height
        let factorX = Double(width) / Double(part.width), factorY = Double(height) / Double(part.height)
        // At full size first: what a JPEG is reduced by is no mean over areas to the last bit.
        self.image = try picture.pixels(of: part).resized(width: width, height: height, method: .area)
        self.map = AffineTransform(
            a: map.a * factorX, b: map.b * factorY, c: map.c * factorX, d: map.d * factorY,
            tx: (map.tx - Double(part.left) + 0.5) * factorX - 0.5,
            ty: (map.ty - Double(part.top) + 0.5) * factorY - 0.5)
    }

    /// The whole pixels of the picture from the smallest to the largest coordinates.
    private static func region(
        around points: [Point], margin: Double, in picture: any PictureSource
    ) -> PixelRegion? {
        guard let left = points.map(\.x).min(), let right = points.map(\.x).max(), let top = points.map(\.y).min(),
            let bottom = points.map(\.y).max()
        else { return nil }
        // A pixel reaches from its own coordinate to the next.
        return PixelRegion(
            covering: Rectangle(
                left: left - margin, top: top - margin, width: right - left + 2 * margin + 1,
                height: bottom - top + 2 * margin + 1),
            width: picture.width, height: picture.height)
    }
}

extension PictureSource {
    /// The square of `size` pixels a side whose pixel p is the picture at `map`(p); black outside the picture.
    func chip(under map: AffineTransform, size: Int) throws(ImagingError) -> RGBImage {
        let black = RGB(red: 0, green: 0, blue: 0)
        guard let region = try ChipRegion(of: self, under: map, chipSize: size) else {
            return RGBImage(width: size, height: size, repeating: black)
        }
        return region.image.warped(by: region.map, width: size, height: size, fill: black)
    }

    /// The whole picture with its aspect and a longer side of so many pixels; both sides have at least one.
    ///
    /// - Precondition: the picture has pixels, and `side` is positive.
    func pixels(longerSide side: Int) throws(ImagingError) -> RGBImage {
        let longer = max(width, height)
        guard longer != side else { return try pixels() }
        let factor = Double(side) / Double(longer)
        return try pixels(
            width: max(1, Int((Double(width) * factor).rounded())),
            height: max(1, Int((Double(height) * factor).rounded())))
    }
}
