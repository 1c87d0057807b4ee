import Crypto
import Foundation

extension DataKeys {
    /// Reads the gallery's keys from its tables.
    ///
    /// - Throws: ``GalleryError/keyMissing(needed:)`` or ``GalleryError/keyWrong(needed:offered:)`` when the wrapping key that they
    ///   need is not among those offered.
    static func read(_ connection: any SQLConnection, wrappedBy offered: WrappingKeys) throws -> DataKeys {
        guard let row = try connection.row("SELECT uid, data_key, secrets FROM gallery WHERE id = 1") else {
            throw GalleryError.damagedRecord("it does not say which gallery it is")
        }
        let gallery = try row.bytes(0), current = try row.integer(1)
        var keys: [Int64: SymmetricKey] = [:]
        for row in try connection.rows("SELECT id, wrapping_key, wrapped FROM data_key ORDER BY id") {
            let id = try row.integer(0)
            keys[id] = try unwrap(
                try row.bytes(2), id: id, gallery: gallery, needs: try row.optionalBytes(1).map(WrappingKeyID.init), offered: offered)
        }
        guard let key = keys[current] else { throw GalleryError.damagedRecord("its current data key is absent") }
        let secrets = try open(
            try row.bytes(2), with: key, associatedData: SealedPart.secrets.associatedData(gallery: gallery))
        return DataKeys(gallery: gallery, current: current, keys: keys, secrets: try GallerySecrets(secrets))
    }

    /// Adds a random data key and returns its number.
    static func insert(
        _ key: SymmetricKey, id: Int64, gallery: Data, wrappedBy wrapping: WrappingKey?, in connection: any SQLConnection
    ) throws {
        let raw = key.withUnsafeBytes { Data($0) }
        let wrapped = try wrapping.map { wrapping throws(GalleryError) in
            try seal(raw, with: wrapping.key, associatedData: associatedData(gallery: gallery, id: id))
        }
        try connection.execute(
            "INSERT INTO data_key (id, wrapping_key, wrapped) VALUES (?, ?, ?)",
            [.integer(id), .optional(wrapping?.id.bytes), .bytes(wrapped ?? raw)])
    }

    private static func unwrap(
        _ wrapped: Data, id: Int64, gallery: Data, needs needed: WrappingKeyID?, offered: WrappingKeys
    ) throws(GalleryError) -> SymmetricKey {
        guard let needed else { return SymmetricKey(data: wrapped) }
        guard let wrapping = offered.all.first(where: { $0.id == needed }) else {
            let ids = offered.all.map(\.id.description)
            throw ids.isEmpty ? .keyMissing(needed: needed.description) : .keyWrong(needed: needed.description, offered: ids)
        }
        let raw: Data
        do {
            raw = try open(wrapped, with: wrapping.key, associatedData: associatedData(gallery: gallery, id: id))
        } catch {
            throw .damagedRecord("its data key \(id) does not open with the key \(needed)")
        }
        guard raw.count == WrappingKey.byteCount else { throw .damagedRecord("its data key \(id) has \(raw.count) bytes") }
        return SymmetricKey(data: raw)
    }

    private static func associatedData(gallery: Data, id: Int64) -> Data {
        var record = RecordWriter()
        record.text("likeness data key")
        record.bytes(gallery)
        record.integer(id)
        return record.data
    }
}
