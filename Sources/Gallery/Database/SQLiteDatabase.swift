import Files
import Foundation
import GRDB

/// A gallery's tables in one SQLite file, held by one process.
///
/// Write-ahead log, `synchronous=FULL`: a transaction is on the disk before it is acknowledged. One writer;
/// readers see the last committed state and never wait for it.
final class SQLiteDatabase: SQLDatabase {
    let dialect = SQLDialect.sqlite
    var name: String { path }
    private let path: String
    private let pool: DatabasePool
    /// Held from before the database is opened until after it is closed, also where the object lives on.
    private let lock: GalleryLock

    init(path: String, pool: DatabasePool, lock: GalleryLock) {
        self.path = path
        self.pool = pool
        self.lock = lock
    }

    func change<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws(GalleryError) -> Result {
        do {
            // An unstructured task is not cancelled with the one that waits for it.
            return try await Task { [pool] in try await pool.write { try body(SQLiteConnection(database: $0)) } }.value
        } catch {
            let failure = GalleryError(error, path: path)
            // A commit that fails at its sync is in the log all the same, and would be found there at the next start, after the caller
            // was told that it failed.
            if case .diskFailed = failure { await forgetRemoved() }
            throw failure
        }
    }

    func look<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLConnection) throws -> Result
    ) async throws(GalleryError) -> Result {
        do {
            return try await pool.read { try body(SQLiteConnection(database: $0)) }
        } catch {
            throw GalleryError(error, path: path)
        }
    }

    /// Takes what was removed out of the write-ahead log too. It is no failure when a reader stands in the
    /// way: the pages are overwritten at the next checkpoint or when the gallery is closed.
    func forgetRemoved() async {
        // As a statement, because the function for it crashes on a database that was closed.
        _ = try? await pool.writeWithoutTransaction { _ = try Row.fetchAll($0, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    func structuralDamage() async throws(GalleryError) -> [String] {
        do {
            return try await pool.read { database in
                try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
            }
        } catch {
            let failure = GalleryError(error, path: path)
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
            try await pool.vacuum(into: path)
            // SQLite leaves the copy to the system to write some time.
            try DurableFile.sync(path)
            try DurableFile.syncFolder(of: path)
        } catch {
            unlink(path)
            throw GalleryError(error, path: path)
        }
    }

    func announcements() -> AsyncStream<String?> {
        AsyncStream { $0.finish() }
    }

    /// The whole gallery is this process's.
    func takeLock(_ name: SQLLockName) async throws(GalleryError) -> Bool { true }

    func releaseLock(_ name: SQLLockName) async throws(GalleryError) {}

    func close() async throws(GalleryError) {
        // The file alone is then the whole gallery.
        await forgetRemoved()
        do {
            try pool.close()
            lock.release()
        } catch {
            throw GalleryError(error, path: path)
        }
    }
}
