// SPDX-License-Identifier: Apache-2.0

/// A transaction on PostgreSQL.
final class PostgreSQLTransaction: SQLTransaction {
    private let connection: PostgreSQLConnection
    private let server: PostgreSQLServer
    /// Said with every announcement, so that its sender recognises it.
    private let token: String
    /// Whether anything was to be changed or told.
    private(set) var isChanging = false

    init(_ connection: PostgreSQLConnection, server: PostgreSQLServer, token: String) {
        self.connection = connection
        self.server = server
        self.token = token
    }

    var dialect: SQLDialect { .postgres }

    func execute(_ statement: String, _ arguments: [SQLValue]) throws -> Int {
        isChanging = true
        return try run(statement, arguments).changed
    }

    func rows(_ statement: String, _ arguments: [SQLValue]) throws -> [SQLRow] {
        try run(statement, arguments).rows
    }

    func announce(_ text: String) throws {
        let payload = "\(token) \(text)"
        guard payload.utf8.count < PostgreSQLListener.maximumPayload else {
            throw GalleryError.notSupported(
                "an announcement of \(payload.utf8.count) bytes is longer than PostgreSQL carries")
        }
        isChanging = true
        _ = try run("SELECT pg_notify(?, ?)", [.text(PostgreSQLListener.channel(of: server)), .text(payload)])
    }

    private func run(_ statement: String, _ arguments: [SQLValue]) throws -> PostgreSQLResult {
        for argument in arguments { try argument.requireStorable() }
        return try connection.run(statement, arguments)
    }
}
