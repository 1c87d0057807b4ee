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
        try await embeddings { transaction in
            try transaction.generations().first { $0.model.modality == modality && $0.state == .active }
        }
    }

    public func embeddings(ofGeneration id: Int64) async throws(GalleryError) -> GenerationEmbeddings {
        try await embeddings(ofGeneration: id, page: GenerationReading.usualPage)
    }

    /// - Parameters:
    ///   - page: how many identities are read at a time.
    ///   - parts: on how many connections, at the most.
    package func embeddings(
        ofGeneration id: Int64, page: Int, parts: Int = ProcessInfo.processInfo.activeProcessorCount
    ) async throws(GalleryError) -> GenerationEmbeddings {
        guard let content = try await embeddings(page: page, parts: parts, of: { try $0.generation(id) }) else {
            throw .noSuchGeneration(reason: "number \(id) was cancelled or pruned")
        }
        return content
    }

    /// What a generation holds, read by several transactions on one state where that is much.
    private func embeddings(
        page: Int = GenerationReading.usualPage, parts most: Int = ProcessInfo.processInfo.activeProcessorCount,
        of find: @escaping @Sendable (GalleryTransaction) throws -> Generation?
    ) async throws(GalleryError) -> GenerationEmbeddings? {
        let reading = GenerationReading(page: page)
        let pages = try await counts().identities / page
        let parts = try await readTogether(max(1, min(pages, most))) { transaction in
            try find(transaction).map { try reading.run(transaction, of: $0) }
        }.compactMap(\.self)
        return parts.first.map { GenerationEmbeddings(parts, of: $0.generation, enrolled: $0.enrolled) }
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

    /// Tells of every identity's row what is in it, or its damage.
    func forEachIdentity(_ body: (Int64, Result<IdentityRecord, any Error>) throws -> Void) throws {
        try forEach("SELECT id, data_key, sealed, name_hash FROM identity WHERE id > ? ORDER BY id LIMIT ?") { row in
            try body(try row.integer(0), Result { try identity(row) })
        }
    }

    /// What a row of an identity's number, key, content and hash of the name holds. One that would not be found under its
    /// name is damaged too.
    func identity(_ row: SQLRow) throws -> IdentityRecord {
        let id = try row.integer(0), record = try identity(id: id, key: row.integer(1), sealed: row.bytes(2)).record
        guard try row.bytes(3) == keys.hash(of: record.name) else {
            throw GalleryError.damagedRecord("identity \(id): “\(record.name)” would not be found under the name")
        }
        return record
    }

    /// The damage that there are fewer identities than are enrolled, or more.
    func absence(of identities: Int) -> [GalleryDamage] {
        GalleryDamage.absence(of: identities, where: summary.identities)
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
}
