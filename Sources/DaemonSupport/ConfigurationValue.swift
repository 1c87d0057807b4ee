import TOMLKit

/// A TOML value as a plain Swift value, free of the parser's memory.
enum ConfigurationValue: Sendable, Hashable {
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case texts([String])
    case table([String: ConfigurationValue])
    /// What no setting takes, in words.
    case other(String)

    init(_ value: any TOMLValueConvertible) {
        switch value.type {
        case .string: self = value.string.map(ConfigurationValue.string) ?? .other("a text")
        case .int: self = value.int.map(ConfigurationValue.integer) ?? .other("a whole number")
        case .double: self = value.double.map(ConfigurationValue.number) ?? .other("a number")
        case .bool: self = value.bool.map(ConfigurationValue.boolean) ?? .other("a truth value")
        case .table: self = value.table.map { .table(Self.values(of: $0)) } ?? .other("a table")
        case .array: self = value.array.flatMap(Self.texts).map(ConfigurationValue.texts) ?? .other("an array")
        case .date, .time, .dateTime: self = .other("a date or time")
        }
    }

    /// The content of a table.
    static func values(of table: TOMLTable) -> [String: ConfigurationValue] {
        var values: [String: ConfigurationValue] = [:]
        for key in table.keys {
            if let value = table[key] { values[key] = ConfigurationValue(value) }
        }
        return values
    }

    /// The texts of an array that holds nothing else.
    private static func texts(_ array: TOMLArray) -> [String]? {
        let texts = array.map(\.string)
        return texts.allSatisfy { $0 != nil } ? texts.compactMap { $0 } : nil
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
    }

    /// The value in words, for an error.
    var summary: String {
        switch self {
        case .string(let text): "the text \"\(text.prefix(80))\""
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .texts(let texts): "an array of \(texts.count) texts"
        case .table: "a section"
        case .other(let kind): kind
        }
    }

    /// The value as TOML. Texts of settings hold no control characters.
    var tomlText: String {
        switch self {
        case .string(let text): Self.quoted(text)
        case .texts(let texts): "[" + texts.map(Self.quoted).joined(separator: ", ") + "]"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .table, .other: summary
        }
    }
}
