// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import GRDB
import Synchronization

/// A gallery's tables in one SQLite file, held by one process.
///
/// Write-ahead log, `synchronous=FULL`: a transaction is on the disk before it is acknowledged. One writer;
/// readers see the last committed state and never wait for it.
final class SQLiteDatabase: SQLDatabase {
    /// How many transactions may read at a time.
    static let readers = 5

    let dialect = SQLDialect.sqlite
    var name: String { path }
    private let path: String
    private let opened: DatabasePool
    private let files: SQLiteFiles
    private let isClosed = Mutex(false)
    /// Held from before the database is opened until after it is closed, also where the object lives on.
    private let lock: GalleryLock

    init(path: String, pool: DatabasePool, files: SQLiteFiles, lock: GalleryLock) {
        self.path = path
        opened = pool
        self.files = files
        self.lock = lock
    }

    /// SQLite itself is not asked any more once it is closed.
    private var pool: DatabasePool {
        get throws(GalleryError) {
            if isClosed.withLock({ $0 }) { throw .closed }
            return opened
        }
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws(GalleryError) -> Result {
        do {
            // An unstructured task is not cancelled with the one that waits for it.
            return try await Task { [files, pool = try pool] in
                try await pool.writeWithoutTransaction { database in
                    try Self.inTransaction(database, files) { try body(SQLiteTransaction(database: database)) }
                }
            }.value
        } catch {
            let failure = GalleryError(error, path: path)
            // A commit that fails at its sync is in the log all the same, and would be found there at the next start,
            // after the caller was told that it failed.
            if case .diskFailed = failure { await forgetRemoved() }
            throw failure
        }
    }

    /// One transaction, unless somebody else has to do with the files.
    private static func inTransaction<Result>(
        _ database: Database, _ files: SQLiteFiles, _ body: () throws -> Result
    ) throws -> Result {
        // Before anything of the file is read, which may be nothing that SQLite understands.
        try files.requireUndisturbed(database)
        var result: Result?, isBegun = false
        do {
            try database.inTransaction(.immediate) {
                // From now on nobody stores anything who keeps to SQLite's locks.
                try files.requireUndisturbed(database)
                isBegun = true
                result = try body()
                try files.requireUndisturbed(isAmidChange: true)
                return .commit
            }
            files.settle()
            guard let result else { throw GalleryError.storage(code: "?", reason: "the write had no result") }
            return result
        } catch {
            try files.requireUndisturbed(isAmidChange: isBegun)
            if isBegun { files.settle() }
            if (error as? DatabaseError)?.resultCode != .SQLITE_BUSY { files.forgetVersion() }
            throw error
        }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws(GalleryError) -> Result {
        do {
            return try await readFile { try body(SQLiteTransaction(database: $0)) }
        } catch {
            throw await explained(GalleryError(error, path: path))
        }
    }

    func readTogether<Result: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws(GalleryError) -> [Result] {
        // A connection that is made now would have whatever is in the file's place.
        guard count > 1, !files.isDisplaced else { return [try await read(body)] }
        do {
            let count = min(count, Self.readers)
            // An unstructured task is not cancelled, after which there would be fewer results than are there.
            return try await Task { [pool = try pool] in
                let (results, told) = AsyncStream.makeStream(of: Swift.Result<Result, any Error>.self)
                // No change comes between, while the writer's turn lasts.
                try await pool.writeWithoutTransaction { _ in
                    for _ in 0..<count {
                        pool.asyncConcurrentRead { database in
                            told.yield(Swift.Result { try body(SQLiteTransaction(database: try database.get())) })
                        }
                    }
                }
                var all: [Swift.Result<Result, any Error>] = []
                for await result in results {
                    all.append(result)
                    if all.count == count { break }
                }
                return try all.map { try $0.get() }
            }.value
        } catch {
            throw await explained(GalleryError(error, path: path))
        }
    }

    private func readFile<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        // A connection that is made now would have whatever is in the file's place.
        guard files.isDisplaced else { return try await pool.read(body) }
        return try await pool.writeWithoutTransaction { database in
            var result: Result?
            try database.inTransaction(.deferred) {
                result = try body(database)
                return .commit
            }
            guard let result else { throw GalleryError.storage(code: "?", reason: "the read had no result") }
            return result
        }
    }

    /// What cannot be read may be none of the gallery's.
    private func explained(_ failure: GalleryError) async -> GalleryError {
        switch failure {
        case .damagedRecord, .diskFailed, .cannotOpen, .storage: break
        default: return failure
        }
        do throws(GalleryError) {
            try await requireUndisturbed()
        } catch {
            if case .disturbed = error { return error }
        }
        return failure
    }

    func requireUndisturbed() async throws(GalleryError) {
        do {
            try await pool.writeWithoutTransaction { [files] in try files.requireUndisturbed($0) }
        } catch {
            throw GalleryError(error, path: path)
        }
    }

    /// Takes what was removed out of the write-ahead log too. It is no failure when a reader stands in the
    /// way: the pages are overwritten at the next checkpoint or when the gallery is closed.
    func forgetRemoved() async {
        _ = try? await pool.writeWithoutTransaction { [files] database in
            // Else the log would be written into a file that it does not belong to.
            try files.requireUndisturbed(database)
            defer { files.settle() }
            do {
                // As a statement, because the function for it crashes on a database that was closed.
                _ = try Row.fetchAll(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            } catch {
                files.forgetVersion()
                throw error
            }
        }
    }

    func structuralDamage() async throws(GalleryError) -> [String] {
        do {
            return try await readFile { database in
                try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            }
        } catch {
            let failure = await explained(GalleryError(error, path: path))
            if case .damagedRecord(let what) = failure { return [what] }
            throw failure
        }
    }

    func copy(to path: String) async throws(GalleryError) {
        // Made before SQLite would make it with the process's umask; it writes only to a file that is empty.
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw .system(errno, path: path)
        }
        Foundation.close(descriptor)
        do {
            try await pool.writeWithoutTransaction { [files] database in
                try Self.requireReadable(database, files)
                try database.execute(sql: "VACUUM INTO ?", arguments: [path])
                try Self.requireReadable(database, files)
            }
            // SQLite leaves the copy to the system to write some time.
            try DurableFile.sync(path)
            try DurableFile.syncFolder(of: path)
        } catch {
            unlink(path)
            throw GalleryError(error, path: path)
        }
    }

    /// What was moved or removed can still be read, by processes that have it open.
    private static func requireReadable(_ database: Database, _ files: SQLiteFiles) throws {
        do {
            try files.requireUndisturbed(database)
        } catch GalleryError.disturbed(_, .displaced) {}
    }

    func announcements() -> AsyncStream<String?> {
        AsyncStream { $0.finish() }
    }

    /// The whole gallery is this process's.
    func takeLock(_ name: SQLLockName) async throws(GalleryError) -> Bool { true }

    func releaseLock(_ name: SQLLockName) async throws(GalleryError) {}

    func close() async throws(GalleryError) {
        guard !isClosed.withLock({ $0 }) else { return }
        let ending: SQLiteFiles.Ending
        do {
            ending = try await pool.writeWithoutTransaction { [files] database in files.end(database) }
        } catch {
            throw GalleryError(error, path: path)
        }
        isClosed.withLock { $0 = true }
        guard ending == .orderly else {
            Self.abandoned.withLock { $0.append(opened) }
            lock.release()
            return
        }
        // The file alone is now the whole gallery.
        do {
            try opened.close()
            lock.release()
        } catch {
            throw GalleryError(error, path: path)
        }
    }

    /// Those that SQLite is not to close, which would bring their logs into files that these do not belong to: they are
    /// left as they are until the process ends.
    private static let abandoned = Mutex<[DatabasePool]>([])
}
