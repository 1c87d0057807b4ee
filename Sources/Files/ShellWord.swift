// SPDX-License-Identifier: Apache-2.0

/// A path as a word of a POSIX shell: what is pasted is that path and nothing else.
public enum ShellWord {
    /// A path in UTF-8.
    public static func quoted(_ path: String) -> String {
        quoted(Array(path.utf8), shown: path.unicodeScalars.allSatisfy(isShown) ? path : nil)
    }

    /// - Parameter shown: the path as a text that a terminal may be sent; nil where there is none.
    public static func quoted(_ path: [UInt8], shown: String?) -> String {
        if let shown, !path.isEmpty, path.allSatisfy(isPlain) { return shown }
        // What a terminal must not be sent needs escapes, which POSIX knows in this form alone since 2024.
        guard let shown else { return "$'" + path.map(escaped).joined() + "'" }
        return "'" + shown.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        default: true
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "/._-+,:@%".utf8.contains(byte)
        }
    }

    /// Octal escapes end after three digits, whatever follows.
    private static func escaped(_ byte: UInt8) -> String {
        if isPlain(byte) || byte == UInt8(ascii: " ") { return String(UnicodeScalar(byte)) }
        let digits = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
    }
}
