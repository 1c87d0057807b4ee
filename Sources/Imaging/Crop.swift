// SPDX-License-Identifier: Apache-2.0

extension Image {
    /// The part of the picture in a rectangle. Where the rectangle leaves the picture, the nearest edge pixel is
    /// repeated.
    /// - Precondition: neither side is negative, and the image has pixels unless the part has none.
    public func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Image {
        guard newWidth > 0, newHeight > 0 else { return Image(width: newWidth, height: newHeight, pixels: []) }
        precondition(width > 0 && height > 0, "an image without pixels cannot be cropped")
        func nearest(_ index: Int, _ offset: Int, below limit: Int) -> Int {
            let (sum, overflows) = index.addingReportingOverflow(offset)
            return overflows ? (offset > 0 ? limit - 1 : 0) : min(max(sum, 0), limit - 1)
        }
        let columns = (0..<newWidth).map { nearest($0, x, below: width) }
        var part: [Pixel] = []
        part.reserveCapacity(newWidth * newHeight)
        for row in 0..<newHeight {
            let start = nearest(row, y, below: height) * width
            for column in columns { part.append(pixels[start + column]) }
        }
        return Image(width: newWidth, height: newHeight, pixels: part)
    }
}
