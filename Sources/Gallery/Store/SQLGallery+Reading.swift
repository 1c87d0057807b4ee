// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

extension SQLGallery {
    public func readableIdentities() async throws(GalleryError) -> (
        identities: [EnrolledIdentity], damage: [GalleryDamage]
    ) {
        try await read { transaction in
            let (records, damage) = try transaction.identities()
            return (
                records.values.map(\.summary).sorted { $0.name.text < $1.name.text },
                damage + transaction.absence(of: records.count + damage.count)
            )
        }
    }

    public func details(of name: IdentityName) async throws(GalleryError) -> IdentityDetails? {
        try await read { transaction in
            guard let identity = try transaction.identity(named: name) else { return nil }
            let rows = try transaction.sql.rows(
                "SELECT id, number, data_key, sealed FROM sample WHERE identity_id = ? ORDER BY number",
                [.integer(identity.id)])
            let samples = try rows.filter { identity.record.numbers.contains(Int(try $0.integer(1))) }.map { row in
                try transaction.sample(
                    id: row.integer(0), identity: identity.id, number: Int(row.integer(1)), key: row.integer(2),
                    sealed: row.bytes(3)
                ).enrolledSample(number: Int(try row.integer(1)))
            }
            guard samples.map(\.number) == identity.record.numbers.sorted() else {
                throw GalleryError.damagedRecord("“\(name)” has not the samples that it should have")
            }
            return IdentityDetails(identity: identity.record.summary, samples: samples)
        }
    }

    public func image(of sample: SampleReference) async throws(GalleryError) -> [UInt8]? {
        try await read { transaction in
            guard let identity = try transaction.identity(named: sample.identity) else { return nil }
            let row = try transaction.sql.row(
                "SELECT id FROM sample WHERE identity_id = ? AND number = ?",
                [.integer(identity.id), .integer(sample.number)])
            return try row.flatMap { try transaction.image(ofSample: $0.integer(0), identity: identity.id) }
        }
    }

    public func counts() async throws(GalleryError) -> GalleryCounts {
        try await read { transaction in
            GalleryCounts(identities: Int(transaction.summary.identities), samples: Int(transaction.summary.samples))
        }
    }

    public func encryption() async throws(GalleryError) -> GalleryEncryption {
        try await read { [wrapping] transaction in
            let keys = try transaction.sql.rows("SELECT id, wrapping_key FROM data_key ORDER BY id")
                .filter { transaction.keys.keys[try $0.integer(0)] != nil }
                .map { try $0.optionalBytes(1).map(WrappingKeyID.init) }
            return GalleryEncryption(
                keys: keys.compactMap(\.self), isComplete: !keys.contains(nil), configured: wrapping.current?.id)
        }
    }

    public func embeddings(of modality: Modality) async throws(GalleryError) -> GenerationEmbeddings? {
        try await read { transaction in
            guard
                let generation = try transaction.generations().first(where: {
                    $0.model.modality == modality && $0.state == .active
                })
            else { return nil }
            return try transaction.embeddings(of: generation)
        }
    }

    public func embeddings(ofGeneration id: Int64) async throws(GalleryError) -> GenerationEmbeddings {
        try await read { transaction in try transaction.embeddings(of: try transaction.generation(id)) }
    }
}

/// How a gallery is encrypted.
public struct GalleryEncryption: Sendable, Hashable {
    /// The wrapping keys that its data keys need.
    public let keys: [WrappingKeyID]
    /// Whether everything in it is under a wrapped key.
    public let isComplete: Bool
    /// The wrapping key that the next data key is wrapped with; nil where none is configured.
    public let configured: WrappingKeyID?

    public init(keys: [WrappingKeyID], isComplete: Bool, configured: WrappingKeyID?) {
        self.keys = keys
        self.isComplete = isComplete
        self.configured = configured
    }

    /// Whether a rekey would change anything that was asked for: the key, or that there is one.
    public var needsRekey: Bool { keys.contains { $0 != configured } || (configured != nil && !isComplete) }
}

extension GalleryTransaction {
    /// How many rows are read at a time where all of a table are.
    private static let page = 4096

    /// Every identity that can be read, by its number, and the damage of those that cannot.
    func identities() throws -> (records: [Int64: IdentityRecord], damage: [GalleryDamage]) {
        var records: [Int64: IdentityRecord] = [:], damage: [GalleryDamage] = []
        try forEachIdentity { id, record in
            do {
                records[id] = try record.get()
            } catch GalleryError.damagedRecord(let what) {
                damage.append(GalleryDamage(kind: .identity, what: what))
            }
        }
        return (records, damage)
    }

    /// Tells of every identity's row what is in it, or its damage. One that would not be found under its name is
    /// damaged too.
    func forEachIdentity(_ body: (Int64, Result<IdentityRecord, any Error>) throws -> Void) throws {
        try forEach("SELECT id, data_key, sealed, name_hash FROM identity WHERE id > ? ORDER BY id LIMIT ?") { row in
            let id = try row.integer(0)
            try body(
                id,
                Result {
                    let record = try identity(id: id, key: row.integer(1), sealed: row.bytes(2)).record
                    guard try row.bytes(3) == keys.hash(of: record.name) else {
                        throw GalleryError.damagedRecord(
                            "identity \(id): “\(record.name)” would not be found under the name")
                    }
                    return record
                })
        }
    }

    /// The damage that there are fewer identities than are enrolled, or more.
    func absence(of identities: Int) -> [GalleryDamage] {
        identities == summary.identities
            ? []
            : [
                GalleryDamage(
                    kind: .structure,
                    what: "\(identities) identities are there where \(summary.identities) are enrolled")
            ]
    }

    /// The kept image of a sample, by its row; nil where none is kept.
    func image(ofSample id: Int64, identity: Int64) throws -> [UInt8]? {
        guard let row = try sql.row("SELECT data_key, sealed FROM image WHERE sample_id = ?", [.integer(id)])
        else { return nil }
        return [UInt8](try keys.open(row.bytes(1), key: row.integer(0), as: .image(sample: id, identity: identity)))
    }

    /// What a generation's model made of a sample, opened.
    func outcome(
        sealed: Data, key: Int64, sample: Int64, identity: Int64, number: Int, in generation: Generation
    ) throws -> EmbeddingOutcome {
        let part = SealedPart.embedding(
            sample: sample, identity: identity, number: number, generation: generation.id,
            model: generation.model.digest)
        return try OutcomeCoding.outcome(try keys.open(sealed, key: key, as: part), of: generation.model)
    }

    func sample(id: Int64, identity: Int64, number: Int, key: Int64, sealed: Data) throws -> SampleRecord {
        do throws(GalleryError) {
            return try SampleRecord(
                try keys.open(sealed, key: key, as: .sample(id, identity: identity, number: number)))
        } catch {
            throw error.naming("sample \(number) of identity \(identity)")
        }
    }

    /// Runs a statement again and again, each time from the first column of the last row on.
    ///
    /// - Parameter arguments: those before the place to go on from and the limit, which are the last two.
    func forEach(_ statement: String, _ arguments: [SQLValue] = [], _ body: (SQLRow) throws -> Void) throws {
        var last = Int64.min
        while true {
            let rows = try sql.rows(statement, arguments + [.integer(last), .integer(Self.page)])
            for row in rows {
                try body(row)
                last = try row.integer(0)
            }
            if rows.count < Self.page { return }
        }
    }

    /// What a generation holds. Every sample that an identity should have is in one of the three.
    func embeddings(of generation: Generation) throws -> GenerationEmbeddings {
        let (records, unreadable) = try identities()
        var damage = unreadable + absence(of: records.count + unreadable.count)
        var found: [Int64: Set<Int>] = [:]
        var embeddings: [EnrolledEmbedding] = [], refusals: [SampleReference: String] = [:]
        try forEach(
            """
            SELECT embedding.sample_id, sample.identity_id, sample.number, embedding.data_key, embedding.sealed
            FROM embedding JOIN sample ON sample.id = embedding.sample_id
            WHERE embedding.generation_id = ? AND embedding.sample_id > ? ORDER BY embedding.sample_id LIMIT ?
            """,
            [.integer(generation.id)]
        ) { row in
            let identity = try row.integer(1), number = Int(try row.integer(2))
            // Its identity's damage is told already.
            guard let record = records[identity] else { return }
            let reference = SampleReference(identity: record.name, number: number)
            found[identity, default: []].insert(number)
            do {
                guard record.numbers.contains(number) else {
                    throw GalleryError.damagedRecord("the identity has no such sample")
                }
                let outcome = try outcome(
                    sealed: row.bytes(4), key: row.integer(3), sample: row.integer(0), identity: identity,
                    number: number, in: generation)
                switch outcome {
                case .embedded(let embedding):
                    embeddings.append(EnrolledEmbedding(sample: reference, embedding: embedding))
                case .refused(let reason): refusals[reference] = reason
                }
            } catch GalleryError.damagedRecord(let what) {
                damage.append(
                    GalleryDamage(
                        kind: .embedding, identity: record.name, sample: number,
                        what: "the embedding of sample \(number) of “\(record.name)” by \(generation.model): \(what)"))
            }
        }
        if generation.state == .active {
            for (id, record) in records where record.modality == generation.model.modality {
                for number in record.numbers where found[id]?.contains(number) != true {
                    damage.append(.absent(.embedding, sample: number, of: record.name, by: generation.model))
                }
            }
        }
        return GenerationEmbeddings(
            generation: generation,
            embeddings: embeddings.sorted {
                ($0.sample.identity.text, $0.sample.number) < ($1.sample.identity.text, $1.sample.number)
            },
            refusals: refusals, damage: damage)
    }
}
