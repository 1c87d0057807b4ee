// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// The names that files of a package may have: no folders, nothing hidden, nothing a shell would mind.
package enum PackageFileName {
    static let manifest = "model.toml"
    static let maximumLength = 100
    /// How many digits of a package's digest end its folder's name.
    static let folderDigits = 32

    /// The name of a package's folder in a store.
    static func folder(of name: String, digest: ModelDigest) -> String {
        "\(name)-\(digest.hexadecimal.prefix(folderDigits))"
    }

    /// Letters, digits, dot, underscore and hyphen of ASCII, the first a letter or digit.
    package static func isPlain(_ text: String, atMost limit: Int) -> Bool {
        guard (1...limit).contains(text.utf8.count), let first = text.utf8.first else { return false }
        guard isLetterOrDigit(first) else { return false }
        return text.utf8.allSatisfy { byte in
            isLetterOrDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
