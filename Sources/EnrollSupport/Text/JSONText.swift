// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What `--json` prints: one object on one line, its keys in alphabetical order.
public enum JSONText {
    /// The object and a line feed. The control characters that JSON allows are escaped too, so that nobody's name
    /// controls a terminal.
    public static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text = ""
        // Beyond ASCII, and for DEL, these characters can only stand within strings.
        for scalar in String(decoding: try encoder.encode(value), as: UTF8.self).unicodeScalars {
            if (0x7F...0x9F).contains(scalar.value) {
                text += "\\u00" + String(scalar.value, radix: 16)
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text + "\n"
    }
}
