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
        let resampling = Resampling(
            columns: ResamplingTaps(from: width, to: newWidth, method: method),
            rows: ResamplingTaps(from: height, to: newHeight, method: method))
        return pixels.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return self }
            return resampling.image(of: start, width: width)
        }
    }
}

extension PixelMemory {
    /// A part of the picture in another size.
    ///
    /// - Parameter part: in this memory; where it ends within pixels, they count as far as they are in it.
    func resampled(_ part: Rectangle, width newWidth: Int, height newHeight: Int, method: ResizeMethod) -> RGBImage {
        Resampling(
            columns: ResamplingTaps(from: part.left, length: part.width, of: width, to: newWidth, method: method),
            rows: ResamplingTaps(from: part.top, length: part.height, of: height, to: newHeight, method: method)
        ).image(of: pixels, width: width)
    }
}
