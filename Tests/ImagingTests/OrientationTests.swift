// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness
import Testing

@Suite("A picture is turned upright as its EXIF says, and by nothing that is no orientation")
struct OrientationTests {
    /// Two columns and three rows: 1 2 / 3 4 / 5 6.
    private let rows: [UInt8] = [0, 1, 2, 0, 3, 4, 0, 5, 6]
    private let upright = GrayImage(width: 2, height: 3, pixels: [1, 2, 3, 4, 5, 6])
    private let turnedRight = GrayImage(width: 3, height: 2, pixels: [5, 3, 1, 6, 4, 2])

    /// A TIFF structure of one directory.
    private func exif(
        bigEndian: Bool = true, directory: Int = 8, entries: Int? = nil, tag: Int = 0x0112, type: Int = 3,
        count: Int = 1, value: Int
    ) -> [UInt8] {
        func number(_ value: Int, _ width: Int) -> [UInt8] {
            let bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return bigEndian ? bytes.reversed() : bytes
        }
        let width = [1: 1, 3: 2, 4: 4][type] ?? 4
        return Array((bigEndian ? "MM" : "II").utf8) + number(42, 2) + number(directory, 4) + number(entries ?? 1, 2)
            + number(tag, 2) + number(type, 2) + number(count, 4) + number(value, width)
            + Array(repeating: 0, count: 4 - width)
    }

    private func png(before: [[UInt8]] = [], after: [[UInt8]] = [], damaged: Bool = false) -> [UInt8] {
        func chunk(_ exif: [UInt8]) -> [UInt8] {
            var chunk = PNGFile.chunk("eXIf", exif)
            if damaged { chunk[chunk.count - 1] ^= 1 }
            return chunk
        }
        var image = PNGFile()
        image.appendStored(rows)
        return PNGFile(width: 2, height: 3, color: 0).bytes + before.flatMap(chunk)
            + image.bytes.dropFirst(PNGFile.signature.count) + after.flatMap(chunk) + PNGFile.chunk("IEND", [])
    }

    private func jpeg(_ exif: [UInt8]) throws -> (plain: GrayImage, turned: GrayImage) {
        let file = try GrayImage(width: 2, height: 3, pixels: [0, 40, 80, 120, 160, 200]).jpegBytes(quality: 100)
        let body = Array("Exif\0\0".utf8) + exif
        let segment: [UInt8] = [0xFF, 0xE1, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 255)] + body
        return (try GrayImage(decoding: file), try GrayImage(decoding: file.prefix(2) + segment + file.dropFirst(2)))
    }

    @Test("PNG, before the image data or after, in either byte order")
    func png() throws {
        for bigEndian in [true, false] {
            let exif = exif(bigEndian: bigEndian, value: 6)
            #expect(try GrayImage(decoding: png(before: [exif])) == turnedRight)
            #expect(try GrayImage(decoding: png(after: [exif])) == turnedRight)
            #expect(try GrayImage(decoding: png(before: [exif], damaged: true)) == upright)
        }
        // The first counts; one that came behind the end does not.
        #expect(try GrayImage(decoding: png(before: [exif(value: 6)], after: [exif(value: 1)])) == turnedRight)
        #expect(try GrayImage(decoding: png() + PNGFile.chunk("eXIf", exif(value: 6))) == upright)
        // What is behind the pixels may be cut short.
        let cut = Array(png(after: [exif(value: 6)]).dropLast(20))
        #expect(try GrayImage(decoding: cut) == upright)
    }

    @Test("BYTE, SHORT and LONG, in either byte order")
    func types() throws {
        for bigEndian in [true, false] {
            for type in [1, 3, 4] {
                let (plain, turned) = try jpeg(exif(bigEndian: bigEndian, type: type, value: 6))
                #expect(turned.width == 3 && turned.height == 2, "type \(type)")
                #expect(turned.pixels == [4, 2, 0, 5, 3, 1].map { plain.pixels[$0] }, "type \(type)")
            }
        }
    }

    @Test("Nonsense leaves the picture as it is")
    func nonsense() throws {
        let whole = exif(value: 6)
        var blocks = [
            [], exif(value: 0), exif(value: 9), exif(type: 4, value: 0x0001_0006), exif(type: 2, value: 6),
            exif(type: 5, value: 6), exif(count: 0, value: 6),
            exif(count: 2, value: 6), exif(tag: 0x0113, value: 6), Array("XX".utf8) + whole.dropFirst(2),
            // Directories that lie outside, or within what points to them.
            exif(directory: 0xFFFF_FFFF, value: 6), exif(directory: 0x7FFF_FFFF, value: 6),
            exif(directory: 4, value: 6), exif(directory: 0, value: 6),
            // 65,535 entries of which one is there, and it is another.
            exif(entries: 0xFFFF, tag: 0x0100, value: 6), exif(entries: 0, value: 6),
        ]
        blocks += (1..<whole.count - 2).map { Array(whole.prefix($0)) }
        for block in blocks {
            #expect(try GrayImage(decoding: png(before: [block])) == upright, "\(block)")
            let (plain, turned) = try jpeg(block)
            #expect(turned == plain, "\(block)")
        }
    }

    @Test("Stray bytes before the EXIF segment do not hide it")
    func strayBytes() throws {
        let file = try GrayImage(width: 2, height: 3, pixels: [0, 40, 80, 120, 160, 200]).jpegBytes(quality: 100)
        let body = Array("Exif\0\0".utf8) + exif(value: 6)
        let segment: [UInt8] = [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body
        let stray: [UInt8] = [0, 0, 0x55]
        // Behind the first segment: libjpeg wants a marker right behind the first.
        let first = 4 + Int(file[4]) << 8 + Int(file[5])
        let image = try GrayImage(decoding: Array(file.prefix(first)) + stray + segment + Array(file.dropFirst(first)))
        #expect(image.width == 3 && image.height == 2)
    }

    @Test("The found cases", .enabled(if: SharedCases.arePresent))
    func cases() throws {
        func image(_ name: String) throws -> RGBImage { try RGBImage(decoding: SharedCases.bytes(name)) }
        let turned = try image("images/exif6_long.jpg")
        #expect(turned.width == 576 && turned.height == 700)
        let cut = try image("images/no_eoi.jpg")
        #expect(cut.width == 576 && cut.height == 700)
        #expect(
            decodingError(try SharedCases.bytes("images/hugehdr.jpg"))
                == .sideTooLong(width: 65_535, height: 65_535, limit: 65_500))
        let three = try image("signatures/sig_exif3.png"), six = try image("signatures/sig_exif6.png")
        #expect(three == six)
        #expect(try image("signatures/alpha_white_ink.png") == three)
    }
}

/// The inputs of `cases` beside the shared material.
enum SharedCases {
    private static let folder = ProcessInfo.processInfo.environment["LIKENESS_SHARED"].map { $0 + "/cases/" }

    static var arePresent: Bool { folder.map { FileManager.default.fileExists(atPath: $0) } ?? false }

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: (folder ?? "") + name)))
    }
}
