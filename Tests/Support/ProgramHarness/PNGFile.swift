// SPDX-License-Identifier: Apache-2.0

/// A PNG file chunk by chunk, for files that no encoder writes. Checksums are right, whatever the content.
package struct PNGFile {
    package static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    package private(set) var bytes = signature

    package init() {}

    /// - Parameter color: the colour type: 0 grey, 2 RGB, 3 palette, 4 grey and opacity, 6 RGB and opacity.
    package init(width: Int, height: Int, depth: UInt8 = 8, color: UInt8 = 2, interlaced: Bool = false) {
        append("IHDR", Self.number(width) + Self.number(height) + [depth, color, 0, 0, interlaced ? 1 : 0])
    }

    package mutating func append(_ type: String, _ content: [UInt8] = []) {
        bytes += Self.chunk(type, content)
    }

    /// Image data that is stored without compression, and what makes it a zlib stream.
    package mutating func appendStored(_ rows: [UInt8], chunkBytes: Int = 1 << 20) {
        appendImageData([0x78, 0x01] + Self.stored(rows) + Self.lastBlock, chunkBytes: chunkBytes)
    }

    package mutating func appendImageData(_ stream: [UInt8], chunkBytes: Int = 1 << 20) {
        for start in stride(from: 0, to: stream.count, by: chunkBytes) {
            append("IDAT", Array(stream[start..<min(start + chunkBytes, stream.count)]))
        }
    }

    package static func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
        let body = Array(type.utf8) + content
        return number(content.count) + body + number(Int(checksum(body)))
    }

    /// 32 bits, the highest first.
    package static func number(_ value: Int) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }

    /// The checksum of PNG chunks (ISO 3309).
    package static func checksum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var remainder: UInt32 = 0xFFFF_FFFF
        for byte in bytes {
            remainder ^= UInt32(byte)
            for _ in 0..<8 { remainder = remainder & 1 == 1 ? remainder >> 1 ^ 0xEDB8_8320 : remainder >> 1 }
        }
        return ~remainder
    }

    /// Blocks of deflate that hold the bytes as they are and end nothing.
    package static func stored(_ bytes: [UInt8]) -> [UInt8] {
        stride(from: 0, to: bytes.count, by: 65_535).flatMap { start in
            let part = bytes[start..<min(start + 65_535, bytes.count)]
            let low = UInt8(truncatingIfNeeded: part.count), high = UInt8(truncatingIfNeeded: part.count >> 8)
            return [0, low, high, ~low, ~high] + part
        }
    }

    private static let lastBlock: [UInt8] = [1, 0, 0, 0xFF, 0xFF]

    /// A block of deflate that ends nothing and unfolds to `1 + 258 × matches` zeros, 13 bits for each 258.
    package static func zeros(matches: Int) -> [UInt8] {
        var bits = BitWriter()
        bits.append(0b010, count: 3)  // not the last; fixed codes
        bits.append(code: 0b0011_0000, count: 8)  // the literal 0
        for _ in 0..<matches {
            bits.append(code: 0b1100_0101, count: 8)  // length 258
            bits.append(code: 0, count: 5)  // distance 1
        }
        bits.append(code: 0, count: 7)  // the end of the block
        // An empty stored block brings the next to a whole byte.
        bits.append(0, count: 3)
        return bits.bytes + [0, 0, 0xFF, 0xFF]
    }

    private struct BitWriter {
        var bytes: [UInt8] = []
        private var used = 8

        mutating func append(_ value: UInt16, count: Int) {
            for bit in 0..<count {
                if used == 8 { bytes.append(0); used = 0 }
                if value >> UInt16(bit) & 1 == 1 { bytes[bytes.count - 1] |= 1 << UInt8(used) }
                used += 1
            }
        }

        /// Huffman codes go the highest bit first.
        mutating func append(code: UInt16, count: Int) {
            for bit in (0..<count).reversed() { append(code >> UInt16(bit) & 1, count: 1) }
        }
    }
}
