// SPDX-License-Identifier: Apache-2.0

/// A path as a word of a POSIX shell: what is pasted is that path and nothing else.
package enum ShellWord {
    /// - Parameter path: carried as ``EscapedBytes`` says.
    package static func quoted(_ path: String) -> String {
        let bytes = EscapedBytes.bytes(of: path)
        if !bytes.isEmpty, bytes.allSatisfy(isPlain) { return path }
        // What a terminal must not be sent needs escapes, which POSIX knows in this form alone since 2024.
        guard !EscapedBytes.isEscaped(path), PrintableText.of(path) == path else {
            return "$'" + bytes.map(escaped).joined() + "'"
        }
        return "'" + path.replacing("'", with: "'\\''") + "'"
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
