// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation

extension DataKeys {
    /// Reads the gallery's keys from its tables.
    ///
    /// A key beside the current one is taken only if the secrets, which are sealed with the current one, list it: else
    /// anyone who can write to the tables could add one of their own and seal rows with it.
    ///
    /// - Returns: the keys, and the sealed secrets by which they are known to be those of the tables still.
    /// - Throws: ``GalleryError/keyMissing(needed:)`` or ``GalleryError/keyWrong(needed:offered:)`` when the wrapping
    ///   key that they need is not among those offered; ``GalleryError/notEncrypted(offered:)``.
    static func read(
        _ sql: any SQLTransaction, wrappedBy offered: WrappingKeys
    ) throws -> (keys: DataKeys, sealed: Data) {
        guard let row = try sql.row("SELECT uid, data_key, secrets FROM gallery WHERE id = 1") else {
            throw GalleryError.damagedRecord("it does not say which gallery it is")
        }
        let gallery = try row.bytes(0), current = try row.integer(1), sealed = try row.bytes(2)
        guard let key = try read(current, of: gallery, wrappedBy: offered, in: sql) else {
            throw GalleryError.damagedRecord("its current data key is absent")
        }
        try offered.requireEncryption(isThere: key.isWrapped)
        let secrets = try GallerySecrets(
            try open(sealed, with: key.key, associatedData: SealedPart.secrets.associatedData(gallery: gallery)))
        var keys = [current: key.key]
        for (id, digest) in secrets.replaced {
            guard let key = try read(id, of: gallery, wrappedBy: offered, in: sql) else {
                throw GalleryError.damagedRecord("its data key \(id), which is being replaced, is absent")
            }
            guard key.key.digest == digest else { throw GalleryError.damagedRecord("its data key \(id) was changed") }
            keys[id] = key.key
        }
        return (DataKeys(gallery: gallery, current: current, keys: keys, secrets: secrets), sealed)
    }

    private static func read(
        _ id: Int64, of gallery: Data, wrappedBy offered: WrappingKeys, in sql: any SQLTransaction
    ) throws -> (key: SymmetricKey, isWrapped: Bool)? {
        guard let row = try sql.row("SELECT wrapping_key, wrapped FROM data_key WHERE id = ?", [.integer(id)])
        else { return nil }
        let needed = try row.optionalBytes(0).map(WrappingKeyID.init)
        return (try unwrap(try row.bytes(1), id: id, gallery: gallery, needs: needed, offered: offered), needed != nil)
    }

    /// Adds a random data key and returns its number.
    static func insert(
        _ key: SymmetricKey, id: Int64, gallery: Data, wrappedBy wrapping: WrappingKey?,
        in sql: any SQLTransaction
    ) throws {
        let raw = key.withUnsafeBytes { Data($0) }
        let wrapped = try wrapping.map { wrapping throws(GalleryError) in
            try seal(raw, with: wrapping.key, associatedData: associatedData(gallery: gallery, id: id))
        }
        try sql.execute(
            "INSERT INTO data_key (id, wrapping_key, wrapped) VALUES (?, ?, ?)",
            [.integer(id), .optional(wrapping?.id.bytes), .bytes(wrapped ?? raw)])
    }

    private static func unwrap(
        _ wrapped: Data, id: Int64, gallery: Data, needs needed: WrappingKeyID?, offered: WrappingKeys
    ) throws(GalleryError) -> SymmetricKey {
        guard let needed else { return try key(wrapped, id: id) }
        guard let wrapping = offered.all.first(where: { $0.id == needed }) else {
            let ids = offered.all.map(\.id.description)
            throw ids.isEmpty
                ? .keyMissing(needed: needed.description) : .keyWrong(needed: needed.description, offered: ids)
        }
        let raw: Data
        do {
            raw = try open(wrapped, with: wrapping.key, associatedData: associatedData(gallery: gallery, id: id))
        } catch {
            throw .damagedRecord("its data key \(id) does not open with the key \(needed)")
        }
        return try key(raw, id: id)
    }

    private static func key(_ raw: Data, id: Int64) throws(GalleryError) -> SymmetricKey {
        guard raw.count == WrappingKey.byteCount else {
            throw .damagedRecord("its data key \(id) has \(raw.count) bytes")
        }
        return SymmetricKey(data: raw)
    }

    private static func associatedData(gallery: Data, id: Int64) -> [UInt8] {
        var record = RecordWriter()
        record.text("likeness data key")
        record.bytes(gallery)
        record.integer(id)
        return record.content
    }
}
