// SPDX-License-Identifier: Apache-2.0

/// A header of a tar archive (POSIX.1-1988 ustar): 512 bytes before each file. The content that follows is filled up
/// with zeros to whole blocks, and two blocks of zeros end an archive.
package struct TarHeader: Sendable, Hashable {
    package static let block = 512
    /// Eleven octal digits.
    package static let maximumSize = (1 << 33) - 1

    /// Why an archive is refused, as the end of a sentence.
    package struct Refusal: Error, Hashable {
        package let reason: String
    }

    package enum Kind: Sendable { case file, folder, attributes }

    package let path: String
    package let size: Int
    package let kind: Kind

    /// The zeros that fill up a content.
    package static func padding(after size: Int) -> Int { (block - size % block) % block }

    /// Reads a header; nothing is allocated by what it says.
    package init(_ header: ArraySlice<UInt8>) throws(Refusal) {
        let bytes = Array(header)
        guard bytes.count == Self.block, bytes[257..<262].elementsEqual("ustar".utf8) else {
            throw Refusal(reason: "it is not an uncompressed tar archive of the ustar format")
        }
        var sum = 0
        for (index, byte) in bytes.enumerated() {
            // The checksum's own field counts as spaces.
            sum += (148..<156).contains(index) ? 0x20 : Int(byte)
        }
        guard Self.octal(bytes[148..<156]) == sum else { throw Refusal(reason: "the checksum of an entry is wrong") }
        let name = Self.text(bytes[0..<100])
        // GNU's variant (version " \0") keeps times where ustar has the prefix.
        let prefix = bytes[263] == UInt8(ascii: "0") ? Self.text(bytes[345..<500]) : ""
        path = prefix.isEmpty ? name : prefix + "/" + name
        guard let size = Self.octal(bytes[124..<136]) else {
            throw Refusal(reason: "the size of the entry “\(path)” is no octal number")
        }
        self.size = size
        switch bytes[156] {
        case 0, UInt8(ascii: "0"): kind = .file
        case UInt8(ascii: "5"): kind = .folder
        // Extended attributes (POSIX.1-2001), such as a finer time.
        case UInt8(ascii: "x"), UInt8(ascii: "g"): kind = .attributes
        default:
            throw Refusal(reason: "the entry “\(path)” is a link, a device or of another kind that is not taken")
        }
    }

    private static func text(_ field: ArraySlice<UInt8>) -> String {
        String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
    }

    /// At most twelve digits, so that no value overflows; nil for anything else.
    private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
        let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
        guard !digits.isEmpty, digits.count <= 12 else { return nil }
        var value = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "7")).contains(digit) else { return nil }
            value = value << 3 | Int(digit - UInt8(ascii: "0"))
        }
        return value
    }

    /// A header of a regular file, at time 0, owned by nobody in particular.
    ///
    /// - Parameters:
    ///   - path: at most 100 bytes of it after its first folder, and that folder too.
    ///   - size: at most ``maximumSize``.
    package static func bytes(path: String, size: Int, mode: Int = 0o644) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: block)
        func put(_ text: String, at offset: Int) {
            for (index, byte) in text.utf8.enumerated() { bytes[offset + index] = byte }
        }
        func octal(_ value: Int, digits: Int) -> String {
            let text = String(value, radix: 8)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        // A long folder goes to the prefix; both parts are at most 100 characters by PackageFileName.
        let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
        if path.utf8.count <= 100 || parts.count < 2 {
            put(path, at: 0)
        } else {
            put(parts[1], at: 0)
            put(parts[0], at: 345)
        }
        put(octal(mode, digits: 7), at: 100)
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put("0", at: 156)
        put("ustar", at: 257)
        put("00", at: 263)
        put("        ", at: 148)
        put(octal(bytes.reduce(0) { $0 + Int($1) }, digits: 6), at: 148)
        bytes[154] = 0
        return bytes
    }
}
