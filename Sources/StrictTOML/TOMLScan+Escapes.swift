// SPDX-License-Identifier: Apache-2.0

extension TOMLScan {
    /// The text that the content of a basic string stands for; nil where it holds an escape that TOML does not know.
    static func decoded(_ content: ArraySlice<UInt8>) -> String? {
        guard content.contains(UInt8(ascii: "\\")) else { return String(decoding: content, as: UTF8.self) }
        var text = ""
        var rest = content
        while let slash = rest.firstIndex(of: UInt8(ascii: "\\")) {
            text += String(decoding: rest[..<slash], as: UTF8.self)
            rest = rest[(slash + 1)...]
            guard let letter = rest.popFirst() else { return nil }
            switch letter {
            case UInt8(ascii: "b"): text += "\u{8}"
            case UInt8(ascii: "t"): text += "\t"
            case UInt8(ascii: "n"): text += "\n"
            case UInt8(ascii: "f"): text += "\u{C}"
            case UInt8(ascii: "r"): text += "\r"
            case UInt8(ascii: "\""): text += "\""
            case UInt8(ascii: "\\"): text += "\\"
            case UInt8(ascii: "u"), UInt8(ascii: "U"):
                let count = letter == UInt8(ascii: "u") ? 4 : 8
                let digits = String(decoding: rest.prefix(count), as: UTF8.self)
                guard rest.count >= count, digits.utf8.allSatisfy({ isHexadecimal($0) }),
                    let value = UInt32(digits, radix: 16),
                    let scalar = Unicode.Scalar(value)
                else { return nil }
                text.unicodeScalars.append(scalar)
                rest = rest.dropFirst(count)
            default: return nil
            }
        }
        return text + String(decoding: rest, as: UTF8.self)
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool { Character(Unicode.Scalar(byte)).isHexDigit }
}
