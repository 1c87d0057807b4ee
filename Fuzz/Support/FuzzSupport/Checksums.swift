// SPDX-License-Identifier: Apache-2.0

/// Makes the checksums of an input right, since no mutation finds one: what stands behind them would never be read. Inputs whose
/// last byte is odd are left as they are, so that wrong ones are read too.
package enum Checksums {
    package static func isLeft(_ input: [UInt8]) -> Bool { input.last.map { $0 % 2 == 1 } ?? true }

    /// Of the chunks of a PNG file.
    package static func corrected(png input: [UInt8]) -> [UInt8] {
        guard !isLeft(input), input.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return input }
        var bytes = input
        var chunk = 8
        while chunk + 12 <= bytes.count {
            let length = bytes[chunk..<chunk + 4].reduce(0) { $0 << 8 | Int($1) }
            let end = chunk + 8 + length
            guard end + 4 <= bytes.count else { break }
            let checksum = crc32(bytes[chunk + 4..<end])
            for (place, shift) in [24, 16, 8, 0].enumerated() {
                bytes[end + place] = UInt8(truncatingIfNeeded: checksum >> UInt32(shift))
            }
            chunk = end + 4
        }
        return bytes
    }

    /// Of the headers of a tar archive.
    package static func corrected(tar input: [UInt8]) -> [UInt8] {
        guard !isLeft(input) else { return input }
        var bytes = input
        var header = 0
        while header + 512 <= bytes.count {
            // The end mark has none.
            guard bytes[header..<header + 512].contains(where: { $0 != 0 }) else { break }
            let field = header + 148..<header + 156
            for place in field { bytes[place] = 0x20 }
            let sum = bytes[header..<header + 512].reduce(0) { $0 + Int($1) }
            let digits = String(sum, radix: 8)
            let text = String(repeating: "0", count: max(0, 6 - digits.count)) + digits + "\0 "
            for (place, byte) in zip(field, text.utf8) { bytes[place] = byte }
            let size = bytes[header + 124..<header + 135].reduce(0) {
                (0x30...0x37).contains($1) ? $0 << 3 | Int($1 - 0x30) : $0
            }
            guard size <= bytes.count else { break }
            header += 512 + (size + 511) / 512 * 512
        }
        return bytes
    }

    private static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~0 as UInt32) { (table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)]) ^ $0 >> 8 }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1 }
    }
}
