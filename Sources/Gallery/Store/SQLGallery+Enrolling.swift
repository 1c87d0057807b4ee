// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

extension SQLGallery {
    public func enroll(
        _ samples: [NewSample], as name: IdentityName, modality: Modality, by actor: AuditActor?
    ) async throws(GalleryError) -> [Enrollment] {
        guard !samples.isEmpty else { return [] }
        for sample in samples where sample.original.count != 32 {
            throw .damagedRecord("the digest of an original has \(sample.original.count) bytes instead of 32")
        }
        let measured = try samples.map { sample throws(GalleryError) in
            (sample: sample, measurements: try StoredMeasurement.text(of: sample.measurements))
        }
        return try await write { [maximumSamples, keepsSamples] transaction in
            let generations = try transaction.generations().filter { $0.model.modality == modality }
            guard let active = generations.first(where: { $0.state == .active }) else {
                throw GalleryError.noActiveModel(modality)
            }
            for sample in samples { try Self.require(sample, by: active) }
            var identity =
                try transaction.identity(named: name)
                ?? transaction.insert(IdentityRecord(name: name, modality: modality, enrolled: transaction.now))
            guard identity.record.modality == modality else {
                throw GalleryError.modalityMismatch(name, enrolled: identity.record.modality, offered: modality)
            }
            let count = identity.record.numbers.count + samples.count
            guard count <= maximumSamples else { throw GalleryError.tooManySamples(name, limit: maximumSamples) }
            var enrollments: [Enrollment] = []
            for (sample, measurements) in measured {
                let original = Data(sample.original)
                let duplicates = try transaction.samples(ofOriginal: original)
                let number = identity.record.nextNumber
                let record = SampleRecord(
                    enrolled: transaction.now, kept: keepsSamples ? sample.kind : nil, width: sample.width,
                    height: sample.height,
                    original: original, measurements: measurements)
                let row = try transaction.insert(record, number: number, of: identity.id)
                if keepsSamples { try transaction.insert(image: Data(sample.image), of: row, identity: identity.id) }
                for generation in generations {
                    guard let outcome = sample.outcomes[generation.model.digest], outcome.fits(generation.model) else {
                        continue
                    }
                    try transaction.insert(outcome, of: row, identity: identity.id, number: number, in: generation)
                }
                identity.record.numbers.append(number)
                identity.record.nextNumber += 1
                try transaction.record(
                    AuditEvent(.enroll, by: actor, identity: name, sample: number, model: active.model.digest))
                enrollments.append(
                    Enrollment(
                        sample: SampleReference(identity: name, number: number), generation: active.id,
                        sampleCount: count, duplicates: duplicates))
            }
            identity.record.updated = transaction.now
            try transaction.save(identity)
            return enrollments
        }
    }

    public func remove(_ name: IdentityName, by actor: AuditActor?) async throws(GalleryError) -> Removal {
        let removal = try await write { transaction in
            let identity = try transaction.existingIdentity(named: name)
            try transaction.delete(identity)
            try transaction.record(AuditEvent(.removeIdentity, by: actor, identity: name))
            return Removal(removed: identity.record.numbers.count, remaining: 0)
        }
        await database.forgetRemoved()
        return removal
    }

    public func removeSample(
        _ number: Int, of name: IdentityName, by actor: AuditActor?
    ) async throws(GalleryError) -> Removal {
        let removal = try await write { transaction in
            var identity = try transaction.existingIdentity(named: name)
            guard let place = identity.record.numbers.firstIndex(of: number) else {
                throw GalleryError.noSuchSample(name, number: number)
            }
            try transaction.record(AuditEvent(.removeSample, by: actor, identity: name, sample: number))
            if identity.record.numbers.count == 1 {
                try transaction.delete(identity)
                try transaction.record(AuditEvent(.removeIdentity, by: actor, identity: name))
                return Removal(removed: 1, remaining: 0)
            }
            let removed = try transaction.sql.execute(
                "DELETE FROM sample WHERE identity_id = ? AND number = ?", [.integer(identity.id), .integer(number)])
            guard removed == 1 else {
                throw GalleryError.damagedRecord("sample \(number) of “\(name)” is absent")
            }
            transaction.summary.samples -= 1
            identity.record.numbers.remove(at: place)
            identity.record.updated = transaction.now
            try transaction.save(identity)
            return Removal(removed: 1, remaining: identity.record.numbers.count)
        }
        await database.forgetRemoved()
        return removal
    }

    private static func require(_ sample: NewSample, by active: Generation) throws {
        guard let outcome = sample.outcomes[active.model.digest] else {
            let models = sample.outcomes.keys.map(\.short).sorted().joined(separator: ", ")
            throw GalleryError.wrongEmbedding(reason: "it was made by model \(models), and \(active.model) is active")
        }
        guard case .embedded(let embedding) = outcome else {
            throw GalleryError.wrongEmbedding(reason: "the model \(active.model) refuses the sample")
        }
        guard embedding.values.count == active.model.embeddingSize, embedding.model == active.model.digest else {
            throw GalleryError.wrongEmbedding(
                reason: "it has \(embedding.values.count) numbers instead of \(active.model.embeddingSize)")
        }
    }
}

extension EmbeddingOutcome {
    /// Whether it is what the model makes.
    func fits(_ model: ModelDescription) -> Bool {
        switch self {
        case .embedded(let embedding): embedding.model == model.digest && embedding.values.count == model.embeddingSize
        case .refused: true
        }
    }
}

extension GalleryTransaction {
    /// Returns the number of the row.
    func insert(_ record: SampleRecord, number: Int, of identity: Int64) throws -> Int64 {
        let id = summary.nextSample
        summary.nextSample += 1
        summary.samples += 1
        try sql.execute(
            "INSERT INTO sample (id, identity_id, number, original_hash, data_key, sealed) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .integer(id), .integer(identity), .integer(number), .bytes(keys.hash(ofOriginal: record.original)),
                .integer(keys.current),
                .bytes(try keys.seal(record.data, as: .sample(id, identity: identity, number: number))),
            ])
        return id
    }

    func insert(image: Data, of sample: Int64, identity: Int64) throws {
        try sql.execute(
            "INSERT INTO image (sample_id, data_key, sealed) VALUES (?, ?, ?)",
            [
                .integer(sample), .integer(keys.current),
                .bytes(try keys.seal(image, as: .image(sample: sample, identity: identity))),
            ])
    }

    func insert(
        _ outcome: EmbeddingOutcome, of sample: Int64, identity: Int64, number: Int, in generation: Generation
    ) throws {
        let part = SealedPart.embedding(
            sample: sample, identity: identity, number: number, generation: generation.id,
            model: generation.model.digest)
        try sql.execute(
            "INSERT INTO embedding (sample_id, generation_id, data_key, sealed) VALUES (?, ?, ?, ?)",
            [
                .integer(sample), .integer(generation.id), .integer(keys.current),
                .bytes(try keys.seal(OutcomeCoding.data(of: outcome, by: generation.model), as: part)),
            ])
    }

    /// The first samples that were made from the very same file, by name and number.
    func samples(ofOriginal digest: Data) throws -> [SampleReference] {
        let rows = try sql.rows(
            """
            SELECT identity.id, identity.data_key, identity.sealed, sample.number
            FROM sample JOIN identity ON identity.id = sample.identity_id
            WHERE original_hash = ? ORDER BY sample.id LIMIT ?
            """,
            [.bytes(keys.hash(ofOriginal: digest)), .integer(Enrollment.maximumDuplicates)])
        return try rows.compactMap { row in
            // One that cannot be read is no reason to refuse another.
            guard let identity = try? identity(id: row.integer(0), key: row.integer(1), sealed: row.bytes(2)) else {
                return nil
            }
            return SampleReference(identity: identity.record.name, number: Int(try row.integer(3)))
        }.sorted { ($0.identity.text, $0.number) < ($1.identity.text, $1.number) }
    }
}
