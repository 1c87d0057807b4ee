// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Arguments and paths as the bytes that the caller chose, carried through code that knows texts alone.
///
/// A byte that is part of no UTF-8 becomes one scalar of the last private plane, U+10FF80 to U+10FFFF, and so does each
/// byte of such a scalar that somebody gave: no two byte strings are carried alike, and the bytes come out as they went
/// in. A name is never carried: it is refused (``TextArgument``).
public enum EscapedBytes {
    private static let base: UInt32 = 0x10_FF00
    private static let scalars: ClosedRange<UInt32> = 0x10_FF80...0x10_FFFF

    public static func text(of bytes: some Sequence<UInt8>) -> String {
        let bytes = Array(bytes)
        if let text = String(validating: bytes, as: UTF8.self), !isEscaped(text) { return text }
        var text = "", rest = bytes[...]
        while let first = rest.first {
            if let scalar = leadingScalar(of: rest), !scalars.contains(scalar.value) {
                text.unicodeScalars.append(scalar)
                rest = rest.dropFirst(UTF8.width(scalar))
            } else {
                if let carried = Unicode.Scalar(base + UInt32(first)) { text.unicodeScalars.append(carried) }
                rest = rest.dropFirst()
            }
        }
        return text
    }

    public static func bytes(of text: String) -> [UInt8] {
        guard isEscaped(text) else { return Array(text.utf8) }
        return text.unicodeScalars.flatMap { scalar -> [UInt8] in
            byte(of: scalar).map { [$0] } ?? Array(UTF8.encode(scalar) ?? .init())
        }
    }

    /// Whether a text stands for bytes that are not UTF-8.
    public static func isEscaped(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalars.contains($0.value) }
    }

    /// A path for messages and JSON, which hold texts: a byte that is not UTF-8 stands as `\xFC`, a line feed as `\n`.
    public static func printable(_ path: String) -> String {
        let shown = shown(path)
        guard shown.unicodeScalars.contains("\n") else { return shown }
        return shown.unicodeScalars.map { $0 == "\n" ? "\\n" : String($0) }.joined()
    }

    /// A text of several lines in which such bytes can stand.
    public static func shown(_ text: String) -> String {
        guard isEscaped(text) else { return text }
        return text.unicodeScalars.map { scalar in
            byte(of: scalar).map { "\\x" + String($0, radix: 16, uppercase: true) } ?? String(scalar)
        }.joined()
    }

    /// The byte that a scalar of ``text(of:)`` stands for; nil for one that stands for itself.
    private static func byte(of scalar: Unicode.Scalar) -> UInt8? {
        scalars.contains(scalar.value) ? UInt8(scalar.value - base) : nil
    }

    /// Calls the system with a path as the bytes that were given. One with a zero byte is cut there, as C does.
    public static func withCString<Value>(
        _ text: String, _ body: (UnsafePointer<CChar>) throws -> Value
    ) rethrows -> Value {
        let bytes = bytes(of: text).map { CChar(bitPattern: $0) } + [0]
        return try bytes.withUnsafeBufferPointer { buffer in
            // An array with an element has an address.
            guard let start = buffer.baseAddress else { return try "".withCString(body) }
            return try body(start)
        }
    }

    private static func leadingScalar(of bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard let first = bytes.first else { return nil }
        let width = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        guard let text = String(validating: bytes.prefix(width), as: UTF8.self) else { return nil }
        return text.unicodeScalars.count == 1 ? text.unicodeScalars.first : nil
    }
}

/// What this process was started with.
public enum GivenProcess {
    /// The arguments after the program's name, carried as ``EscapedBytes`` says.
    public static var arguments: [String] {
        // Swift's own list is of repaired texts, in which two names can have become one.
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            CommandLine.unsafeArgv[index].map { EscapedBytes.text(of: bytes($0)) }
        }
    }

    /// The environment, carried likewise.
    public static var environment: [String: String] {
        var variables: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let bytes = bytes(text)
            if let equals = bytes.firstIndex(of: UInt8(ascii: "=")) {
                variables[EscapedBytes.text(of: bytes[..<equals])] = EscapedBytes.text(of: bytes[(equals + 1)...])
            }
            entry += 1
        }
        return variables
    }

    private static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
        Array(UnsafeBufferPointer(start: text, count: strlen(text))).map { UInt8(bitPattern: $0) }
    }
}
