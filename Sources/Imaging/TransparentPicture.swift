// SPDX-License-Identifier: Apache-2.0

/// A picture with opacity, and the paper that it is laid on.
///
/// The paper is white. Where strokes as light as the paper are all that there is to see, as of a signature in white ink
/// that was made for dark paper, they are drawn in black instead, as dark as they are opaque: otherwise nothing of them
/// would be left.
struct TransparentPicture {
    private let picture: StoredPicture
    private let paper: Paper

    enum Paper {
        case white
        /// White as well; what is opaque is black on it.
        case whiteUnderBlackInk
    }

    /// Strokes are the smaller part of a picture; more than this is a picture with an outline, as a face cut out.
    private static let largestInkShare = 0.5
    /// Ink that keeps less of its weight on white paper has vanished.
    private static let leastVisibleShare = 0.1
    /// What is darker than this on white paper is there to be seen: the edges of light strokes, half opaque and stored
    /// half dark, come to 64.
    private static let darkInk: UInt32 = 90
    /// The share of the ink that may be darker, as a stray pixel is. Ink on a white sheet amid transparency is more.
    private static let largestDarkShare = 0.0005

    init(_ picture: StoredPicture) {
        self.picture = picture
        paper = Self.paper(of: picture)
    }

    private static func paper(of picture: StoredPicture) -> Paper {
        let channels = picture.layout.samples, pixels = picture.width * picture.height
        // What is opaque, what of it is darker than white paper, and where it is much darker: 255 for a whole pixel.
        var opaque: UInt64 = 0, visible: UInt64 = 0, dark: UInt64 = 0
        picture.samples.withUnsafeBufferPointer { bytes in
            for base in stride(from: 0, to: pixels * channels, by: channels) {
                let alpha = UInt32(bytes[base + channels - 1])
                if alpha == 0 { continue }
                let level =
                    channels == 2
                    ? bytes[base] : RGB(red: bytes[base], green: bytes[base + 1], blue: bytes[base + 2]).luma
                let contrast = alpha * (255 - UInt32(level)) / 255
                opaque += UInt64(alpha)
                visible += UInt64(contrast)
                if contrast > darkInk { dark += UInt64(alpha) }
            }
        }
        let ink = Double(opaque)
        guard opaque > 0, ink <= largestInkShare * 255 * Double(pixels), Double(visible) <= leastVisibleShare * ink,
            Double(dark) <= largestDarkShare * ink
        else { return .white }
        return .whiteUnderBlackInk
    }

    /// A channel of value `value` and opacity `alpha` over white, rounded to nearest.
    @inline(__always)
    private static func overWhite(_ value: UInt8, _ alpha: UInt8) -> UInt8 {
        let sum = UInt32(value) * UInt32(alpha) + 255 * (255 - UInt32(alpha)) + 127
        return UInt8(truncatingIfNeeded: sum / 255)
    }

    /// Draws a range of pixels.
    func draw(_ range: Range<Int>, into pixels: UnsafeMutablePointer<RGB>) {
        let channels = picture.layout.samples
        picture.samples.withUnsafeBufferPointer { bytes in
            for index in range {
                let base = index * channels, alpha = bytes[base + channels - 1]
                let pixel: RGB
                if case .whiteUnderBlackInk = paper {
                    pixel = RGB(red: 255 - alpha, green: 255 - alpha, blue: 255 - alpha)
                } else if channels == 2 {
                    let level = Self.overWhite(bytes[base], alpha)
                    pixel = RGB(red: level, green: level, blue: level)
                } else {
                    pixel = RGB(
                        red: Self.overWhite(bytes[base], alpha), green: Self.overWhite(bytes[base + 1], alpha),
                        blue: Self.overWhite(bytes[base + 2], alpha))
                }
                pixels[index - range.lowerBound] = pixel
            }
        }
    }
}
