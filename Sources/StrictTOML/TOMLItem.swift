// SPDX-License-Identifier: Apache-2.0

import TOMLKit

/// A TOML value as a plain Swift value, free of the parser's memory.
package enum TOMLItem: Sendable, Hashable {
    case string(String)
    case integer(Int)
    case number(Double)
    case boolean(Bool)
    case array([TOMLItem])
    case table([String: TOMLItem])
    /// Dates and times, which none of our files holds.
    case other(String)

    static func table(_ table: TOMLTable) -> [String: TOMLItem] {
        var values: [String: TOMLItem] = [:]
        for key in table.keys {
            if let value = table[key] { values[key] = TOMLItem(value) }
        }
        return values
    }

    private init(_ value: any TOMLValueConvertible) {
        switch value.type {
        case .string: self = value.string.map(TOMLItem.string) ?? .other("a text")
        case .int: self = value.int.map(TOMLItem.integer) ?? .other("a whole number")
        case .double: self = value.double.map(TOMLItem.number) ?? .other("a number")
        case .bool: self = value.bool.map(TOMLItem.boolean) ?? .other("a truth value")
        case .array: self = .array(value.array.map { $0.map(TOMLItem.init) } ?? [])
        case .table: self = .table(value.table.map(Self.table) ?? [:])
        case .date, .time, .dateTime: self = .other("a date or time")
        }
    }

    /// A finite number, whether it was written with a point or without.
    package var asNumber: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value) where value.isFinite: value
        default: nil
        }
    }

    /// The texts of an array that holds nothing else; nil for anything else.
    package var texts: [String]? {
        guard case .array(let elements) = self else { return nil }
        let texts = elements.compactMap { element in if case .string(let text) = element { text } else { nil } }
        return texts.count == elements.count ? texts : nil
    }

    /// The value in words, for an error.
    package var summary: String {
        switch self {
        case .string(let text): "the text “\(text.prefix(80))”"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .boolean(let value): "\(value)"
        case .array(let values): "an array of \(values.count)"
        case .table: "a section"
        case .other(let kind): kind
        }
    }
}
