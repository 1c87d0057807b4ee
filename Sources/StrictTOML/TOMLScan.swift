// SPDX-License-Identifier: Apache-2.0

/// Follows the structure of a TOML text (version 1.0) without building anything of it, before the parser sees it: that
/// one goes down its stack with every level, and takes memory for every value. What is not followed here never reaches
/// the parser, so that no spelling hides a level.
struct TOMLScan {
    private let bytes: [UInt8]
    private var at = 0
    private var line = 1
    private var items = 0
    private var lines = TOMLLines()
    /// How many tables each array of tables has so far.
    private var counts: [String: Int] = [:]

    /// A table or value: its name for ``TOMLLines``, and the levels down to it.
    private struct Location {
        var name = ""
        var depth = 0
    }

    /// The lines of the text's keys and tables.
    ///
    /// - Throws: ``TOMLProblem/syntax(line:reason:)``.
    static func lines(of text: String) throws(TOMLProblem) -> TOMLLines {
        var scan = TOMLScan(bytes: Array(text.utf8))
        try scan.document()
        return scan.lines
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        // A byte order mark is no part of the text.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { at = 3 }
    }

    // MARK: Lines

    private mutating func document() throws(TOMLProblem) {
        var table = Location()
        while true {
            try skipBlank(withLines: true)
            guard let byte = peek() else { return }
            if byte == UInt8(ascii: "[") {
                table = try header()
            } else {
                try keyAndValue(in: table)
            }
            try endOfLine()
        }
    }

    /// `[name]` or `[[name]]`.
    private mutating func header() throws(TOMLProblem) -> Location {
        at += 1
        let isArray = peek() == UInt8(ascii: "[")
        if isArray { at += 1 }
        let parts = try key()
        for _ in 0..<(isArray ? 2 : 1) {
            guard take(UInt8(ascii: "]")) else {
                throw syntax("a table's header ends without “\(isArray ? "]]" : "]")}”")
            }
        }
        var location = Location()
        for (index, part) in parts.enumerated() {
            location = try inside(location, part)
            if isArray, index == parts.count - 1 {
                let number = counts[location.name, default: 0]
                counts[location.name] = number + 1
                location = try member(number, of: location)
                lines.note(location.name, line: line)
            } else if let count = counts[location.name] {
                location = try member(count - 1, of: location)
            }
        }
        try count()
        return location
    }

    private mutating func keyAndValue(in table: Location) throws(TOMLProblem) {
        var location = table
        for part in try key() { location = try inside(location, part) }
        guard take(UInt8(ascii: "=")) else {
            throw syntax("“=” is missing after the key “\(location.name.suffix(80))”")
        }
        try skipBlank(withLines: false)
        try value(at: location)
    }

    private mutating func endOfLine() throws(TOMLProblem) {
        try skipBlank(withLines: false)
        guard let byte = peek() else { return }
        switch byte {
        case UInt8(ascii: "#"): try comment()
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): try newLine()
        default: throw syntax("something follows that does not belong in this line")
        }
    }

    // MARK: Keys

    /// The parts of a dotted key, with the blanks around it.
    private mutating func key() throws(TOMLProblem) -> [String] {
        var parts: [String] = []
        while true {
            try skipBlank(withLines: false)
            parts.append(try keyPart())
            guard parts.count <= TOMLLimits.depth else { throw tooDeep() }
            try skipBlank(withLines: false)
            guard take(UInt8(ascii: ".")) else { return parts }
        }
    }

    private mutating func keyPart() throws(TOMLProblem) -> String {
        let part: String
        switch peek() {
        case UInt8(ascii: "\""):
            guard let text = Self.decoded(try basicString(mayHaveLines: false)) else {
                throw syntax("a key holds an escape that TOML does not know")
            }
            part = text
        case UInt8(ascii: "'"): part = String(decoding: try literalString(mayHaveLines: false), as: UTF8.self)
        default:
            let start = at
            while let byte = peek(), Self.isBare(byte) { at += 1 }
            guard at > start else { throw syntax("a key is missing here") }
            part = String(decoding: bytes[start..<at], as: UTF8.self)
        }
        guard part.utf8.count <= TOMLLimits.keyBytes else {
            throw excess("a key is longer than \(TOMLLimits.keyBytes) bytes")
        }
        return part
    }

    static func isBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    // MARK: Values

    private mutating func value(at location: Location) throws(TOMLProblem) {
        try count()
        switch peek() {
        case UInt8(ascii: "\""): _ = try basicString(mayHaveLines: true)
        case UInt8(ascii: "'"): _ = try literalString(mayHaveLines: true)
        case UInt8(ascii: "["): try array(at: location)
        case UInt8(ascii: "{"): try inlineTable(at: location)
        default: try scalar()
        }
    }

    private mutating func array(at location: Location) throws(TOMLProblem) {
        at += 1
        var number = 0
        while true {
            try skipBlank(withLines: true)
            if take(UInt8(ascii: "]")) { return }
            try value(at: try member(number, of: location))
            number += 1
            try skipBlank(withLines: true)
            if take(UInt8(ascii: "]")) { return }
            guard take(UInt8(ascii: ",")) else { throw syntax("an array needs “,” or “]” here") }
        }
    }

    private mutating func inlineTable(at location: Location) throws(TOMLProblem) {
        at += 1
        try skipBlank(withLines: false)
        if take(UInt8(ascii: "}")) { return }
        while true {
            try keyAndValue(in: location)
            try skipBlank(withLines: false)
            if take(UInt8(ascii: "}")) { return }
            guard take(UInt8(ascii: ",")) else {
                throw syntax("a table in braces needs “,” or “}” here, in the same line")
            }
        }
    }

    /// A number, a truth value, a date or a time.
    private mutating func scalar() throws(TOMLProblem) {
        let start = at
        skipScalar()
        guard at > start else { throw syntax("a value is missing here") }
        // A date and a time may have a blank between them.
        let isDate = at - start == 10 && bytes[start + 4] == UInt8(ascii: "-") && bytes[start + 7] == UInt8(ascii: "-")
        if isDate, peek() == UInt8(ascii: " "), at + 1 < bytes.count,
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at + 1])
        {
            at += 1
            skipScalar()
        }
        guard Self.isScalar(bytes[start..<at]) else {
            let text = String(decoding: bytes[start..<at].prefix(80), as: UTF8.self)
            throw syntax("“\(text)” is no number, truth value, date or time; a text stands in quotes")
        }
    }

    private mutating func skipScalar() {
        while let byte = peek(),
            Self.isBare(byte) || [UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: ":")].contains(byte)
        { at += 1 }
    }

    // MARK: Strings

    /// The content, escapes and all. In quotes, three of them around text of several lines.
    private mutating func basicString(mayHaveLines: Bool) throws(TOMLProblem) -> ArraySlice<UInt8> {
        try string(quote: UInt8(ascii: "\""), mayHaveLines: mayHaveLines, hasEscapes: true)
    }

    private mutating func literalString(mayHaveLines: Bool) throws(TOMLProblem) -> ArraySlice<UInt8> {
        try string(quote: UInt8(ascii: "'"), mayHaveLines: mayHaveLines, hasEscapes: false)
    }

    private mutating func string(
        quote: UInt8, mayHaveLines: Bool, hasEscapes: Bool
    ) throws(TOMLProblem) -> ArraySlice<UInt8> {
        let begin = line
        let isLong = run(of: quote, atMost: 3) == 3
        guard !isLong || mayHaveLines else { throw syntax("a key is not written in three quotes") }
        at += isLong ? 3 : 1
        let start = at
        while let byte = peek() {
            if byte == quote {
                // A long text may end in one or two quotes of its own.
                let quotes = isLong ? run(of: quote, atMost: 5) : 1
                at += quotes
                if !isLong || quotes >= 3 { return bytes[start..<at - (isLong ? 3 : 1)] }
            } else if byte == UInt8(ascii: "\\"), hasEscapes {
                at += 1
                guard let escaped = peek() else { break }
                if escaped == UInt8(ascii: "u") || escaped == UInt8(ascii: "U") {
                    let digits = bytes[(at + 1)...].prefix(escaped == UInt8(ascii: "u") ? 4 : 8)
                    // The parser would take it for the end of the text.
                    guard !digits.allSatisfy({ $0 == UInt8(ascii: "0") }) else {
                        throw excess("a text holds the character U+0000")
                    }
                }
                // The end of a line is counted below.
                if escaped > 0x20 { at += 1 }
            } else if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
                guard isLong else { break }
                try newLine()
            } else {
                try requireText(byte)
                at += 1
            }
        }
        line = begin
        throw syntax("a text begins here that has no end")
    }

    /// How many of a quote stand here.
    private func run(of quote: UInt8, atMost limit: Int) -> Int {
        bytes[at...].prefix(limit).prefix { $0 == quote }.count
    }

    // MARK: Blanks

    private mutating func skipBlank(withLines: Bool) throws(TOMLProblem) {
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): at += 1
            case UInt8(ascii: "\n") where withLines, UInt8(ascii: "\r") where withLines: try newLine()
            case UInt8(ascii: "#") where withLines: try comment()
            default: return
            }
        }
    }

    private mutating func comment() throws(TOMLProblem) {
        while let byte = peek(), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
            try requireText(byte)
            at += 1
        }
    }

    /// A line feed, or a carriage return and a line feed.
    private mutating func newLine() throws(TOMLProblem) {
        if take(UInt8(ascii: "\r")), peek() != UInt8(ascii: "\n") {
            throw syntax("a carriage return has no line feed after it")
        }
        at += 1
        line += 1
    }

    /// Control characters other than tabs are no text.
    private func requireText(_ byte: UInt8) throws(TOMLProblem) {
        guard byte >= 0x20 && byte != 0x7F || byte == UInt8(ascii: "\t") else {
            throw syntax("a control character (\(byte)) stands here")
        }
    }

    // MARK: Counting

    private func peek() -> UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        at += 1
        return true
    }

    private mutating func count() throws(TOMLProblem) {
        items += 1
        guard items <= TOMLLimits.items else { throw excess("the text holds more than \(TOMLLimits.items) values") }
    }

    /// Steps into a part of a key, and notes where it stands.
    private mutating func inside(_ location: Location, _ part: String) throws(TOMLProblem) -> Location {
        guard location.depth < TOMLLimits.depth else { throw tooDeep() }
        let inner = Location(name: location.name.isEmpty ? part : "\(location.name).\(part)", depth: location.depth + 1)
        lines.note(inner.name, line: line)
        return inner
    }

    /// Steps to a member of an array.
    private func member(_ number: Int, of location: Location) throws(TOMLProblem) -> Location {
        guard location.depth < TOMLLimits.depth else { throw tooDeep() }
        return Location(name: "\(location.name)[\(number)]", depth: location.depth + 1)
    }

    private func tooDeep() -> TOMLProblem { excess("tables and arrays are nested more than \(TOMLLimits.depth) deep") }

    private func syntax(_ reason: String) -> TOMLProblem { .syntax(line: line, reason: "this is not TOML: \(reason)") }

    /// What TOML allows, and no file of ours needs.
    private func excess(_ reason: String) -> TOMLProblem { .syntax(line: line, reason: reason) }
}
