/// Where the keys of a TOML text stand. The parser keeps no lines, so this looks for `[section]`, `[[section]]` and
/// `key =` at the beginning of lines, as people write such files, and knows no line for anything written otherwise.
///
/// The tables of an array are `section[0]`, `section[1]` and so on.
package struct KeyLines: Sendable {
    private var sections: [String: Int] = [:]
    private var keys: [String: Int] = [:]

    package init(_ text: String) {
        var section = ""
        var counts: [String: Int] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = Self.trimmed(line)
            if content.hasPrefix("[["), let end = content.firstIndex(of: "]") {
                let name = Self.bare(content[content.index(content.startIndex, offsetBy: 2)..<end])
                section = Self.place(name, counts: counts, beforeLast: true) + "[\(counts[name, default: 0])]"
                counts[name, default: 0] += 1
                sections[section] = index + 1
            } else if content.first == "[", let end = content.firstIndex(of: "]") {
                let name = Self.bare(content[content.index(after: content.startIndex)..<end])
                section = Self.place(name, counts: counts, beforeLast: false)
                sections[section] = sections[section] ?? index + 1
            } else if content.first != "#", let equals = content.firstIndex(of: "=") {
                let key = Self.bare(content[..<equals])
                keys["\(section).\(key)"] = keys["\(section).\(key)"] ?? index + 1
            }
        }
    }

    package func line(ofSection name: String) -> Int? { sections[name] }

    /// `section` is empty for keys above the first section.
    package func line(of key: String, in section: String) -> Int? {
        keys["\(section).\(key)"] ?? (section.isEmpty ? nil : keys[".\(section).\(key)"])
    }

    /// A dotted name with the number of the latest table behind each part that is an array.
    private static func place(_ name: String, counts: [String: Int], beforeLast: Bool) -> String {
        let parts = name.split(separator: ".").map(String.init)
        var plain: [String] = [], placed: [String] = []
        for (index, part) in parts.enumerated() {
            plain.append(part)
            let isLast = index == parts.count - 1
            let count = isLast && beforeLast ? nil : counts[plain.joined(separator: ".")]
            placed.append(count.map { "\(part)[\($0 - 1)]" } ?? part)
        }
        return placed.joined(separator: ".")
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }

    private static func bare(_ key: Substring) -> String {
        trimmed(key).filter { $0 != "\"" && $0 != "'" }
    }
}
