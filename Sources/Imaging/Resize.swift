// SPDX-License-Identifier: Apache-2.0

/// How the pixels of a resized image are found.
public enum ResizeMethod: Sendable, Hashable {
    /// Between the two nearest pixels in each direction, pixel centres on pixel centres ("half-pixel"). For
    /// enlarging; a strong reduction skips pixels.
    case bilinear
    /// The mean over the area that the new pixel covers. For reducing.
    case area
}

extension Image where Pixel == RGB {
    /// The picture with another size.
    /// - Precondition: no side is negative, and the image has pixels unless the new one has none.
    public func resized(width: Int, height: Int, method: ResizeMethod) -> RGBImage {
        resample(width: width, height: height, method: method)
    }
}

extension Image where Pixel == UInt8 {
    /// The picture with another size.
    /// - Precondition: no side is negative, and the image has pixels unless the new one has none.
    public func resized(width: Int, height: Int, method: ResizeMethod) -> GrayImage {
        resample(width: width, height: height, method: method)
    }
}

extension Image where Pixel: BlendablePixel {
    @inline(__always)
    private func resample(width newWidth: Int, height newHeight: Int, method: ResizeMethod) -> Image {
        guard newWidth > 0, newHeight > 0 else { return Image(width: newWidth, height: newHeight, pixels: []) }
        precondition(width > 0 && height > 0, "an image without pixels cannot be resized")
        if newWidth == width, newHeight == height { return self }
        let columns = ResamplingTaps(from: width, to: newWidth, method: method)
        let rows = ResamplingTaps(from: height, to: newHeight, method: method)
        var blended = Array(repeating: Pixel.noLevels, count: width)
        let resampled = [Pixel](unsafeUninitializedCapacity: newWidth * newHeight) { buffer, count in
            for y in 0..<newHeight {
                rows.forEachTap(of: y) { row, weight, isFirst in
                    for x in 0..<width {
                        if isFirst { blended[x] = Pixel.noLevels }
                        Pixel.add(pixels[row * width + x].levels, times: weight, to: &blended[x])
                    }
                }
                for x in 0..<newWidth {
                    var sum = Pixel.noLevels
                    columns.forEachTap(of: x) { column, weight, _ in
                        Pixel.add(blended[column], times: weight, to: &sum)
                    }
                    buffer.initializeElement(at: y * newWidth + x, to: Pixel(nearest: sum))
                }
            }
            count = newWidth * newHeight
        }
        return Image(width: newWidth, height: newHeight, pixels: resampled)
    }
}
