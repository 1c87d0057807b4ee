// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Foundation

/// How far the replacement of a data key has come.
public struct RekeyProgress: Sendable, Hashable {
    public let done: Int
    public let total: Int
    /// The wrapping key that everything is under when it is done; nil for a gallery without encryption.
    public let key: WrappingKeyID?
    public var isComplete: Bool { done == total }
}

extension SQLGallery {
    /// The most bytes that are sealed again in one transaction, so that no enrolment waits long for it.
    private static let batchBytes = 4 << 20
    private static let batchRows = 256

    /// Replaces the data key by a random one under the current wrapping key, and seals every row again, in short
    /// transactions between which the gallery is used as ever. One that was interrupted is gone on with.
    ///
    /// - Parameter progress: told after each transaction.
    /// - Returns: how many rows there are.
    /// - Throws: ``GalleryError``; what was sealed again stays so, and the next call goes on.
    @discardableResult
    public func rekey(
        by actor: AuditActor?, progress: @escaping @Sendable (RekeyProgress) -> Void
    ) async throws(GalleryError) -> Int {
        guard try await database.takeLock(.rekey) else {
            throw .notSupported("another daemon replaces the data key of this gallery already; wait for it")
        }
        let result: Result<Int, GalleryError>
        do throws(GalleryError) {
            result = .success(try await replaceDataKey(by: actor, progress: progress))
        } catch {
            result = .failure(error)
        }
        try? await database.releaseLock(.rekey)
        return try result.get()
    }

    private func replaceDataKey(
        by actor: AuditActor?, progress: @escaping @Sendable (RekeyProgress) -> Void
    ) async throws(GalleryError) -> Int {
        let key = wrapping.current?.id
        if try await !read({ try $0.isRekeyUnderWay(to: key) }) {
            try await write { [wrapping] transaction in try transaction.beginRekey(wrappedBy: wrapping.current) }
        }
        let (total, left) = try await read {
            (try $0.sealedRows(before: nil), try $0.sealedRows(before: $0.keys.current))
        }
        var done = total - left
        while true {
            let before = done
            for table in GallerySchema.sealedTables {
                var last = GalleryTransaction.beforeEveryRow(of: table)
                while let batch = try await write({ [last] transaction in
                    try transaction.resealBatch(of: table, after: last, rows: Self.batchRows, bytes: Self.batchBytes)
                }) {
                    last = batch.last
                    done += batch.rows
                    progress(RekeyProgress(done: min(done, total), total: max(total, done + 1), key: key))
                    await Task.yield()
                }
            }
            if try await write({ try $0.endRekey(to: key, by: actor) }) { break }
            guard done > before else {
                let rows = try await read { try $0.sealedRows(before: $0.keys.current) }
                throw .damagedRecord(
                    "\(rows) rows that belong to no sample any more are under the data key that is replaced")
            }
        }
        // What was sealed with the old key, and for a gallery that was not encrypted that key too, is in freed pages.
        await database.forgetRemoved()
        progress(RekeyProgress(done: total, total: total, key: key))
        return max(total, done)
    }
}

extension GalleryTransaction {
    /// Whether the current data key is a fresh one under the wrapping key, beside an old one.
    fileprivate func isRekeyUnderWay(to wrapping: WrappingKeyID?) throws -> Bool {
        guard !keys.secrets.replaced.isEmpty,
            let row = try sql.row("SELECT wrapping_key FROM data_key WHERE id = ?", [.integer(keys.current)])
        else { return false }
        return try row.optionalBytes(0) == wrapping?.bytes
    }

    fileprivate func beginRekey(wrappedBy wrapping: WrappingKey?) throws {
        let id = summary.nextDataKey
        summary.nextDataKey += 1
        let key = SymmetricKey(size: .bits256)
        // None of the gallery's can have the number.
        try sql.execute("DELETE FROM data_key WHERE id >= ?", [.integer(id)])
        try DataKeys.insert(key, id: id, gallery: keys.gallery, wrappedBy: wrapping, in: sql)
        let fresh = DataKeys(
            gallery: keys.gallery, current: id, keys: keys.keys.merging([id: key]) { $1 },
            secrets: keys.secrets.replacing(keys.keys))
        try sql.execute(
            "UPDATE gallery SET data_key = ?, secrets = ?, summary = ? WHERE id = 1",
            [
                .integer(id), .bytes(try fresh.seal(fresh.secrets.data, as: .secrets)),
                .bytes(try fresh.seal(summary.data, as: .summary)),
            ])
        try sql.announce("keys")
        isSummarySaved = true
    }

    /// Removes every data key but the current one.
    ///
    /// - Returns: false when rows still need another: this daemon may have lost its lock, and another have begun with a
    ///   key of its own.
    fileprivate func endRekey(to wrapping: WrappingKeyID?, by actor: AuditActor?) throws -> Bool {
        guard try sealedRows(before: keys.current) == 0 else { return false }
        try sql.execute("DELETE FROM data_key WHERE id <> ?", [.integer(keys.current)])
        try sql.execute(
            "UPDATE gallery SET secrets = ? WHERE id = 1",
            [.bytes(try keys.seal(keys.secrets.replacing([:]).data, as: .secrets))])
        try record(AuditEvent(.rekey, by: actor, result: wrapping.map { "key \($0)" } ?? "no key"))
        try sql.announce("keys")
        return true
    }

    /// How many sealed rows there are, all of them or those under another key than one.
    fileprivate func sealedRows(before key: Int64?) throws -> Int {
        try GallerySchema.sealedTables.reduce(0) { sum, table in
            let rows =
                if let key {
                    try number("SELECT COUNT(*) FROM \(table) WHERE data_key <> ?", [.integer(key)])
                } else {
                    try number("SELECT COUNT(*) FROM \(table)")
                }
            return sum + Int(rows)
        }
    }

    /// Seals some rows again, in the order of their keys. A row that does not open stays as it is: it is damaged, and
    /// its key goes.
    ///
    /// Whatever is inserted meanwhile is sealed with the current key, so that one way through a table finds all of it.
    /// - Parameter last: the key of the row before the first.
    /// - Returns: how many there were and the key of the last of them; nil when there were none.
    fileprivate func resealBatch(
        of table: String, after last: [SQLValue], rows limit: Int, bytes: Int
    ) throws -> (rows: Int, last: [SQLValue])? {
        let listed = try sql.rows(Self.listing(of: table), last + [.integer(keys.current), .integer(limit)])
        var rows = 0, count = 0, last = last
        for row in listed {
            last = try Self.place(of: row, in: table)
            rows += 1
            guard let sealed = try sql.row(Self.reading(of: table), last) else { continue }
            let part = try part(of: row, in: table)
            let content = try? keys.open(sealed.bytes(1), key: sealed.integer(0), as: part)
            let bytesAfter =
                try content.map { content throws(GalleryError) in try keys.seal(content, as: part) } ?? sealed.bytes(1)
            try sql.execute(
                Self.writing(of: table), [.integer(keys.current), .bytes(bytesAfter)] + last)
            count += bytesAfter.count
            if count >= bytes { break }
        }
        return rows == 0 ? nil : (rows, last)
    }

    /// A key below those of all rows of a table.
    fileprivate static func beforeEveryRow(of table: String) -> [SQLValue] {
        Array(repeating: .integer(Int64.min), count: table == "embedding" ? 2 : 1)
    }

    /// The rows of a table under other keys, with what their associated data needs.
    private static func listing(of table: String) -> String {
        switch table {
        case "identity": "SELECT id FROM identity WHERE id > ? AND data_key <> ? ORDER BY id LIMIT ?"
        case "sample": "SELECT id, identity_id, number FROM sample WHERE id > ? AND data_key <> ? ORDER BY id LIMIT ?"
        case "image":
            """
            SELECT image.sample_id, sample.identity_id FROM image JOIN sample ON sample.id = image.sample_id
            WHERE image.sample_id > ? AND image.data_key <> ? ORDER BY image.sample_id LIMIT ?
            """
        default:
            """
            SELECT embedding.sample_id, sample.identity_id, sample.number, generation.id, generation.model_sha256
            FROM embedding JOIN sample ON sample.id = embedding.sample_id JOIN generation ON generation.id = embedding.generation_id
            WHERE (embedding.sample_id, embedding.generation_id) > (?, ?) AND embedding.data_key <> ?
            ORDER BY embedding.sample_id, embedding.generation_id LIMIT ?
            """
        }
    }

    private static func condition(of table: String) -> String {
        switch table {
        case "identity", "sample": "id = ?"
        case "image": "sample_id = ?"
        default: "sample_id = ? AND generation_id = ?"
        }
    }

    private static func reading(of table: String) -> String {
        "SELECT data_key, sealed FROM \(table) WHERE \(condition(of: table))"
    }

    private static func writing(of table: String) -> String {
        "UPDATE \(table) SET data_key = ?, sealed = ? WHERE \(condition(of: table))"
    }

    private static func place(of row: SQLRow, in table: String) throws -> [SQLValue] {
        table == "embedding"
            ? [.integer(try row.integer(0)), .integer(try row.integer(3))] : [.integer(try row.integer(0))]
    }

    private func part(of row: SQLRow, in table: String) throws -> SealedPart {
        switch table {
        case "identity":
            return .identity(try row.integer(0))
        case "sample":
            return .sample(try row.integer(0), identity: try row.integer(1), number: Int(try row.integer(2)))
        case "image":
            return .image(sample: try row.integer(0), identity: try row.integer(1))
        default:
            guard let model = ModelDigest(bytes: [UInt8](try row.bytes(4))) else {
                throw GalleryError.damagedRecord("generation \(try row.integer(3)) has no model")
            }
            return .embedding(
                sample: try row.integer(0), identity: try row.integer(1), number: Int(try row.integer(2)),
                generation: try row.integer(3), model: model)
        }
    }
}
