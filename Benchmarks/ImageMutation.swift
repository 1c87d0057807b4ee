import ProgramHarness

/// A way of damaging an image file, or of making it lie about its size.
enum ImageMutation: String, CaseIterable {
    case flippedBits = "flipped bits"
    case truncated = "truncated"
    case giantSize = "giant declared size"
    case overwrittenBlock = "overwritten block"
    case duplicatedBlock = "duplicated block"

    func applied(to original: [UInt8], using generator: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        switch self {
        case .flippedBits:
            for _ in 0..<Int.random(in: 1...16, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
        case .truncated:
            bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
        case .giantSize:
            Self.declareGiantSize(in: &bytes, using: &generator)
        case .overwrittenBlock:
            let start = Int.random(in: bytes.indices, using: &generator)
            for index in start..<min(start + 64, bytes.count) { bytes[index] = UInt8.random(in: 0...255, using: &generator) }
        case .duplicatedBlock:
            let start = Int.random(in: bytes.indices, using: &generator)
            bytes.insert(contentsOf: bytes[start..<min(start + 256, bytes.count)], at: start)
        }
        return bytes
    }

    /// Puts sizes of up to 65,535 (JPEG) or 2³¹ − 1 (PNG, with its checksum made good) in the header.
    private static func declareGiantSize(in bytes: inout [UInt8], using generator: inout SeededGenerator) {
        if bytes.starts(with: [0x89, 0x50]) {
            for side in [16, 20] {
                let size = UInt32.random(in: 20_000...0x7FFF_FFFF, using: &generator)
                for byte in 0..<4 { bytes[side + byte] = UInt8(truncatingIfNeeded: size >> (24 - 8 * UInt32(byte))) }
            }
            let checksum = crc32(bytes[12..<29])
            for byte in 0..<4 { bytes[29 + byte] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * UInt32(byte))) }
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

    /// The checksum of PNG chunks (ISO 3309).
    private static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
        }
        return ~remainder
    }
}
