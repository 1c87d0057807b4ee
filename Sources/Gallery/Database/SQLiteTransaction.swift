// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// A transaction on SQLite.
struct SQLiteTransaction: SQLTransaction {
    let database: Database

    var dialect: SQLDialect { .sqlite }

    func execute(_ statement: String, _ arguments: [SQLValue]) throws -> Int {
        for argument in arguments { try argument.requireStorable() }
        let prepared = try database.cachedStatement(sql: statement)
        try prepared.execute(arguments: StatementArguments(arguments.map(\.databaseValue)))
        return database.changesCount
    }

    func rows(_ statement: String, _ arguments: [SQLValue]) throws -> [SQLRow] {
        var rows: [SQLRow] = []
        try forEachRow(statement, arguments) { rows.append($0) }
        return rows
    }

    func forEachRow(_ statement: String, _ arguments: [SQLValue], _ body: (SQLRow) throws -> Void) throws {
        let prepared = try database.cachedStatement(sql: statement)
        let cursor = try Row.fetchCursor(prepared, arguments: StatementArguments(arguments.map(\.databaseValue)))
        while let row = try cursor.next() { try body(SQLRow(try row.databaseValues.map(SQLValue.init))) }
    }

    /// One process holds the database: there is nobody to tell.
    func announce(_ text: String) throws {}
}

extension SQLValue {
    var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .text(let text): text.databaseValue
        case .bytes(let bytes): bytes.databaseValue
        }
    }

    init(_ value: DatabaseValue) throws {
        switch value.storage {
        case .null: self = .null
        case .int64(let value): self = .integer(value)
        case .string(let text): self = .text(text)
        case .blob(let bytes): self = .bytes(bytes)
        case .double: throw GalleryError.damagedRecord("a column holds a fraction, which none should")
        }
    }
}
