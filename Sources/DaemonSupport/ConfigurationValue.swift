import TOMLKit

/// A TOML value as a plain Swift value, free of the parser's memory.
enum ConfigurationValue: Sendable, Hashable {
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
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
        case .array: self = .other("an array")
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

    /// The value in words, for an error.
    var summary: String {
        switch self {
        case .string(let text): "the text \"\(text.prefix(80))\""
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .table: "a section"
        case .other(let kind): kind
        }
    }

    /// The value as TOML. Texts of settings hold no control characters.
    var tomlText: String {
        switch self {
        case .string(let text):
            "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .table, .other: summary
        }
    }
}
