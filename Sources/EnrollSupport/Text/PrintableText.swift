// SPDX-License-Identifier: Apache-2.0

/// Texts of others, made fit for a terminal.
public enum PrintableText {
    /// The text with everything that would control a terminal, break the line or turn the direction of writing
    /// written out as `\u{1B}`, or as `\n`, `\t` and `\r`.
    public static func of(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnprintable) else { return text }
        var printable = ""
        for scalar in text.unicodeScalars {
            if let letter = letters[scalar] {
                printable += letter
            } else if isUnprintable(scalar) {
                printable += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
            } else {
                printable.unicodeScalars.append(scalar)
            }
        }
        return printable
    }

    /// The same for a text of several lines, whose line feeds stay.
    public static func ofLines(_ text: String) -> String {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
            .map { of(String($0)) }.joined(separator: "\n")
    }

    /// As every programming language writes them.
    private static let letters: [Unicode.Scalar: String] = ["\n": "\\n", "\t": "\\t", "\r": "\\r"]

    private static func isUnprintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .surrogate: true
        // The zero-width joiner and non-joiner belong to the spelling of several languages.
        case .format: scalar.value != 0x200C && scalar.value != 0x200D
        default: false
        }
    }
}
