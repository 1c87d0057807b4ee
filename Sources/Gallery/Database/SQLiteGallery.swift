// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import GRDB
import Wording

/// Galleries in one SQLite file each, held by one process.
public enum SQLiteGallery {
    /// Opens the gallery, and makes it (with its folder) when there is none. One of an earlier version is brought to
    /// this one, in one transaction.
    ///
    /// - Throws: ``GalleryError/inUse(path:)``, ``GalleryError/cannotOpen(path:reason:)``,
    ///   ``GalleryError/notAGallery(path:reason:)``, ``GalleryError/newerSchema(path:)``,
    ///   ``GalleryError/notDurable(path:reason:)``, ``GalleryError/keyMissing(needed:)``,
    ///   ``GalleryError/keyWrong(needed:offered:)``.
    public static func open(
        path: String, options: SQLGallery.Options = SQLGallery.Options()
    ) async throws(GalleryError) -> SQLGallery {
        try makeFolder(of: path)
        let lock = try GalleryLock(galleryPath: path)
        try requireFile(at: path, options: options)
        try makePrivate(path)
        removeTemporaryCopies(beside: path)
        try discardForeignLog(beside: path)
        let pool: DatabasePool, files: SQLiteFiles
        do {
            try requireGallery(path, keys: options.keys)
            files = try SQLiteFiles(path: path)
            pool = try DatabasePool(path: path, configuration: configuration)
        } catch {
            throw GalleryError.opening(error, path: path)
        }
        do {
            let now = options.clock().wholeSeconds
            try SQLiteSchema.migrator(keys: options.keys, now: now).migrate(pool)
            try requireDurability(pool, path: path)
            try await pool.writeWithoutTransaction { [files] in try files.begin($0) }
        } catch {
            throw GalleryError.opening(error, path: path)
        }
        let database = SQLiteDatabase(path: path, pool: pool, files: files, lock: lock)
        do throws(GalleryError) {
            // What an earlier version kept unsealed is not to linger in the log.
            await database.forgetRemoved()
            return try await SQLGallery(database: database, options: options)
        } catch {
            try? await database.close()
            throw error
        }
    }

    static var configuration: Configuration {
        var configuration = Configuration()
        configuration.maximumReaderCount = SQLiteDatabase.readers
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.label = "gallery"
        configuration.prepareDatabase { database in
            // What is removed is overwritten with zeros, since it is biometric data.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            // Damage is told as damage, and not followed into pages that do not belong to a table.
            try database.execute(sql: "PRAGMA cell_size_check = ON")
        }
        return configuration
    }

    private static func makeFolder(of path: String) throws(GalleryError) {
        let folder = FilePath.folder(of: path)
        var absent: [String] = [], place = folder
        while access(place, F_OK) != 0, place != "/", place != "." {
            absent.append(place)
            place = FilePath.folder(of: place)
        }
        guard !absent.isEmpty else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotOpen(path: path, reason: "its folder cannot be made: \(SystemReason.of(error))")
        }
        // Else the folder could be gone with the power, and with it what was acknowledged.
        for made in absent { try bringNameToDisk(of: made) }
    }

    /// Gives the file the mode 0600; SQLite gives the log and the shared memory beside it the same mode.
    private static func makePrivate(_ path: String) throws(GalleryError) {
        let descriptor = Foundation.open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .system(errno, path: path)
        }
        defer { Foundation.close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else {
            throw .system(errno, path: path, what: "its mode cannot be set to 0600")
        }
    }

    private static func bringNameToDisk(of path: String) throws(GalleryError) {
        do {
            try DurableFile.syncFolder(of: path)
        } catch {
            throw GalleryError(error)
        }
    }

    /// Refuses a file that is some other program's database, a later version's, or encrypted with a key that is not
    /// here, before anything is written.
    private static func requireGallery(_ path: String, keys: WrappingKeys) throws {
        do {
            try requireGallery(path, keys: keys, readonly: true)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_READONLY {
            // A change that was interrupted has to be undone first.
            try requireGallery(path, keys: keys, readonly: false)
        }
    }

    private static func requireGallery(_ path: String, keys: WrappingKeys, readonly: Bool) throws {
        var configuration = Configuration()
        configuration.readonly = readonly
        configuration.busyMode = .timeout(5)
        try DatabaseQueue(path: path, configuration: configuration).read { database in
            let mark = try Int32.fetchOne(database, sql: "PRAGMA application_id")
            let tables =
                try Int.fetchOne(
                    database, sql: "SELECT COUNT(*) FROM sqlite_master WHERE tbl_name <> 'grdb_migrations'") ?? 0
            guard tables > 0 else {
                throw GalleryError.notAGallery(
                    path: path, reason: "it is a database without tables. \(removal(of: path))")
            }
            if mark != SQLiteSchema.applicationID {
                throw GalleryError.notAGallery(path: path, reason: "it is another program's database")
            }
            if try SQLiteSchema.migrator(keys: keys, now: 0).hasBeenSuperseded(database) {
                throw GalleryError.newerSchema(path: path)
            }
            let connection = SQLiteTransaction(database: database)
            if try !GalleryTables.areAbsent(in: connection) {
                _ = try DataKeys.read(connection, wrappedBy: keys)
            } else if try connection.row("SELECT 1 FROM identity UNION ALL SELECT 1 FROM audit LIMIT 1") != nil {
                // Schema 1, which sealed nothing.
                try keys.requireEncryption(isThere: false)
            }
        }
    }

    /// GRDB opens WAL databases with `synchronous=NORMAL`, which may lose the last transactions with the
    /// power; sets FULL on the one writer and reads back what the file system granted.
    private static func requireDurability(_ pool: DatabasePool, path: String) throws {
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            let level = try Int.fetchOne(database, sql: "PRAGMA synchronous")
            // Asked for once more, to the statement's end: it is there that SQLite tells of a disk that is full or
            // fails, and GRDB reads the first row alone.
            let journal = try String.fetchAll(database, sql: "PRAGMA journal_mode = WAL").first
            guard level == 2, journal == "wal" else {
                throw GalleryError.notDurable(
                    path: path, reason: "journal mode \(journal ?? "unknown"), synchronous \(level ?? -1)")
            }
        }
    }
}
