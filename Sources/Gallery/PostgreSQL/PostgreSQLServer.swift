// SPDX-License-Identifier: Apache-2.0

/// What a connection is set to, and what the server said of itself when it was made.
struct PostgreSQLServer: Sendable {
    /// How a connection is used.
    enum Use: Sendable {
        case changing, looking, locking, listening
        /// Works through whole tables, which takes long.
        case caring

        /// The most that a statement may take, in seconds.
        var statementTimeout: Int { self == .caring ? 7200 : 300 }
        /// How long a transaction may stand still before the server ends it, in seconds: others wait for a change.
        var idleTimeout: Int { self == .changing ? 60 : 300 }
        /// The client gives up after the server would have.
        var timeout: Duration { .seconds(statementTimeout + 15) }
    }

    /// The tables' schema, by its number in `pg_namespace`: locks and announcements of galleries in one database are
    /// told apart by it.
    let schema: Int64
    let schemaName: String?
    /// The schema of the table “gallery” that the search path as it was leads to; nil where there is none.
    let gallerySchema: String?
    let encoding: String
    let fsync: String
    let fullPageWrites: String
    let synchronousCommit: String

    /// Sets a connection up.
    static func introduce(_ link: PostgreSQLConnection, for use: Use) throws -> PostgreSQLServer {
        // The server notices within a minute that a client's host is gone, and frees its locks. A planner's compilation
        // costs more than statements as short as these. Where what is acknowledged would not be written, it is; more
        // than that is the administrator's.
        _ = try link.runAsText(
            """
            SET statement_timeout = '\(use.statementTimeout)s'; SET lock_timeout = '60s';
            SET idle_in_transaction_session_timeout = '\(use.idleTimeout)s'; SET standard_conforming_strings = on; SET jit = off;
            SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3;
            SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout';
            SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'
            """)
        let told = try link.run(
            """
            SELECT coalesce((SELECT oid FROM pg_namespace WHERE nspname = current_schema()), 0)::bigint,
                current_setting('server_encoding'), current_setting('fsync'), current_setting('full_page_writes'),
                current_setting('synchronous_commit'), current_schema()::text,
                (SELECT nspname::text FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                    WHERE pg_class.oid = to_regclass('gallery'))
            """)
        guard let row = told.rows.first else { throw GalleryError.damagedRecord("the server says nothing of itself") }
        // The tables are from now on looked for only where the locks and announcements are.
        _ = try link.runAsText(
            """
            SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', false) WHERE current_schema() IS NOT NULL
            """)
        return PostgreSQLServer(
            schema: try row.integer(0), schemaName: try row.optionalText(5), gallerySchema: try row.optionalText(6),
            encoding: try row.text(1), fsync: try row.text(2), fullPageWrites: try row.text(3),
            synchronousCommit: try row.text(4))
    }

    /// - Throws: ``GalleryError/unfit(database:reason:)``, ``GalleryError/notDurable(path:reason:)``.
    func requireFitness(database: String) throws(GalleryError) {
        guard schema != 0, let schemaName else {
            throw .unfit(database: database, reason: "there is no schema in the role's search_path that it may use")
        }
        if let gallerySchema, gallerySchema != schemaName {
            throw .unfit(
                database: database,
                reason:
                    "a gallery is in the schema “\(gallerySchema)” of the role's search_path, and the first schema there is “\(schemaName)”; name the one that is meant, as options=-csearch_path=\(gallerySchema)"
            )
        }
        guard encoding == "UTF8" else {
            throw .unfit(
                database: database,
                reason: "its encoding is \(encoding), and a gallery needs UTF8 (createdb --encoding=UTF8)")
        }
        for (setting, value) in [("fsync", fsync), ("full_page_writes", fullPageWrites)] where value != "on" {
            throw .notDurable(path: database, reason: "the server runs with \(setting) = \(value)")
        }
        guard synchronousCommit != "off" else {
            throw .notDurable(path: database, reason: "the server does not let synchronous_commit be anything but off")
        }
    }
}
