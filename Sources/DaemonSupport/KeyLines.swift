/// Where the keys of a TOML text stand. The parser keeps no lines, so this looks for `[section]` and `key =`
/// at the beginning of lines, as people write configurations, and knows no line for anything written otherwise.
struct KeyLines {
    private var sections: [String: Int] = [:]
    private var keys: [String: Int] = [:]

    init(_ text: String) {
        var section = ""
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let content = Self.trimmed(line)
            if content.first == "[", let end = content.firstIndex(of: "]") {
                section = Self.bare(content[content.index(after: content.startIndex)..<end])
                sections[section] = sections[section] ?? index + 1
            } else if content.first != "#", let equals = content.firstIndex(of: "=") {
                let key = Self.bare(content[..<equals])
                keys["\(section).\(key)"] = keys["\(section).\(key)"] ?? index + 1
            }
        }
    }

    func line(ofSection name: String) -> Int? { sections[name] }

    /// `section` is empty for keys above the first section.
    func line(of key: String, in section: String) -> Int? {
        keys["\(section).\(key)"] ?? (section.isEmpty ? nil : keys[".\(section).\(key)"])
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
