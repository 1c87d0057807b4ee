// SPDX-License-Identifier: Apache-2.0

import Imaging

/// What reading a file of a format may take in the decoder's process, beside the file and the pixels that come out.
///
/// Each is what the costliest pictures of the format take that were measured at the largest size, and room:
/// `scripts/decoder-budgets` measures them again.
public struct DecodingBudget: Sendable, Hashable {
    /// Bytes for each pixel of the largest picture that is taken.
    public let bytesPerPixel: Int
    /// Bytes beside those.
    public let workingBytes: Int
    /// Milliseconds of the processor for each million pixels of the largest picture that is taken, on any number of
    /// cores.
    public let millisecondsPerMegapixel: Int

    public init(bytesPerPixel: Int, workingBytes: Int, millisecondsPerMegapixel: Int) {
        self.bytesPerPixel = bytesPerPixel
        self.workingBytes = workingBytes
        self.millisecondsPerMegapixel = millisecondsPerMegapixel
    }

    /// The budget of a format.
    public static func of(_ format: ImageFormat) -> DecodingBudget {
        switch format {
        // The rows of an interlaced picture, or of one with opacity, until all of them are there.
        case .png: DecodingBudget(bytesPerPixel: 4, workingBytes: 64 << 20, millisecondsPerMegapixel: 200)
        // The coefficients of a progressive picture of four inks.
        case .jpeg: DecodingBudget(bytesPerPixel: 8, workingBytes: 64 << 20, millisecondsPerMegapixel: 120)
        case .webp: DecodingBudget(bytesPerPixel: 9, workingBytes: 64 << 20, millisecondsPerMegapixel: 150)
        // 16 bits for each channel of a picture with opacity, in planes and then together, and frames of video.
        case .heic, .avif: DecodingBudget(bytesPerPixel: 24, workingBytes: 256 << 20, millisecondsPerMegapixel: 300)
        // A strip or a row of tiles as it is stored, the same as levels, and a picture with opacity.
        case .tiff: DecodingBudget(bytesPerPixel: 12, workingBytes: 192 << 20, millisecondsPerMegapixel: 150)
        }
    }

    /// The most memory that any format may take.
    static func mostMemory(maximumPixels: Int) -> Int {
        ImageFormat.allCases.map { of($0).memory(maximumPixels: maximumPixels) }.max() ?? 0
    }

    public func memory(maximumPixels: Int) -> Int { bytesPerPixel * maximumPixels + workingBytes }

    /// Whole seconds, as the system limits them.
    public func processorSeconds(maximumPixels: Int) -> Int {
        max(Self.leastSeconds, (millisecondsPerMegapixel * maximumPixels / 1_000_000 + 999) / 1000)
    }

    /// A limit of fewer would be met by what has nothing to do with the picture's size.
    private static let leastSeconds = 2
}
