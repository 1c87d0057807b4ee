// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The name of an identity: 1–128 Unicode characters in normal form C, without control characters and
/// without white space at either end.
///
/// Names are compared by their normal form, so that `é` typed as one code point or as two is one name.
public struct IdentityName: Sendable, Hashable {
    /// The longest name, in characters (extended grapheme clusters).
    public static let maximumCharacters = 128
    /// The longest name, in bytes of UTF-8; it bounds what a cluster of combining marks can cost.
    public static let maximumBytes = 1024

    /// The name in normal form C.
    public let text: String

    /// - Throws: ``InvalidIdentityName`` that says which rule the name breaks.
    public init(_ text: String) throws(InvalidIdentityName) {
        if Self.isPlain(text) {
            self.text = text
            return
        }
        guard text.utf8.count <= 4 * Self.maximumBytes else {
            throw InvalidIdentityName(reason: "it has more than \(Self.maximumBytes) bytes")
        }
        let normal = text.precomposedStringWithCanonicalMapping
        guard !normal.isEmpty else {
            throw InvalidIdentityName(reason: "it is empty")
        }
        guard normal.count <= Self.maximumCharacters else {
            throw InvalidIdentityName(
                reason: "it has \(normal.count) characters, and \(Self.maximumCharacters) is the most")
        }
        guard normal.utf8.count <= Self.maximumBytes else {
            throw InvalidIdentityName(reason: "it has more than \(Self.maximumBytes) bytes")
        }
        for scalar in normal.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
                throw InvalidIdentityName(
                    reason:
                        "it holds the control or unassigned character U+\(String(scalar.value, radix: 16, uppercase: true))"
                )
            case .format where !Self.isJoiner(scalar):
                // Direction overrides and invisible characters make two names that look alike.
                throw InvalidIdentityName(
                    reason: "it holds the invisible character U+\(String(scalar.value, radix: 16, uppercase: true))")
            default:
                continue
            }
        }
        if let first = normal.unicodeScalars.first, let last = normal.unicodeScalars.last,
            first.properties.isWhitespace || last.properties.isWhitespace
        {
            throw InvalidIdentityName(reason: "it begins or ends with white space")
        }
        self.text = normal
    }

    /// Whether the text is of printable ASCII, and a name: most are, and a gallery that is loaded has many.
    private static func isPlain(_ text: String) -> Bool {
        let bytes = text.utf8
        return (1...maximumCharacters).contains(bytes.count) && bytes.allSatisfy { (0x20...0x7E).contains($0) }
            && bytes.first != 0x20 && bytes.last != 0x20
    }

    /// Zero-width joiner and non-joiner carry meaning in several scripts.
    private static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x200C || scalar.value == 0x200D
    }
}

extension IdentityName: CustomStringConvertible {
    public var description: String { text }
}

/// A name that no identity can have.
public struct InvalidIdentityName: Error, Equatable, CustomStringConvertible {
    /// Which rule the name breaks, as the end of a sentence.
    public let reason: String

    public init(reason: String) {
        self.reason = reason
    }

    public var description: String {
        "this name cannot be used: \(reason); a name has 1 to \(IdentityName.maximumCharacters) printable characters"
    }
}
