// SPDX-License-Identifier: Apache-2.0

import Imaging

/// dlib's own ways of scaling an RGB image, to the last bit: they round down where others round to nearest,
/// and the networks were trained on what they make.
package enum DlibResampling {
    private static let black = RGB(red: 0, green: 0, blue: 0)

    /// `pyramid_up`: about twice as large, bilinear, corner pixel on corner pixel.
    package static func enlarged(_ image: RGBImage) -> RGBImage {
        guard image.width > 0, image.height > 0 else { return image }
        let size = enlargedSize(width: image.width, height: image.height)
        let grid = BilinearGrid(
            fromWidth: image.width, fromHeight: image.height, toWidth: size.width, toHeight: size.height)
        var pixels = Array(repeating: black, count: size.width * size.height)
        for (rowIndex, row) in grid.rows.enumerated() {
            let start = rowIndex * size.width
            let top = row.top * image.width, bottom = row.bottom * image.width
            for (index, column) in grid.columns.enumerated() {
                let topLeft = image.pixels[top + column.left], topRight = image.pixels[top + column.right]
                let bottomLeft = image.pixels[bottom + column.left], bottomRight = image.pixels[bottom + column.right]
                pixels[start + index] =
                    index < grid.singlePrecisionColumns
                    ? blendSingle(
                        topLeft, topRight, bottomLeft, bottomRight, right: Float(column.fraction), down: row.fraction)
                    : blend(topLeft, topRight, bottomLeft, bottomRight, right: column.fraction, down: row.fraction)
            }
        }
        return RGBImage(width: size.width, height: size.height, pixels: pixels)
    }

    /// The size that ``enlarged(_:)`` gives an image.
    static func enlargedSize(width: Int, height: Int) -> (width: Int, height: Int) {
        (2 * width + 2, 2 * height + 1)
    }

    /// `pyramid_down<2>`: a 5×5 Gaussian, then every other pixel. Empty when a side has 8 pixels or fewer.
    package static func halved(_ image: RGBImage) -> RGBImage {
        guard image.width > 8, image.height > 8 else { return RGBImage(width: 0, height: 0, pixels: []) }
        let width = (image.width - 3) / 2, height = (image.height - 3) / 2
        var smooth = Array(repeating: SIMD4<UInt16>.zero, count: width * image.height)
        for row in 0..<image.height {
            for column in 0..<width {
                let start = row * image.width + 2 * column
                smooth[row * width + column] = gaussian(
                    wide(image.pixels[start]), wide(image.pixels[start + 1]), wide(image.pixels[start + 2]),
                    wide(image.pixels[start + 3]), wide(image.pixels[start + 4]))
            }
        }
        var pixels = Array(repeating: black, count: width * height)
        for row in 0..<height {
            for column in 0..<width {
                let start = 2 * row * width + column
                let sum =
                    gaussian(
                        smooth[start], smooth[start + width], smooth[start + 2 * width],
                        smooth[start + 3 * width], smooth[start + 4 * width]) &>> 8
                pixels[row * width + column] = RGB(
                    red: UInt8(truncatingIfNeeded: sum.x), green: UInt8(truncatingIfNeeded: sum.y),
                    blue: UInt8(truncatingIfNeeded: sum.z))
            }
        }
        return RGBImage(width: width, height: height, pixels: pixels)
    }

    /// Bilinear interpolation at a point, rounded down; black where one of the four pixels lies outside.
    static func sample(_ image: RGBImage, x: Double, y: Double) -> RGB {
        // The comparison with the size also turns away what is not a number.
        guard x >= 0, y >= 0, x < Double(image.width), y < Double(image.height) else { return black }
        let left = Int(x), top = Int(y)
        guard left + 1 < image.width, top + 1 < image.height else { return black }
        let start = top * image.width + left
        return blend(
            image.pixels[start], image.pixels[start + 1],
            image.pixels[start + image.width], image.pixels[start + image.width + 1],
            right: x - Double(left), down: y - Double(top))
    }

    @inline(__always) private static func blend(
        _ topLeft: RGB, _ topRight: RGB, _ bottomLeft: RGB, _ bottomRight: RGB,
        right: Double, down: Double
    ) -> RGB {
        let top = (1 - right) * real(topLeft) + right * real(topRight)
        let bottom = (1 - right) * real(bottomLeft) + right * real(bottomRight)
        let value = (1 - down) * top + down * bottom
        return RGB(red: level(value.x), green: level(value.y), blue: level(value.z))
    }

    /// The same in single precision, in the order of dlib's vector code.
    @inline(__always) private static func blendSingle(
        _ topLeft: RGB, _ topRight: RGB, _ bottomLeft: RGB, _ bottomRight: RGB,
        right: Float, down: Double
    ) -> RGB {
        let lower = Float(down), upper = Float(1 - down), left = 1 - right
        let value =
            upper * left * single(topLeft) + upper * right * single(topRight)
            + lower * left * single(bottomLeft) + lower * right * single(bottomRight)
        return RGB(red: level(Double(value.x)), green: level(Double(value.y)), blue: level(Double(value.z)))
    }

    @inline(__always) private static func level(_ value: Double) -> UInt8 {
        UInt8(truncatingIfNeeded: Int(min(max(value, 0), 255)))
    }

    @inline(__always) private static func real(_ pixel: RGB) -> SIMD4<Double> {
        SIMD4(Double(pixel.red), Double(pixel.green), Double(pixel.blue), 0)
    }

    @inline(__always) private static func single(_ pixel: RGB) -> SIMD4<Float> {
        SIMD4(Float(pixel.red), Float(pixel.green), Float(pixel.blue), 0)
    }

    @inline(__always) private static func wide(_ pixel: RGB) -> SIMD4<UInt16> {
        SIMD4(UInt16(pixel.red), UInt16(pixel.green), UInt16(pixel.blue), 0)
    }

    /// The weights 1 4 6 4 1; two passes over 255 add up to 65280, which 16 bits hold.
    @inline(__always) private static func gaussian(
        _ a: SIMD4<UInt16>, _ b: SIMD4<UInt16>, _ c: SIMD4<UInt16>, _ d: SIMD4<UInt16>, _ e: SIMD4<UInt16>
    ) -> SIMD4<UInt16> {
        a &+ e &+ (b &+ d) &* 4 &+ c &* 6
    }
}
