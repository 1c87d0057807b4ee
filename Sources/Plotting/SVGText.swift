// SPDX-License-Identifier: Apache-2.0

/// The words of an SVG file whose letters are outlines.
enum SVGText {
    /// Puts a title and a description into the root element, where readers of screens look for them.
    static func described(_ file: [UInt8], title: String, description: String) -> [UInt8] {
        let start = Array("<svg".utf8)
        guard let root = file.firstRange(of: start),
            let end = file[root.upperBound...].firstIndex(of: UInt8(ascii: ">"))
        else {
            return file
        }
        let words = "\n<title>\(escaped(title))</title>\n<desc>\(escaped(description))</desc>"
        return Array(file[...end]) + Array(words.utf8) + Array(file[(end + 1)...])
    }

    /// The text as XML has it; characters that XML does not have become blanks.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default:
                let isBlank = scalar.properties.generalCategory == .control || scalar.value & 0xFFFE == 0xFFFE
                escaped.unicodeScalars.append(isBlank ? " " : scalar)
            }
        }
        return escaped
    }
}
