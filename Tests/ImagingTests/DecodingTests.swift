// SPDX-License-Identifier: Apache-2.0

import CTurboJPEG
import Foundation
import Imaging
import ProgramHarness
import Testing

@Suite("Decoding agrees with Pillow and NumPy", .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
struct DecodingTests {
    let reference: ImagingReference

    init() throws { reference = try ImagingReference.shared.get() }

    @Test("PNG of every colour type and depth, interlaced too, transparency over white")
    func png() throws {
        let files = try reference.files("png-")
        #expect(files.count == 33)
        for file in files {
            let name = file.deletingPathExtension().lastPathComponent
            let image = try RGBImage(decoding: reference.bytes(file))
            // 16 bits are cut to 8 before they are laid over white: two roundings.
            #expect(image.greatestDifference(from: try reference.expected(name)) ?? 255 <= 1, "\(name)")
        }
    }

    @Test(
        "WebP: lossless, lossy, with opacity, turned, with a profile, and the first frame of an animation",
        .enabled(if: ImageFormat.read.contains(.webp)))
    func webp() throws {
        try compareAll("webp-", count: 6, tolerance: 1)
    }

    @Test("AVIF, with its chroma halved and with opacity", .enabled(if: ImageFormat.read.contains(.avif)))
    func avif() throws {
        // Two libraries make red, green and blue of luma and chroma, and enlarge chroma, in their own ways.
        try compareAll("avif-full", count: 1, tolerance: 3)
        try compareAll("avif-opacity", count: 1, tolerance: 3)
        try compareAll("avif-half", count: 1, tolerance: 90)
    }

    @Test(
        "TIFF: each compression, bilevel, palette, 16 bits, inks, tiles, orientations, a profile, and the first page of two",
        .enabled(if: ImageFormat.read.contains(.tiff)))
    func tiff() throws {
        try compareAll("tiff-", count: 22, tolerance: 1)
    }

    @Test("HEIC as heif-convert reads it, opacity and turning too", .enabled(if: HEIFTools.areThere))
    func heic() throws {
        for options in [[], ["--lossless"], ["-p", "chroma=444"]] {
            let (file, expected) = try HEIFTools.encoded(reference.expected("source"), options: options)
            let image = try RGBImage(decoding: file)
            #expect(image == expected, "\(options)")
        }
    }

    private func compareAll(_ prefix: String, count: Int, tolerance: Int) throws {
        let files = try reference.files(prefix)
        #expect(files.count == count)
        for file in files {
            let name = file.deletingPathExtension().lastPathComponent
            let image = try RGBImage(decoding: reference.bytes(file))
            #expect(image.greatestDifference(from: try reference.expected(name)) ?? 255 <= tolerance, "\(name)")
        }
    }

    @Test(
        "JPEG, progressive, grey and of inks too, upright whatever its EXIF orientation, in sRGB whatever its profile")
    func jpeg() throws {
        let files = try reference.files("jpeg-")
        #expect(files.count == 13)
        for file in files {
            let name = file.deletingPathExtension().lastPathComponent
            let image = try RGBImage(decoding: reference.bytes(file))
            // Two releases of libjpeg-turbo may round differently where chroma is enlarged.
            #expect(image.greatestDifference(from: try reference.expected(name)) ?? 255 <= 3, "\(name)")
        }
    }

    @Test("JPEG pixels are those that the library's own short way gives, whatever the sampling")
    func jpegBits() throws {
        let picture = try reference.expected("source")
        let samples = picture.pixels.flatMap { [$0.red, $0.green, $0.blue] }
        for subsampling in [TJSAMP_444, TJSAMP_422, TJSAMP_420, TJSAMP_440, TJSAMP_411, TJSAMP_GRAY] {
            for progressive in [0, TJFLAG_PROGRESSIVE] {
                let file = try TurboJPEG.encode(
                    samples, width: picture.width, height: picture.height, subsampling: subsampling, flags: progressive)
                let colors = try RGBImage(decoding: file).pixels.flatMap { [$0.red, $0.green, $0.blue] }
                #expect(
                    try colors == TurboJPEG.decode(file, format: TJPF_RGB, channels: 3),
                    "\(subsampling), \(progressive)")
            }
        }
    }

    @Test("Grey levels are those of ITU-R BT.601 as Pillow rounds them")
    func gray() throws {
        #expect(try reference.expected("source").grayscale().rgb() == reference.expected("grey"))
    }

    @Test("Enlarging is Pillow's bilinear")
    func enlarging() throws {
        let source = try reference.expected("source")
        for (width, height) in [(106, 90), (211, 41)] {
            let expected = try reference.expected("enlarged-\(width)x\(height)")
            let image = source.resized(width: width, height: height, method: .bilinear)
            #expect(image.greatestDifference(from: expected) ?? 255 <= 1)
        }
    }

    @Test("Reducing by whole factors is Pillow's reduce")
    func reducing() throws {
        let image = try reference.expected("even").resized(width: 16, height: 9, method: .area)
        #expect(image.greatestDifference(from: try reference.expected("reduced-16x9")) ?? 255 <= 1)
    }

    @Test("Warping inside the picture is Pillow's bilinear affine transform")
    func warping() throws {
        let map = AffineTransform(a: 0.8, b: 0.25, c: -0.3, d: 0.7, tx: 12.25, ty: 3.5)
        let image = try reference.expected("source").warped(
            by: map, width: 20, height: 15, fill: RGB(red: 0, green: 0, blue: 0))
        // Pillow computes in fixed point.
        #expect(image.greatestDifference(from: try reference.expected("warped-20x15")) ?? 255 <= 2)
    }

    @Test("What is written as PNG is read back the same")
    func writing() throws {
        let image = try reference.expected("source")
        #expect(try RGBImage(decoding: image.pngBytes()) == image)
        #expect(try GrayImage(decoding: image.grayscale().pngBytes()) == image.grayscale())
    }
}

/// libjpeg-turbo by its short interface.
private enum TurboJPEG {
    struct Failure: Error {}

    static func encode(_ samples: [UInt8], width: Int, height: Int, subsampling: TJSAMP, flags: Int32) throws -> [UInt8]
    {
        guard let encoder = tjInitCompress() else { throw Failure() }
        defer { tjDestroy(encoder) }
        var bytes: UnsafeMutablePointer<UInt8>?, count: UInt = 0
        defer { tjFree(bytes) }
        let status = tjCompress2(
            encoder, samples, Int32(width), 0, Int32(height), Int32(TJPF_RGB.rawValue), &bytes, &count,
            Int32(subsampling.rawValue), 85,
            flags | TJFLAG_ACCURATEDCT)
        guard status == 0, let bytes else { throw Failure() }
        return Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
    }

    static func decode(_ file: [UInt8], format: TJPF, channels: Int) throws -> [UInt8] {
        guard let decoder = tjInitDecompress() else { throw Failure() }
        defer { tjDestroy(decoder) }
        var width: Int32 = 0, height: Int32 = 0, subsampling: Int32 = 0, colors: Int32 = 0
        guard tjDecompressHeader3(decoder, file, UInt(file.count), &width, &height, &subsampling, &colors) == 0 else {
            throw Failure()
        }
        var samples = [UInt8](repeating: 0, count: Int(width) * Int(height) * channels)
        guard
            tjDecompress2(
                decoder, file, UInt(file.count), &samples, width, 0, height, Int32(format.rawValue), TJFLAG_ACCURATEDCT)
                == 0
        else { throw Failure() }
        return samples
    }
}
