// SPDX-License-Identifier: Apache-2.0

/// Breaks text between its words.
package enum TextWrap {
    /// Lines of at most so many columns, one at least. A word that is wider stands alone and is not broken: paths and
    /// commands are to be copied.
    package static func lines(_ text: String, columns: Int) -> [String] {
        var lines: [String] = [], line = "", width = 0
        for word in text.split(separator: " ") {
            let wordWidth = DisplayWidth.of(word)
            if line.isEmpty {
                (line, width) = (String(word), wordWidth)
            } else if width + 1 + wordWidth > columns {
                lines.append(line)
                (line, width) = (String(word), wordWidth)
            } else {
                line += " " + word
                width += 1 + wordWidth
            }
        }
        return lines + [line]
    }
}
