// SPDX-License-Identifier: Apache-2.0

/// Galleries in a PostgreSQL database each (or a schema each of one), used by one daemon or several.
public enum PostgreSQLGallery {
    /// The mark of a database that holds a gallery.
    static let program = "likeness"

    /// Opens the gallery, and makes its tables in the role's current schema when there are none.
    ///
    /// - Parameters:
    ///   - connection: as libpq takes it: `postgresql://USER@HOST/DATABASE`, or `host=… dbname=…`. What it does not
    ///     say, as the password, comes from libpq's password file, service file and environment. Over a network, where
    ///     none of them says another `sslmode`, the server's certificate is verified. Connections go straight to the
    ///     server, because a pooler between would lose locks and announcements.
    ///   - password: comes before any other.
    /// - Throws: ``GalleryError/connectionMalformed``, ``GalleryError/unreachable(reason:)``,
    ///   ``GalleryError/notTrusted(database:reason:)``, ``GalleryError/refused(database:reason:)``,
    ///   ``GalleryError/notDurable(path:reason:)``, ``GalleryError/notAGallery(path:reason:)``,
    ///   ``GalleryError/newerSchema(path:)``, ``GalleryError/keyMissing(needed:)``,
    ///   ``GalleryError/keyWrong(needed:offered:)``.
    public static func open(
        connection: String, password: String? = nil, options: SQLGallery.Options = SQLGallery.Options()
    ) async throws(GalleryError) -> SQLGallery {
        let database = PostgreSQLDatabase(try PostgreSQLParameters(connection, password: password))
        do throws(GalleryError) {
            try await database.start()
            try await requireGallery(database)
            let gallery = try await SQLGallery(database: database, options: options)
            // After the keys were tried, so that a gallery that is refused is left as it is.
            try await migrate(database)
            await database.forgetStores()
            return gallery
        } catch {
            try? await database.close()
            throw error
        }
    }

    /// The connection without its password; nil when it cannot be understood.
    public static func description(of connection: String) -> String? {
        try? PostgreSQLParameters(connection).description
    }

    /// Whether a password stands in what names a connection.
    public static func holdsPassword(_ connection: String) -> Bool {
        (try? PostgreSQLParameters(connection))?.values["password"] != nil
    }

    /// Brings the tables of an earlier version to this one. Daemons of that version go on with them as they are, until
    /// they are started again.
    private static func migrate(_ database: PostgreSQLDatabase) async throws(GalleryError) {
        @Sendable func isOfSchema2(_ transaction: any SQLTransaction) throws -> Bool {
            try transaction.row("SELECT version FROM gallery_version")?.integer(0) == 2
        }
        guard try await database.read(isOfSchema2) else { return }
        try await database.write { transaction in
            // Another daemon may have been first.
            if try isOfSchema2(transaction) { try GalleryTables.addAttempts(in: transaction) }
        }
    }

    /// The absolute paths of files in what names a connection: those that decide which server is believed, and by which
    /// key or password it knows us.
    public static func files(of connection: String) -> [String] {
        let values = (try? PostgreSQLParameters(connection))?.values ?? [:]
        return ["passfile", "sslcert", "sslcrl", "sslkey", "sslrootcert"].compactMap { values[$0] }.filter {
            $0.hasPrefix("/")
        }
    }

    /// Refuses a database with another program's tables, or a later version's, before anything is written.
    private static func requireGallery(_ database: PostgreSQLDatabase) async throws(GalleryError) {
        let name = database.parameters.description
        try await database.read { transaction in
            func isThere(_ table: String) throws -> Bool {
                try transaction.row("SELECT to_regclass(?)::text", [.text(table)])?.optionalText(0) != nil
            }
            func other(_ table: String) -> GalleryError {
                .notAGallery(
                    path: name,
                    reason:
                        "it has a table “\(table)” of another program, and a gallery needs a database or a schema of its own"
                )
            }
            guard try isThere("gallery") else {
                for table in GallerySchema.tableNames where try isThere(table) { throw other(table) }
                return
            }
            guard try isThere("gallery_version"),
                let row = try transaction.row("SELECT program, version FROM gallery_version"),
                try row.text(0) == program
            else { throw other("gallery") }
            if try row.integer(1) > GallerySchema.version { throw GalleryError.newerSchema(path: name) }
        }
    }
}
