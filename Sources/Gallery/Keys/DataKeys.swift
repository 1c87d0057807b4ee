// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Crypto
import Foundation

/// The keys that a gallery's rows are sealed with. While the data key is being replaced there are two of them, and each
/// row says which one it takes.
struct DataKeys: Sendable {
    /// The gallery's own random identity, which every sealed part is bound to.
    let gallery: Data
    /// The one that is sealed with.
    let current: Int64
    /// Every one that opens.
    let keys: [Int64: SymmetricKey]
    let secrets: GallerySecrets

    func seal(_ content: Data, as part: SealedPart) throws(GalleryError) -> Data {
        guard let key = keys[current] else { throw .damagedRecord("its current data key is absent") }
        return try Self.seal(content, with: key, associatedData: part.associatedData(gallery: gallery))
    }

    /// - Throws: ``GalleryError/damagedRecord(_:)`` for bytes that were changed, or sealed as another part.
    func open(_ sealed: Data, key id: Int64, as part: SealedPart) throws(GalleryError) -> Data {
        guard let key = keys[id] else {
            throw .damagedRecord("a row is sealed with the data key \(id), which is absent")
        }
        return try Self.open(sealed, with: key, associatedData: part.associatedData(gallery: gallery))
    }

    /// What an identity is looked up by. It stays the same when the data key is replaced.
    func hash(of name: IdentityName) -> Data {
        secrets.hash(of: "name", Data(name.text.utf8))
    }

    /// What the file that a sample was made from is known again by.
    func hash(ofOriginal digest: Data) -> Data {
        secrets.hash(of: "original", digest)
    }

    /// By how much what is sealed is longer: the nonce of 96 bits before it and the tag of 128 behind, NIST SP 800-38D.
    static let sealedOverhead = 12 + 16

    static func seal(_ content: Data, with key: SymmetricKey, associatedData: [UInt8]) throws(GalleryError) -> Data {
        do {
            guard let combined = try AES.GCM.seal(content, using: key, authenticating: associatedData).combined else {
                throw GalleryError.damagedRecord("a record cannot be sealed")
            }
            return combined
        } catch {
            throw .damagedRecord("a record cannot be sealed: \(error)")
        }
    }

    static func open(_ sealed: Data, with key: SymmetricKey, associatedData: [UInt8]) throws(GalleryError) -> Data {
        do {
            return try AES.GCM.open(try AES.GCM.SealedBox(combined: sealed), using: key, authenticating: associatedData)
        } catch {
            throw .damagedRecord("it does not open: it was changed, or belongs to another row")
        }
    }
}

/// What a gallery keeps sealed of itself for as long as it lives.
struct GallerySecrets: Sendable {
    private static let byteCount = 32

    private let index: SymmetricKey
    /// The audit log is chained with it.
    let audit: SymmetricKey
    /// Generations are authenticated with it.
    let generations: SymmetricKey
    /// The data keys that are being replaced, which rows may still be sealed with, and a digest of each.
    let replaced: [Int64: Data]

    static func random() -> GallerySecrets {
        GallerySecrets(
            index: SymmetricKey(size: .bits256), audit: SymmetricKey(size: .bits256),
            generations: SymmetricKey(size: .bits256), replaced: [:])
    }

    private init(index: SymmetricKey, audit: SymmetricKey, generations: SymmetricKey, replaced: [Int64: Data]) {
        self.index = index
        self.audit = audit
        self.generations = generations
        self.replaced = replaced
    }

    init(_ data: Data) throws(GalleryError) {
        let count = Self.byteCount
        guard data.count >= 3 * count else { throw .damagedRecord("its secrets have \(data.count) bytes") }
        index = SymmetricKey(data: data.prefix(count))
        audit = SymmetricKey(data: data.dropFirst(count).prefix(count))
        generations = SymmetricKey(data: data.dropFirst(2 * count).prefix(count))
        var reader = RecordReader(data.dropFirst(3 * count)), replaced: [Int64: Data] = [:]
        while !reader.isAtEnd { replaced[try reader.integer()] = try reader.bytes() }
        self.replaced = replaced
    }

    var data: Data {
        let keys = [index, audit, generations].reduce(into: Data()) { data, key in
            key.withUnsafeBytes { data.append(contentsOf: $0) }
        }
        var list = RecordWriter()
        for (id, digest) in replaced.sorted(by: { $0.key < $1.key }) {
            list.integer(id)
            list.bytes(digest)
        }
        return keys + list.data
    }

    /// The same, while other data keys are being replaced.
    func replacing(_ keys: [Int64: SymmetricKey]) -> GallerySecrets {
        GallerySecrets(index: index, audit: audit, generations: generations, replaced: keys.mapValues(\.digest))
    }

    func hash(of kind: String, _ content: Data) -> Data {
        var record = RecordWriter()
        record.text(kind)
        record.bytes(content)
        return Data(HMAC<SHA256>.authenticationCode(for: record.content, using: index))
    }
}

extension SymmetricKey {
    /// What the key is known again by, which tells nothing of it.
    var digest: Data {
        withUnsafeBytes { key in
            var hash = SHA256()
            hash.update(data: Data("likeness data key".utf8))
            hash.update(bufferPointer: key)
            return Data(hash.finalize())
        }
    }
}
