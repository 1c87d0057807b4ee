// SPDX-License-Identifier: Apache-2.0

/// The advisory locks of a gallery: the first of PostgreSQL's two numbers says for what, the second of which schema.
enum LockKey: Int32 {
    // "Like" in ASCII, and on from there.
    case write = 0x4C69_6B65
    case rotation
    case rekey

    init(_ name: SQLLockName) {
        switch name {
        case .rotation: self = .rotation
        case .rekey: self = .rekey
        }
    }

    static func place(in server: PostgreSQLServer) -> Int32 {
        Int32(truncatingIfNeeded: server.schema)
    }
}

extension PostgreSQLDatabase {
    /// The lock is the connection's, and ends with it: at once where the process is killed, within about a minute where
    /// its host is cut off.
    func takeLock(_ name: SQLLockName) async throws(GalleryError) -> Bool {
        try await locks.perform { session in
            let connection = try session.begin { _ in "SELECT 1" }
            let key = LockKey(name).rawValue, place = LockKey.place(in: try session.connected().server)
            let mine = try connection.run(
                """
                SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid = pg_backend_pid() AND objsubid = 2
                    AND classid = \(key)::oid AND objid = \(UInt32(bitPattern: place))::oid
                """)
            if !mine.rows.isEmpty { return true }
            return try connection.run("SELECT pg_try_advisory_lock(\(key), \(place))").rows.first?.integer(0) == 1
        }
    }

    func releaseLock(_ name: SQLLockName) async throws(GalleryError) {
        try await locks.perform { session in
            // Without a connection there is no lock.
            guard session.isConnected else { return }
            let (connection, server) = try session.connected()
            _ = try connection.run("SELECT pg_advisory_unlock(\(LockKey(name).rawValue), \(LockKey.place(in: server)))")
        }
    }
}
