// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// What one transaction works with: the connection, the keys, and the gallery's summary, which is written back at its
/// end.
final class GalleryTransaction {
    let sql: any SQLTransaction
    let keys: DataKeys
    /// Whole seconds since 1970.
    let now: Int64
    var summary: GallerySummary
    /// Whether the summary is written already, under another key.
    var isSummarySaved = false
    private let begun: GallerySummary

    init(sql: any SQLTransaction, keys: DataKeys, summary: GallerySummary, now: Int64) {
        self.sql = sql
        self.keys = keys
        self.summary = summary
        self.now = now
        begun = summary
    }

    func finish() throws {
        guard summary != begun, !isSummarySaved else { return }
        try sql.execute(
            "UPDATE gallery SET summary = ? WHERE id = 1", [.bytes(try keys.seal(summary.data, as: .summary))])
    }

    // MARK: Identities

    struct StoredIdentity {
        let id: Int64
        var record: IdentityRecord
    }

    func identity(named name: IdentityName) throws -> StoredIdentity? {
        guard let identity = try identity(withHash: keys.hash(of: name)) else { return nil }
        guard identity.record.name == name else {
            throw GalleryError.damagedRecord("the record of “\(name)” is that of “\(identity.record.name)”")
        }
        return identity
    }

    func identity(withHash hash: Data) throws -> StoredIdentity? {
        guard
            let row = try sql.row(
                "SELECT id, data_key, sealed FROM identity WHERE name_hash = ?", [.bytes(hash)])
        else {
            return nil
        }
        return try identity(id: row.integer(0), key: row.integer(1), sealed: row.bytes(2))
    }

    func existingIdentity(named name: IdentityName) throws -> StoredIdentity {
        guard let identity = try identity(named: name) else { throw GalleryError.noSuchIdentity(name) }
        return identity
    }

    func identity(id: Int64, key: Int64, sealed: Data) throws -> StoredIdentity {
        do throws(GalleryError) {
            return StoredIdentity(
                id: id, record: try IdentityRecord(try keys.open(sealed, key: key, as: .identity(id))))
        } catch {
            throw error.naming("identity \(id)")
        }
    }

    func insert(_ record: IdentityRecord) throws -> StoredIdentity {
        let id = summary.nextIdentity
        summary.nextIdentity += 1
        summary.identities += 1
        try sql.execute(
            "INSERT INTO identity (id, name_hash, data_key, sealed) VALUES (?, ?, ?, ?)",
            [
                .integer(id), .bytes(keys.hash(of: record.name)), .integer(keys.current),
                .bytes(try keys.seal(record.data, as: .identity(id))),
            ])
        return StoredIdentity(id: id, record: record)
    }

    func save(_ identity: StoredIdentity) throws {
        try sql.execute(
            "UPDATE identity SET data_key = ?, sealed = ? WHERE id = ?",
            [
                .integer(keys.current), .bytes(try keys.seal(identity.record.data, as: .identity(identity.id))),
                .integer(identity.id),
            ])
        try announce(identity.record.name)
    }

    /// Takes an identity out with everything of it.
    func delete(_ identity: StoredIdentity) throws {
        try sql.execute("DELETE FROM identity WHERE id = ?", [.integer(identity.id)])
        summary.identities -= 1
        summary.samples -= Int64(identity.record.numbers.count)
        try announce(identity.record.name)
    }

    // MARK: Announcements

    /// Tells other daemons that something of an identity has changed. The name is sealed: the server may log what is
    /// announced.
    func announce(_ name: IdentityName) throws {
        guard sql.dialect == .postgres else { return }
        let sealed = try keys.seal(Data(name.text.utf8), as: .announcement)
        try sql.announce("identity \(keys.current) \(sealed.base64EncodedString())")
    }

    func announceGenerations() throws {
        try sql.announce("generations")
    }
}

extension GalleryError {
    /// The same damage, with the row's name before it.
    func naming(_ row: String) -> GalleryError {
        if case .damagedRecord(let what) = self { .damagedRecord("\(row): \(what)") } else { self }
    }
}
