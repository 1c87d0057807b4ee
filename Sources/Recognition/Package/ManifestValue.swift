import TOMLKit

/// A TOML value as a plain Swift value, free of the parser's memory.
package enum ManifestValue: Sendable, Hashable {
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case array([ManifestValue])
    case table([String: ManifestValue])
    /// Dates and times, which no manifest holds.
    case other(String)

    /// Reads the text of a whole manifest.
    package static func parsing(_ text: String) throws(ModelPackageError) -> [String: ManifestValue] {
        do {
            return table(try TOMLTable(string: text))
        } catch let error as TOMLParseError {
            throw .invalidSyntax(line: error.source.begin.line, reason: error.description)
        } catch {
            throw .invalidSyntax(line: 0, reason: "\(error)")
        }
    }

    private static func table(_ table: TOMLTable) -> [String: ManifestValue] {
        var values: [String: ManifestValue] = [:]
        for key in table.keys {
            if let value = table[key] { values[key] = ManifestValue(value) }
        }
        return values
    }

    private init(_ value: any TOMLValueConvertible) {
        switch value.type {
        case .string: self = value.string.map(ManifestValue.string) ?? .other("a string")
        case .int: self = value.int.map(ManifestValue.integer) ?? .other("an integer")
        case .double: self = value.double.map(ManifestValue.number) ?? .other("a number")
        case .bool: self = value.bool.map(ManifestValue.boolean) ?? .other("a truth value")
        case .array: self = .array(value.array.map { $0.map(ManifestValue.init) } ?? [])
        case .table: self = .table(value.table.map(Self.table) ?? [:])
        case .date, .time, .dateTime: self = .other("a date or time")
        }
    }

    /// The value in words, for an error.
    package var summary: String {
        switch self {
        case .string(let text): "the text “\(text.prefix(80))”"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .array(let values): "an array of \(values.count)"
        case .table: "a table"
        case .other(let kind): kind
        }
    }

    /// The value as TOML text; the only spelling we write, so that digests of it are stable.
    package var tomlText: String {
        switch self {
        case .string(let text): Self.quoted(text)
        case .integer(let value): "\(value)"
        // Swift prints the shortest text that reads back as the same number, and always with a point or exponent.
        case .number(let value): "\(value)"
        case .boolean(let value): value ? "true" : "false"
        case .array(let values): "[" + values.map(\.tomlText).joined(separator: ", ") + "]"
        case .table(let values):
            "{ " + values.sorted { $0.key < $1.key }.map { "\(Self.keyText($0.key)) = \($0.value.tomlText)" }.joined(separator: ", ") + " }"
        case .other(let text): Self.quoted(text)
        }
    }

    /// A key, bare where TOML allows it.
    package static func keyText(_ key: String) -> String {
        let bare = key.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                 UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"): true
            default: false
            }
        }
        return bare && !key.isEmpty ? key : quoted(key)
    }

    private static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let digits = String(scalar.value, radix: 16)
                    quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    quoted.unicodeScalars.append(scalar)
                }
            }
        }
        return quoted + "\""
    }
}
