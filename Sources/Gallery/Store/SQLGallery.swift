// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import Synchronization

/// A gallery in a database, whichever it is: what the tables mean, how they are sealed, and what a change is.
public final class SQLGallery: GalleryStore {
    public let maximumSamples: Int
    public let keepsSamples: Bool
    let database: any SQLDatabase
    let wrapping: WrappingKeys
    private let clock: @Sendable () -> Date
    private let keys: Mutex<(keys: DataKeys, sealed: Data)>

    /// How a gallery is kept.
    public struct Options: Sendable {
        /// The most samples that an identity can have.
        public var maximumSamples = 5
        /// Whether the images of samples are kept, without which no other model can embed them.
        public var keepsSamples = true
        public var keys = WrappingKeys.none
        /// The time that records carry.
        public var clock: @Sendable () -> Date = { Date() }

        public init() {}
    }

    /// Opens the gallery in a database that has its tables, and makes them where there are none.
    ///
    /// - Throws: ``GalleryError/keyMissing(needed:)``, ``GalleryError/keyWrong(needed:offered:)``,
    ///   ``GalleryError/newerSchema(path:)``, or what the database throws.
    package init(database: any SQLDatabase, options: Options) async throws(GalleryError) {
        let wrapping = options.keys
        if try await database.read({ try GalleryTables.areAbsent(in: $0) }) {
            try await database.write { sql in
                // Another daemon may have been first.
                guard try GalleryTables.areAbsent(in: sql) else { return }
                try GalleryTables.make(in: sql)
                try GalleryTables.addAttempts(in: sql)
                _ = try GalleryTables.begin(GallerySummary(), wrappedBy: wrapping.current, in: sql)
            }
        }
        let keys = try await database.read { try DataKeys.read($0, wrappedBy: wrapping) }
        self.database = database
        self.wrapping = wrapping
        self.keys = Mutex(keys)
        maximumSamples = options.maximumSamples
        keepsSamples = options.keepsSamples
        clock = options.clock
    }

    public func close() async throws(GalleryError) {
        try await database.close()
    }

    /// Those that were read last.
    var currentKeys: DataKeys { keys.withLock { $0.keys } }

    /// The time that records made now carry.
    var now: Int64 { clock().wholeSeconds }

    // MARK: Access

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (GalleryTransaction) throws -> Result
    ) async throws(GalleryError) -> Result {
        let now = now
        return try await database.write { [self] sql in
            let transaction = try begin(sql, now: now)
            let result = try body(transaction)
            try transaction.finish()
            return result
        }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (GalleryTransaction) throws -> Result
    ) async throws(GalleryError) -> Result {
        let now = now
        return try await database.read { [self] sql in try body(try begin(sql, now: now)) }
    }

    /// Several transactions at a time that only read and see the same state.
    ///
    /// - Parameter count: how many, at the most.
    func readTogether<Result: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (GalleryTransaction) throws -> Result
    ) async throws(GalleryError) -> [Result] {
        let now = now
        return try await database.readTogether(count) { [self] sql in try body(try begin(sql, now: now)) }
    }

    private func begin(_ sql: any SQLTransaction, now: Int64) throws -> GalleryTransaction {
        guard
            let row = try sql.row(
                "SELECT data_key, secrets, summary, \(GalleryTables.version(sql.dialect)) FROM gallery WHERE id = 1"
            )
        else { throw GalleryError.damagedRecord("it does not say which gallery it is") }
        // A later daemon may have come to the gallery meanwhile: what it promises is not known here.
        if try row.integer(3) > GallerySchema.version { throw GalleryError.newerSchema(path: database.name) }
        let current = try row.integer(0)
        var (keys, sealed) = self.keys.withLock { $0 }
        // Another daemon, or this one, may have replaced the data key, or be doing so: the secrets are then sealed
        // anew.
        if try row.bytes(1) != sealed || keys.current != current {
            (keys, sealed) = try DataKeys.read(sql, wrappedBy: wrapping)
            self.keys.withLock { [keys, sealed] in $0 = (keys, sealed) }
        }
        let summary: GallerySummary
        do throws(GalleryError) {
            summary = try GallerySummary(try keys.open(try row.bytes(2), key: current, as: .summary))
        } catch {
            throw error.naming("its summary")
        }
        return GalleryTransaction(sql: sql, keys: keys, summary: summary, now: now)
    }
}

/// The tables of a gallery in a database.
enum GalleryTables {
    static func areAbsent(in sql: any SQLTransaction) throws -> Bool {
        switch sql.dialect {
        case .sqlite:
            try sql.row("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'gallery'") == nil
        case .postgres:
            try sql.row("SELECT to_regclass('gallery')::text").map { try $0.optionalText(0) == nil } ?? true
        }
    }

    static func make(in sql: any SQLTransaction) throws {
        for statement in GallerySchema.statements(sql.dialect) { try sql.execute(statement) }
    }

    /// Brings tables of schema 2 to schema 3.
    static func addAttempts(in sql: any SQLTransaction) throws {
        for statement in GallerySchema.attempts(sql.dialect) { try sql.execute(statement) }
    }

    /// What the tables say of their version where several programs may have them; elsewhere that is asked at the
    /// opening.
    static func version(_ dialect: SQLDialect) -> String {
        dialect == .postgres ? "(SELECT MAX(version) FROM gallery_version)" : "0"
    }

    /// Writes the one row that says which gallery it is, with random keys, and returns these.
    static func begin(
        _ summary: GallerySummary, wrappedBy wrapping: WrappingKey?, in sql: any SQLTransaction
    ) throws -> DataKeys {
        let uid = Data((0..<16).map { _ in UInt8.random(in: .min ... .max) })
        let key = SymmetricKey(size: .bits256), id: Int64 = 1
        let keys = DataKeys(gallery: uid, current: id, keys: [id: key], secrets: .random())
        try DataKeys.insert(key, id: id, gallery: uid, wrappedBy: wrapping, in: sql)
        try sql.execute(
            "INSERT INTO gallery (id, uid, data_key, secrets, summary) VALUES (1, ?, ?, ?, ?)",
            [
                .bytes(uid), .integer(id), .bytes(try keys.seal(keys.secrets.data, as: .secrets)),
                .bytes(try keys.seal(summary.data, as: .summary)),
            ])
        return keys
    }
}
