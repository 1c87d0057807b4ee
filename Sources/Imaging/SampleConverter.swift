// SPDX-License-Identifier: Apache-2.0

import CColorProfiles

/// What the samples of a stored pixel are, 8 bits each.
enum SampleLayout {
    case gray
    case grayAndOpacity
    case rgb
    case rgbAndOpacity
    /// Four inks, 255 where there is none.
    case invertedCMYK

    /// How many samples a pixel has.
    var samples: Int {
        switch self {
        case .gray: 1
        case .grayAndOpacity: 2
        case .rgb: 3
        case .rgbAndOpacity, .invertedCMYK: 4
        }
    }

    var hasOpacity: Bool { self == .grayAndOpacity || self == .rgbAndOpacity }
}

/// From stored samples to sRGB: by the embedded profile where there is one that says something else, and by what is usual
/// where there is none.
final class SampleConverter {
    let layout: SampleLayout
    private let conversion: OpaquePointer?

    /// - Parameter profile: an ICC profile; one that is damaged, or for other colours, is passed over.
    init(_ layout: SampleLayout, profile: some Collection<UInt8>) {
        self.layout = layout
        let colors: likeness_colors? =
            switch layout {
            case .gray: LIKENESS_COLORS_GREY
            case .rgb: LIKENESS_COLORS_RGB
            case .rgbAndOpacity: LIKENESS_COLORS_RGBA
            case .invertedCMYK: LIKENESS_COLORS_INVERTED_CMYK
            case .grayAndOpacity: nil
            }
        guard let colors, !profile.isEmpty else {
            conversion = nil
            return
        }
        conversion = Array(profile).withUnsafeBufferPointer {
            likeness_color_conversion_open($0.baseAddress, $0.count, colors)
        }
    }

    deinit {
        if let conversion { likeness_color_conversion_close(conversion) }
    }

    /// Whether stored samples are the pixels.
    var isIdentity: Bool { layout == .rgb && conversion == nil }

    /// Makes pixels of samples without opacity.
    ///
    /// - Precondition: there is memory for so many pixels behind both; for RGB it may be the same.
    func convert(_ samples: UnsafePointer<UInt8>, into pixels: UnsafeMutablePointer<RGB>, count: Int) {
        if let conversion {
            pixels.withMemoryRebound(to: UInt8.self, capacity: 3 * count) {
                likeness_color_convert(conversion, samples, $0, count)
            }
            return
        }
        switch layout {
        case .gray:
            for index in 0..<count {
                let level = samples[index]
                pixels[index] = RGB(red: level, green: level, blue: level)
            }
        case .invertedCMYK:
            for index in 0..<count {
                let inks = samples + 4 * index
                pixels[index] = RGB(
                    red: Self.product(inks[0], inks[3]), green: Self.product(inks[1], inks[3]),
                    blue: Self.product(inks[2], inks[3]))
            }
        case .rgb, .grayAndOpacity, .rgbAndOpacity:
            samples.withMemoryRebound(to: RGB.self, capacity: count) { pixels.update(from: $0, count: count) }
        }
    }

    /// Brings samples with opacity to sRGB where they lie.
    func convert(inPlace samples: UnsafeMutablePointer<UInt8>, count: Int) {
        if let conversion { likeness_color_convert(conversion, samples, samples, count) }
    }

    /// The product of two shares of 255, rounded to nearest.
    @inline(__always)
    private static func product(_ a: UInt8, _ b: UInt8) -> UInt8 {
        let product = UInt32(a) * UInt32(b) + 128
        return UInt8(truncatingIfNeeded: (product >> 8 + product) >> 8)
    }
}
