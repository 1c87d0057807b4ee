import Biometrics
import Foundation
import GRDB

/// A gallery in one SQLite file, held by one process.
///
/// Write-ahead log, `synchronous=FULL`: a transaction is on the disk before it is acknowledged. One writer;
/// readers see the last committed state and never wait for it.
public final class SQLiteGallery: GalleryStore {
    /// The most samples that an identity can have, unless the caller says otherwise.
    public static let defaultMaximumSamples = 5

    public let maximumSamples: Int
    /// The file's path.
    public let path: String
    let pool: DatabasePool
    private let clock: @Sendable () -> Date
    /// Held from before the database is opened until after it is closed, also where the object lives on.
    private let lock: GalleryLock

    /// Opens the gallery, and makes it (with its folder) when there is none.
    ///
    /// - Parameter clock: the time that records carry.
    /// - Throws: ``GalleryError/inUse(path:)``, ``GalleryError/cannotOpen(path:reason:)``,
    ///   ``GalleryError/notAGallery(path:reason:)``, ``GalleryError/newerSchema(path:)``,
    ///   ``GalleryError/notDurable(path:reason:)``.
    public static func open(
        path: String, maximumSamples: Int = defaultMaximumSamples, clock: @escaping @Sendable () -> Date = { Date() }
    ) throws(GalleryError) -> SQLiteGallery {
        try makeFolder(of: path)
        let lock = try GalleryLock(galleryPath: path)
        try makePrivateFile(path)
        let pool: DatabasePool
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
        } catch {
            throw GalleryError.opening(error, path: path)
        }
        do {
            try requireGallery(pool, path: path)
            try GallerySchema.migrator.migrate(pool)
            try requireDurability(pool, path: path)
        } catch {
            throw GalleryError.opening(error, path: path)
        }
        return SQLiteGallery(pool: pool, lock: lock, path: path, maximumSamples: maximumSamples, clock: clock)
    }

    private init(
        pool: DatabasePool, lock: GalleryLock, path: String, maximumSamples: Int, clock: @escaping @Sendable () -> Date
    ) {
        self.pool = pool
        self.lock = lock
        self.path = path
        self.maximumSamples = maximumSamples
        self.clock = clock
    }

    public func close() async throws(GalleryError) {
        do {
            try pool.close()
            lock.release()
        } catch {
            throw GalleryError(error, path: path)
        }
    }

    // MARK: Access

    /// One transaction that runs to its end even if the task is cancelled.
    func change<Result: Sendable>(
        _ body: @escaping @Sendable (Database, _ now: Int64) throws -> Result
    ) async throws(GalleryError) -> Result {
        let now = Int64(clock().timeIntervalSince1970)
        do {
            // An unstructured task is not cancelled with the one that waits for it.
            return try await Task { [pool] in try await pool.write { try body($0, now) } }.value
        } catch {
            throw GalleryError(error, path: path)
        }
    }

    func look<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws(GalleryError) -> Result {
        do {
            return try await pool.read(body)
        } catch {
            throw GalleryError(error, path: path)
        }
    }

    /// Takes what was removed out of the write-ahead log too. It is no failure when a reader stands in the
    /// way: the pages are overwritten at the next checkpoint or when the gallery is closed.
    func forgetRemovedPages() async {
        _ = try? await pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }

    // MARK: Opening

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.busyMode = .timeout(5)
        configuration.label = "gallery"
        configuration.prepareDatabase { database in
            // What is removed is overwritten with zeros, since it is biometric data.
            try database.execute(sql: "PRAGMA secure_delete = ON")
        }
        return configuration
    }

    private static func makeFolder(of path: String) throws(GalleryError) {
        let folder = (path as NSString).deletingLastPathComponent
        guard !folder.isEmpty else { return }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotOpen(path: path, reason: "its folder cannot be made: \(error.localizedDescription)")
        }
    }

    /// Makes the file with mode 0600 before SQLite would make it with the process's umask; SQLite gives
    /// the log and the shared memory beside it the same mode.
    private static func makePrivateFile(_ path: String) throws(GalleryError) {
        let descriptor = Foundation.open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
        }
        defer { Foundation.close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else {
            throw .cannotOpen(path: path, reason: "its mode cannot be set to 0600: \(String(cString: strerror(errno)))")
        }
    }

    /// Refuses a file that is some other program's database, or a later version's.
    private static func requireGallery(_ pool: DatabasePool, path: String) throws {
        try pool.read { database in
            let mark = try Int32.fetchOne(database, sql: "PRAGMA application_id")
            let tables = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
            if tables > 0, mark != GallerySchema.applicationID {
                throw GalleryError.notAGallery(path: path, reason: "it is another program's database")
            }
            if try GallerySchema.migrator.hasBeenSuperseded(database) {
                throw GalleryError.newerSchema(path: path)
            }
        }
    }

    /// GRDB opens WAL databases with `synchronous=NORMAL`, which may lose the last transactions with the
    /// power; sets FULL on the one writer and reads back what the file system granted.
    private static func requireDurability(_ pool: DatabasePool, path: String) throws {
        try pool.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA synchronous = FULL")
            let level = try Int.fetchOne(database, sql: "PRAGMA synchronous")
            let journal = try String.fetchOne(database, sql: "PRAGMA journal_mode")
            guard level == 2, journal == "wal" else {
                throw GalleryError.notDurable(
                    path: path, reason: "journal mode \(journal ?? "unknown"), synchronous \(level ?? -1)")
            }
        }
    }
}
