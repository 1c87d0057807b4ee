// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The value of a column or of an argument.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case bytes(Data)

    package static func integer(_ value: Int) -> SQLValue { .integer(Int64(value)) }
    package static func bytes(_ bytes: [UInt8]) -> SQLValue { .bytes(Data(bytes)) }
    package static func optional(_ value: Int64?) -> SQLValue { value.map(SQLValue.integer) ?? .null }
    package static func optional(_ value: String?) -> SQLValue { value.map(SQLValue.text) ?? .null }
    package static func optional(_ value: Data?) -> SQLValue { value.map(SQLValue.bytes) ?? .null }

    /// Refuses what not every database keeps, on all of them alike.
    func requireStorable() throws(GalleryError) {
        if case .text(let text) = self, text.utf8.contains(0) {
            throw .notSupported(
                "a text with the character U+0000 cannot be kept: “\(text.replacing("\0", with: "\u{FFFD}"))”")
        }
    }
}

/// A row, by the order of the columns that were asked for.
package struct SQLRow: Sendable {
    private let values: [SQLValue]

    package init(_ values: [SQLValue]) {
        self.values = values
    }

    /// - Throws: ``GalleryError/damagedRecord(_:)`` when the column holds something else.
    package func integer(_ column: Int) throws(GalleryError) -> Int64 {
        guard case .integer(let value) = try value(column) else { throw unexpected(column, "a whole number") }
        return value
    }

    package func text(_ column: Int) throws(GalleryError) -> String {
        guard case .text(let value) = try value(column) else { throw unexpected(column, "a text") }
        return value
    }

    package func bytes(_ column: Int) throws(GalleryError) -> Data {
        guard case .bytes(let value) = try value(column) else { throw unexpected(column, "bytes") }
        return value
    }

    package func optionalInteger(_ column: Int) throws(GalleryError) -> Int64? {
        if case .null = try value(column) { return nil }
        return try integer(column)
    }

    package func optionalText(_ column: Int) throws(GalleryError) -> String? {
        if case .null = try value(column) { return nil }
        return try text(column)
    }

    package func optionalBytes(_ column: Int) throws(GalleryError) -> Data? {
        if case .null = try value(column) { return nil }
        return try bytes(column)
    }

    private func value(_ column: Int) throws(GalleryError) -> SQLValue {
        guard values.indices.contains(column) else { throw .damagedRecord("a row has \(values.count) columns") }
        return values[column]
    }

    private func unexpected(_ column: Int, _ kind: String) -> GalleryError {
        .damagedRecord("column \(column + 1) of a row does not hold \(kind)")
    }
}
