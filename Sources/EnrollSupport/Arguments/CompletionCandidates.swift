// SPDX-License-Identifier: Apache-2.0

/// What a shell may be offered to complete a word by.
package enum CompletionCandidates {
    /// Those that begin with a word's beginning and that a shell takes as they stand: letters and numbers of any script and
    /// `.`, `_`, `@`, `+` and `-`, the last not at the beginning, where it would be taken for an option.
    ///
    /// The script that ArgumentParser writes for bash hands candidates to `compgen -W`, which expands each: a name such as
    /// `$(command)`, which whoever may enrol chooses, would be run as the user who presses the tab key. What holds any other
    /// character, a space too, is left out, and has to be typed.
    package static func safe(_ candidates: [String], prefix: String) -> [String] {
        candidates.filter { isSafe($0) && $0.hasPrefix(prefix) }
    }

    private static func isSafe(_ text: String) -> Bool {
        !text.isEmpty && !text.hasPrefix("-") && text.unicodeScalars.allSatisfy(isSafe)
    }

    private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber,
            .otherNumber:
            true
        default: ".@_+-".unicodeScalars.contains(scalar)
        }
    }
}
