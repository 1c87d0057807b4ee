// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness
import Testing

/// The error that decoding throws; nil where it is an image.
func decodingError(
    _ bytes: [UInt8], limits: DecodingLimits = .default, shouldStop: () -> Bool = { false }
) -> ImagingError? {
    do {
        _ = try RGBImage(decoding: bytes, limits: limits, shouldStop: shouldStop)
        return nil
    } catch {
        return error
    }
}

@Suite("Files that are no good get an error that names the cause")
struct HostileFileTests {
    static let picture: RGBImage = {
        var random = SeededGenerator(seed: 3)
        return RGBImage(
            width: 41, height: 29,
            pixels: (0..<41 * 29).map { _ in
                RGB(red: .random(in: 0...255, using: &random), green: .random(in: 0...255, using: &random), blue: 7)
            })
    }()

    /// A PNG whose header states a size, without image data.
    private func header(width: Int, height: Int) -> [UInt8] {
        PNGFile(width: width, height: height).bytes + [0, 0, 0, 0] + Array("IDAT".utf8) + PNGFile.number(0x35AF_061E)
    }

    @Test("No bytes, foreign formats and plain text")
    func foreign() {
        #expect(decodingError([]) == .empty)
        #expect(decodingError(Array("GIF89a...".utf8)) == .unsupportedFormat(kind: "GIF"))
        #expect(decodingError(Array("%PDF-1.7".utf8)) == .unsupportedFormat(kind: "PDF"))
        for (format, start) in [
            (ImageFormat.webp, "RIFF....WEBPVP8 "), (.heic, "\0\0\0\u{14}ftypheic\0\0\0\0mif1"), (.tiff, "II*\0"),
        ] {
            let error = decodingError(Array(start.utf8))
            #expect(error?.description.contains(format.rawValue) == true, "\(format): \(error?.description ?? "")")
            if !ImageFormat.read.contains(format) { #expect(error == .unsupportedFormat(kind: format.rawValue)) }
        }
        #expect(decodingError(Array("hello".utf8)) == .unsupportedFormat(kind: nil))
        #expect(decodingError([0x89]) == .unsupportedFormat(kind: nil))
    }

    @Test("More bytes or pixels than allowed, before any pixel is made")
    func limits() throws {
        let file = try Self.picture.pngBytes()
        #expect(
            decodingError(file, limits: DecodingLimits(maximumFileBytes: 100))
                == .fileTooLarge(bytes: file.count, limit: 100))
        #expect(
            decodingError(file, limits: DecodingLimits(maximumPixels: 41 * 29 - 1))
                == .tooManyPixels(width: 41, height: 29, limit: 41 * 29 - 1))
        #expect(decodingError(file, limits: DecodingLimits(maximumPixels: 41 * 29)) == nil)
        #expect(
            decodingError(header(width: 60_000, height: 60_000))
                == .tooManyPixels(width: 60_000, height: 60_000, limit: 50_000_000))
        #expect(
            decodingError(header(width: 1, height: 2_000_000))
                == .sideTooLong(width: 1, height: 2_000_000, limit: 65_535))
    }

    @Test("A JPEG's side is too long from 65,501 pixels, and none at all is no picture")
    func sidesOfJPEG() throws {
        for (width, height) in [(65_501, 1), (65_535, 65_535), (1, 65_501)] {
            let file = ScanBomb.file(width: width, height: height, scans: 1)
            #expect(decodingError(file) == .sideTooLong(width: width, height: height, limit: 65_500))
        }
        #expect(decodingError(ScanBomb.file(width: 65_500, height: 1, scans: 1)) == nil)
        #expect(
            decodingError(ScanBomb.file(width: 65_500, height: 65_500, scans: 1))
                == .tooManyPixels(width: 65_500, height: 65_500, limit: 50_000_000))
        #expect(decodingError(ScanBomb.file(width: 5, height: 0, scans: 1)) == .noPixels)
    }

    @Test("A PNG that is cut before its image data end is truncated, not an image")
    func truncatedPNG() throws {
        let file = try Self.picture.pngBytes()
        let whole = try RGBImage(decoding: file)
        for count in 8..<file.count - 12 {
            #expect(decodingError(Array(file.prefix(count))) == .truncated(format: .png), "after \(count) bytes")
        }
        for count in file.count - 12..<file.count {
            #expect(try RGBImage(decoding: Array(file.prefix(count))) == whole, "after \(count) bytes")
        }
    }

    @Test("A PNG with a changed byte is damaged, or is an image of the declared size")
    func damagedPNG() throws {
        let file = try Self.picture.pngBytes()
        var random = SeededGenerator(seed: 11)
        var refused = 0
        for _ in 0..<300 {
            var damaged = file
            let position = Int.random(in: 0..<file.count - 12, using: &random)
            damaged[position] ^= UInt8.random(in: 1...255, using: &random)
            if decodingError(damaged) != nil { refused += 1 }
        }
        #expect(refused == 300)
    }

    @Test("A JPEG without its end marker is read; one that lacks pixels is truncated")
    func cutJPEG() throws {
        for file in [
            try Self.picture.jpegBytes(quality: 90), ScanBomb.file(width: 64, height: 64, scans: ScanBomb.wholeScans),
        ] {
            let whole = try RGBImage(decoding: file)
            for missing in 1...2 { #expect(try RGBImage(decoding: Array(file.dropLast(missing))) == whole) }
        }
        let baseline = try Self.picture.jpegBytes(quality: 90)
        for missing in stride(from: 8, to: baseline.count - 3, by: 7) {
            #expect(
                decodingError(Array(baseline.dropLast(missing))) == .truncated(format: .jpeg),
                "without the last \(missing) bytes")
        }
        // Refinements that are still to come are pixels that are missing.
        #expect(
            decodingError(ScanBomb.file(width: 64, height: 64, scans: ScanBomb.wholeScans - 1, isEnded: false))
                == .truncated(format: .jpeg))
        #expect(decodingError(ScanBomb.file(width: 64, height: 64, scans: ScanBomb.wholeScans - 1)) == nil)
    }

    @Test("A JPEG whose coding is arithmetic takes what is missing for zeros, and is truncated all the same")
    func cutArithmeticJPEG() throws {
        let file = try #require(Data(base64Encoded: Self.arithmetic)).map { $0 }
        #expect(try GrayImage(decoding: file).width == 16)
        #expect(decodingError(file.dropLast(2)) == .truncated(format: .jpeg))
        #expect(decodingError(file.dropLast(20)) == .truncated(format: .jpeg))
    }

    /// 16 × 16 grey levels, coded by `jpegtran -arithmetic`.
    private static let arithmetic = """
        /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAYEBQYFBAYGBQYHBwYIChAKCgkJChQODwwQFxQYGBcUFhYaHSUfGhsjHBYWICwgIyYnKSopGR8tMC\
        0oMCUoKSj/yQALCAAQABABAREA/8wABgAQEAX/2gAIAQEAAD8A9gBtO8hcz5pipLWrRZsACPGvRwsQYUkiIdqwfXaNn0/QwCMQCMPTftOFsdEh\
        I6i/iTe4ox+zBlCyvqY7HYjQY22qwxJ3p+JWEhOUZ1hUkGtHuOV9zZZGLeQ637F4HQ0VhR3opVfP4vpb1Uu1qzJf+fVaMhlXkfyd+htvDmRSgT\
        3p2t857GAQFTbZh3GRkqvpP1jdWSqymfhqed8VLMZY/9k=
        """

    @Test(
        "A JPEG cut or changed anywhere is an error or an image, never a crash",
        .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
    func damagedJPEG() throws {
        let reference = try ImagingReference.shared.get()
        var random = SeededGenerator(seed: 5)
        for name in ["jpeg-progressive", "jpeg-orientation6", "jpeg-grey"] {
            let file = try reference.bytes(reference.folder.appending(path: name + ".jpg"))
            for count in stride(from: 3, to: file.count - 2, by: 13) {
                let cause = decodingError(Array(file.prefix(count)))?.cause
                #expect(
                    cause == "truncated" || cause == "corrupt", "\(name) after \(count) bytes: \(cause ?? "an image")")
            }
            for _ in 0..<200 {
                var damaged = file
                for _ in 0..<3 {
                    damaged[Int.random(in: 2..<file.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                _ = decodingError(damaged)
            }
        }
    }
}
