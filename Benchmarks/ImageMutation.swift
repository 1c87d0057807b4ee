// SPDX-License-Identifier: Apache-2.0

import ProgramHarness

/// A way of damaging an image file, of making it lie about its size, or of making it cost more than it shows.
enum ImageMutation: String, CaseIterable {
    case flippedBits = "flipped bits"
    case truncated = "truncated"
    case giantSize = "giant declared size"
    case overwrittenBlock = "overwritten block"
    case duplicatedBlock = "duplicated block"
    case missingEnd = "missing end"
    case scanBomb = "scan bomb"
    case deflateBomb = "deflate bomb"
    case textBomb = "text bomb"
    case exifNest = "EXIF nest"

    func applied(to original: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        switch self {
        case .flippedBits:
            Self.flipBits(in: &bytes, using: &generator)
        case .truncated:
            bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
        case .giantSize:
            Self.declareGiantSize(in: &bytes, using: &generator)
        case .overwrittenBlock:
            let start = Int.random(in: bytes.indices, using: &generator)
            for index in start..<min(start + 64, bytes.count) {
                bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
        case .duplicatedBlock:
            let start = Int.random(in: bytes.indices, using: &generator)
            bytes.insert(contentsOf: bytes[start..<min(start + 256, bytes.count)], at: start)
        case .missingEnd:
            bytes.removeLast(Int.random(in: 1...16, using: &generator))
        case .scanBomb:
            bytes = Self.scanBomb(using: &generator)
        case .deflateBomb:
            bytes = Self.deflateBomb(using: &generator)
        case .textBomb:
            bytes = Self.withTextBombs(bytes, using: &generator)
        case .exifNest:
            bytes = Self.withExifNest(bytes, using: &generator)
        }
        return bytes
    }

    private static func flipBits(in bytes: inout [UInt8], using generator: inout SeededGenerator) {
        for _ in 0..<Int.random(in: 1...16, using: &generator) {
            bytes[Int.random(in: bytes.indices, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
    }

    /// Pictures of up to 16 megapixels in up to 883 scans; every other one with flipped bits.
    private static func scanBomb(using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = ScanBomb.file(
            width: .random(in: 1...4096, using: &generator), height: .random(in: 1...4096, using: &generator),
            scans: .random(in: 1...ScanBomb.mostScans, using: &generator), isEnded: .random(using: &generator))
        if Bool.random(using: &generator) { flipBits(in: &bytes, using: &generator) }
        return bytes
    }

    /// A small grey picture whose image data go on for up to 3 GiB of zeros, in chunks of up to 16 MiB.
    private static func deflateBomb(using generator: inout SeededGenerator) -> [UInt8] {
        let side = Int.random(in: 1...256, using: &generator)
        let rows: [UInt8] = (0..<side).flatMap { (row: Int) -> [UInt8] in
            [0] + [UInt8](repeating: UInt8(truncatingIfNeeded: row), count: side)
        }
        var file = PNGFile(width: side, height: side, color: 0)
        file.appendImageData([0x78, 0x01] + PNGFile.stored(rows))
        let unit = PNGFile.chunk("IDAT", PNGFile.zeros(matches: .random(in: 1...65_024, using: &generator)))
        var bytes = file.bytes
        for _ in 0..<Int.random(in: 1...200, using: &generator) { bytes += unit }
        if Bool.random(using: &generator) { bytes += PNGFile.chunk("IEND", []) }
        return bytes
    }

    /// Compressed text and a profile of up to 16 MiB each before the pixels of a PNG; comments in a JPEG.
    private static func withTextBombs(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        let count = Int.random(in: 1...50, using: &generator)
        guard isPNG(bytes) else {
            let comment: [UInt8] = [0xFF, 0xFE, 0xFF, 0xFF] + Array(repeating: 0xFF, count: 0xFFFD)
            return bytes.prefix(2) + (0..<count).flatMap { _ in comment } + bytes.dropFirst(2)
        }
        let type = ["zTXt", "iTXt", "iCCP"].randomElement(using: &generator) ?? "zTXt"
        let chunk = PNGFile.chunk(
            type, [0x61, 0, 0, 0x78, 0x01] + PNGFile.zeros(matches: .random(in: 1...65_024, using: &generator)))
        return bytes.prefix(headerEnd) + (0..<count).flatMap { _ in chunk } + bytes.dropFirst(headerEnd)
    }

    /// An EXIF directory whose entries, types, counts and offsets are anything, and often the directory itself.
    private static func withExifNest(_ bytes: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        let bigEndian = Bool.random(using: &generator)
        func number(_ value: Int, _ width: Int) -> [UInt8] {
            let bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return bigEndian ? bytes.reversed() : bytes
        }
        let directory = [8, 8, 8, 0, 4, 0xFFFF_FFFF, 0x7FFF_FFFF].randomElement(using: &generator) ?? 8
        let entries = Int.random(in: 0...200, using: &generator)
        var exif = Array((bigEndian ? "MM" : "II").utf8) + number(42, 2) + number(directory, 4)
        exif += number(Bool.random(using: &generator) ? entries : 0xFFFF, 2)
        for _ in 0..<entries {
            // The orientation, the places of further directories, and others.
            exif += number([0x0112, 0x8769, 0x8825, 0x014A, 0x0100].randomElement(using: &generator) ?? 0x0112, 2)
            exif += number(.random(in: 0...13, using: &generator), 2)
            exif += number([0, 1, 2, 0xFFFF_FFFF].randomElement(using: &generator) ?? 1, 4)
            exif += number([8, 6, 0, 0xFFFF_FFFF, 0x0006_0000].randomElement(using: &generator) ?? 8, 4)
        }
        if isPNG(bytes) {
            let chunk = PNGFile.chunk("eXIf", exif)
            let place = Bool.random(using: &generator) ? headerEnd : bytes.count - 12
            return bytes.prefix(place) + chunk + bytes.dropFirst(place)
        }
        let body = Array("Exif\0\0".utf8) + exif
        return bytes.prefix(2) + [0xFF, 0xE1, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 255)] + body
            + bytes.dropFirst(2)
    }

    private static func isPNG(_ bytes: [UInt8]) -> Bool { bytes.starts(with: PNGFile.signature) }

    /// Where a PNG file's first chunk, its header, ends.
    private static let headerEnd = 33

    /// Puts sizes of up to 65,535 (JPEG) or 2³¹ − 1 (PNG, with its checksum made good) in the header.
    private static func declareGiantSize(in bytes: inout [UInt8], using generator: inout SeededGenerator) {
        if isPNG(bytes) {
            for side in [16, 20] {
                bytes.replaceSubrange(
                    side..<side + 4, with: PNGFile.number(.random(in: 20_000...0x7FFF_FFFF, using: &generator)))
            }
            bytes.replaceSubrange(29..<33, with: PNGFile.number(Int(PNGFile.checksum(bytes[12..<29]))))
        } else if let frame = startOfFrame(in: bytes) {
            for byte in 0..<4 { bytes[frame + 5 + byte] = UInt8.random(in: 0xF0...0xFF, using: &generator) }
        }
    }

    /// The offset of the first start-of-frame marker of a JPEG file.
    private static func startOfFrame(in bytes: [UInt8]) -> Int? {
        var offset = 2
        while offset + 9 < bytes.count, bytes[offset] == 0xFF {
            if [0xC0, 0xC1, 0xC2].contains(bytes[offset + 1]) { return offset }
            offset += 2 + Int(bytes[offset + 2]) << 8 + Int(bytes[offset + 3])
        }
        return nil
    }
}
