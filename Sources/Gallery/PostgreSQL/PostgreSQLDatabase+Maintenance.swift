// SPDX-License-Identifier: Apache-2.0

extension PostgreSQLDatabase {
    private static let tables = [
        "gallery", "data_key", "identity", "sample", "image", "generation", "embedding", "audit", "attempt",
    ]

    /// Takes rows that are gone out of the tables, as far as the role may and no look still needs them. Their bytes are
    /// overwritten when the server uses the room again; its log and its backups are its administrator's.
    func forgetRemoved() async {
        try? await maintenance.perform { session in
            let connection = try session.begin { _ in "SELECT 1" }
            _ = try connection.runAsText("VACUUM (SKIP_LOCKED) \(Self.tables.joined(separator: ", "))")
        }
    }

    /// Takes away what stores left that were closed or killed long ago.
    func forgetStores() async {
        try? await maintenance.perform { session in
            let connection = try session.begin { _ in "SELECT 1" }
            _ = try connection.runAsText(
                "DELETE FROM commit_mark WHERE day < extract(epoch FROM now())::bigint / 86400 - 30")
        }
    }

    /// Reads every table whole, and where the extension amcheck is installed and the role may call it, checks every
    /// table and index by it.
    func structuralDamage() async throws(GalleryError) -> [String] {
        try await maintenance.perform { session in
            let connection = try session.begin { _ in "SELECT 1" }
            var damage: [String] = []
            /// What a statement says, or that it came upon damage.
            func examine(_ what: String, _ statement: String) throws -> [SQLRow] {
                do {
                    return try connection.run(statement).rows
                } catch let failure as PostgreSQLFailure {
                    guard
                        case .damagedRecord(let reason) = failure.galleryError(database: session.parameters.description)
                    else { throw failure }
                    damage.append("\(what): \(reason)")
                    return []
                }
            }
            let tables = Self.tables.map { "'\($0)'::regclass" }.joined(separator: ", ")
            for table in Self.tables {
                let columns = try connection.run(
                    "SELECT attname FROM pg_attribute WHERE attrelid = '\(table)'::regclass AND attnum > 0 AND NOT attisdropped AND attlen = -1"
                )
                // Putting something together with a value needs the whole of it, wherever it is kept.
                let read = try columns.rows.map { "sum(octet_length(\(try $0.text(0)) || ''))" }
                _ = try examine("the table \(table)", "SELECT count(*)\(read.map { ", " + $0 }.joined()) FROM \(table)")
            }
            let found = try connection.run(
                """
                SELECT p.proname, p.oid::regproc::text FROM pg_proc p
                    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_extension'::regclass
                    JOIN pg_extension e ON e.oid = d.refobjid
                WHERE e.extname = 'amcheck' AND has_function_privilege(p.oid, 'EXECUTE')
                    AND (p.proname = 'verify_heapam' OR p.proname = 'bt_index_check' AND p.pronargs = 2)
                """)
            for row in found.rows {
                let function = try row.text(1)
                let isOfIndexes = try row.text(0) == "bt_index_check"
                let objects = try connection.run(
                    isOfIndexes
                        ? """
                        SELECT i.indexrelid::bigint, c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                        JOIN pg_am a ON a.oid = c.relam WHERE i.indrelid IN (\(tables)) AND a.amname = 'btree' AND i.indisvalid
                        """
                        : "SELECT oid::bigint, relname FROM pg_class WHERE oid IN (\(tables))")
                for object in objects.rows {
                    let name = try object.text(1), number = try object.integer(0)
                    if isOfIndexes {
                        _ = try examine("the index \(name)", "SELECT \(function)(\(number)::oid::regclass, true)")
                    } else {
                        let rows = try examine(
                            "the table \(name)",
                            "SELECT blkno, msg FROM \(function)(\(number)::oid::regclass, check_toast => true) LIMIT 100"
                        )
                        for row in rows {
                            damage.append("the table \(name), block \(try row.integer(0)): \(try row.text(1))")
                        }
                    }
                }
            }
            return damage
        }
    }

    func copy(to path: String) async throws(GalleryError) {
        throw .notSupported(
            "a gallery on PostgreSQL is backed up by the server's own means, while it is used: pg_dump --format=custom --file=FILE and the database (\(parameters.description)), or a base backup with continuous archiving"
        )
    }
}
