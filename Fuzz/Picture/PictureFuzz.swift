// SPDX-License-Identifier: Apache-2.0

import FuzzSupport
import Imaging

/// A picture as likeness-decode reads it for the daemon, without the process around it: its size, all of it, parts of it and,
/// where the format has them, reduced ones.
@main enum PictureFuzz: FuzzTarget {
    /// Smaller pictures than the product takes, so that the time goes into the readers and not into empty pixels. Twice a
    /// side of 1024 and more: parts of a picture of this size are read by themselves.
    private static let limits = DecodingLimits(maximumFileBytes: 1 << 20, maximumPixels: 4_000_000)

    static func prepare() { PictureDecoder.prepare() }

    static func read(_ input: [UInt8]) throws {
        let input = Checksums.corrected(png: input)
        let file = try PictureFile(input, limits: limits)
        // A part that the input chooses, before the whole is there.
        let left = Int(input[input.count / 2]) * (file.width - 1) / 255
        let top = Int(input[input.count / 3]) * (file.height - 1) / 255
        let part = PixelRegion(left: left, top: top, width: file.width - left, height: file.height - top)
        _ = try file.pixels(of: part, width: max(1, part.width / 8), height: max(1, part.height / 8))
        _ = try file.pixels(width: 64, height: 64)
        _ = try file.pixels(of: part)
        _ = try file.grayscale()
    }
}
