// SPDX-License-Identifier: Apache-2.0

/// A picture that tells its size first and gives pixels as they are asked for: a file that is read as far as it has to
/// be, or a picture that is there already. Upright, with the centre of the top left pixel at (0, 0).
public protocol PictureSource {
    /// At least 1.
    var width: Int { get }
    /// At least 1.
    var height: Int { get }
    /// How long reading pixels has taken so far, where that is measured.
    var readingTime: Duration { get }

    /// A part of the picture in a size: as it is, reduced by the mean over areas, or where it is to be wider than it is,
    /// enlarged between the nearest pixels.
    ///
    /// What is to be reduced is read reduced where the format allows it, by a factor that leaves at least as many pixels
    /// as are asked for.
    /// - Precondition: the part lies in the picture, and neither size is empty.
    func pixels(of part: PixelRegion, width: Int, height: Int) throws(ImagingError) -> RGBImage

    /// The whole picture's grey levels by ITU-R BT.601.
    func grayscale() throws(ImagingError) -> GrayImage
}

extension PictureSource {
    public var readingTime: Duration { .zero }

    /// All of the picture.
    public var bounds: PixelRegion { PixelRegion(left: 0, top: 0, width: width, height: height) }

    /// A part of the picture as it is.
    public func pixels(of part: PixelRegion) throws(ImagingError) -> RGBImage {
        try pixels(of: part, width: part.width, height: part.height)
    }

    /// The whole picture in a size.
    public func pixels(width: Int, height: Int) throws(ImagingError) -> RGBImage {
        try pixels(of: bounds, width: width, height: height)
    }

    /// The whole picture as it is.
    public func pixels() throws(ImagingError) -> RGBImage {
        try pixels(of: bounds)
    }
}

extension Image: PictureSource where Pixel == RGB {
    public func pixels(of part: PixelRegion, width newWidth: Int, height newHeight: Int) -> RGBImage {
        let image =
            part == bounds
            ? self : cropped(x: part.left, y: part.top, width: part.width, height: part.height)
        return image.resized(
            width: newWidth, height: newHeight, method: newWidth > part.width ? .bilinear : .area)
    }
}
