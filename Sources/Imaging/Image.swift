// SPDX-License-Identifier: Apache-2.0

/// A picture: `width` × `height` pixels, row by row from the top left.
public struct Image<Pixel: Sendable>: Sendable {
    public let width: Int
    public let height: Int
    /// `width * height` pixels.
    public var pixels: [Pixel]

    /// - Precondition: `pixels` holds `width * height` pixels and neither side is negative.
    public init(width: Int, height: Int, pixels: [Pixel]) {
        precondition(width >= 0 && height >= 0 && pixels.count == width * height, "the pixels do not fit the size")
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// An image of one colour.
    public init(width: Int, height: Int, repeating pixel: Pixel) {
        self.init(width: width, height: height, pixels: Array(repeating: pixel, count: width * height))
    }

    public subscript(x: Int, y: Int) -> Pixel {
        get { pixels[y * width + x] }
        set { pixels[y * width + x] = newValue }
    }
}

extension Image: Equatable where Pixel: Equatable {}
extension Image: Hashable where Pixel: Hashable {}

/// A colour of 8 bits a channel, as the file gives it (sRGB nearly always).
public struct RGB: Sendable, Hashable {
    public var red: UInt8
    public var green: UInt8
    public var blue: UInt8

    @inlinable
    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The grey level by ITU-R BT.601, in the integer arithmetic of libjpeg and Pillow.
    @inlinable
    public var luma: UInt8 {
        UInt8(truncatingIfNeeded: (19595 * UInt32(red) + 38470 * UInt32(green) + 7471 * UInt32(blue) + 0x8000) >> 16)
    }
}

public typealias RGBImage = Image<RGB>
public typealias GrayImage = Image<UInt8>

extension Image where Pixel == RGB {
    /// The grey levels by ITU-R BT.601.
    public func grayscale() -> GrayImage {
        GrayImage(width: width, height: height, pixels: pixels.map(\.luma))
    }
}

extension Image where Pixel == UInt8 {
    /// The same picture with three equal channels.
    public func rgb() -> RGBImage {
        RGBImage(width: width, height: height, pixels: pixels.map { RGB(red: $0, green: $0, blue: $0) })
    }
}
