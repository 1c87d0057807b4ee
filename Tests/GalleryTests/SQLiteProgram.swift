// SPDX-License-Identifier: Apache-2.0

import Foundation
import GRDB

/// Statements on a gallery's file by somebody who is not the gallery.
enum SQLiteProgram {
    /// Returns the first column of the last statement's rows, as text; none where that changes something.
    static func run(_ statements: String, on path: String) throws -> [String] {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? queue.close() }
        return try queue.writeWithoutTransaction { database in
            let parts = statements.split(separator: ";").map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
                .filter { !$0.isEmpty }
            for statement in parts.dropLast() { try database.execute(sql: statement) }
            guard let last = parts.last else { return [] }
            return try Row.fetchAll(database, sql: last).compactMap { row in
                row.databaseValues.first.map { String.fromDatabaseValue($0) ?? "\($0)" }
            }
        }
    }

    /// Holds the gallery as somebody does who stores something.
    final class Lock {
        private let queue: DatabaseQueue

        init(on path: String) throws {
            var configuration = Configuration()
            configuration.allowsUnsafeTransactions = true
            queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        }

        func release() throws {
            try queue.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
            try queue.close()
        }
    }
}
