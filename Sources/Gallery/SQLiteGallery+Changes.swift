import Biometrics
import Foundation
import GRDB

extension SQLiteGallery {
    public func enrol(
        _ sample: NewSample, as name: IdentityName, modality: Modality, by actor: AuditActor?
    ) async throws(GalleryError) -> Enrolment {
        guard sample.original.count == 32 else {
            throw .damagedRecord("the digest of an original has \(sample.original.count) bytes instead of 32")
        }
        let measurements = try StoredMeasurement.text(of: sample.measurements)
        return try await change { [maximumSamples] database, now in
            let generation = try Self.generation(for: sample.embedding, modality: modality, in: database)
            let identity = try Self.identity(name, modality: modality, now: now, in: database)
            let count = try Self.sampleCount(of: identity.id, in: database)
            guard count < maximumSamples else {
                throw GalleryError.tooManySamples(name, limit: maximumSamples)
            }
            let duplicates = try Self.samples(ofOriginal: sample.original, in: database)
            try database.execute(
                sql: """
                    INSERT INTO sample
                        (identity_id, number, prepared_image, width, height, original_sha256, measurements, enrolled)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    identity.id, identity.nextNumber, Data(sample.preparedImage), sample.width, sample.height,
                    Data(sample.original), measurements, now,
                ])
            try database.execute(
                sql: "INSERT INTO embedding (sample_id, generation_id, vector) VALUES (?, ?, ?)",
                arguments: [
                    database.lastInsertedRowID, generation.id, VectorCoding.blob(of: sample.embedding.values),
                ])
            try database.execute(
                sql: "UPDATE identity SET next_number = next_number + 1, updated = ? WHERE id = ?",
                arguments: [now, identity.id])
            try Self.audit(
                .enrol, at: now, by: actor, identity: name, sample: identity.nextNumber, model: generation.model.digest,
                in: database)
            return Enrolment(
                sample: SampleReference(identity: name, number: identity.nextNumber), sampleCount: count + 1,
                duplicates: duplicates)
        }
    }

    public func remove(_ name: IdentityName, by actor: AuditActor?) async throws(GalleryError) -> Removal {
        let removal = try await change { database, now in
            guard let identity = try Self.existingIdentity(name, in: database) else {
                throw GalleryError.noSuchIdentity(name)
            }
            let count = try Self.sampleCount(of: identity.id, in: database)
            try database.execute(sql: "DELETE FROM identity WHERE id = ?", arguments: [identity.id])
            try Self.audit(.removeIdentity, at: now, by: actor, identity: name, in: database)
            return Removal(removed: count, remaining: 0)
        }
        await forgetRemovedPages()
        return removal
    }

    public func removeSample(
        _ number: Int, of name: IdentityName, by actor: AuditActor?
    ) async throws(GalleryError) -> Removal {
        let removal = try await change { database, now in
            guard let identity = try Self.existingIdentity(name, in: database) else {
                throw GalleryError.noSuchIdentity(name)
            }
            try database.execute(
                sql: "DELETE FROM sample WHERE identity_id = ? AND number = ?", arguments: [identity.id, number])
            guard database.changesCount == 1 else {
                throw GalleryError.noSuchSample(name, number: number)
            }
            try Self.audit(.removeSample, at: now, by: actor, identity: name, sample: number, in: database)
            let remaining = try Self.sampleCount(of: identity.id, in: database)
            if remaining == 0 {
                try database.execute(sql: "DELETE FROM identity WHERE id = ?", arguments: [identity.id])
                try Self.audit(.removeIdentity, at: now, by: actor, identity: name, in: database)
            } else {
                try database.execute(
                    sql: "UPDATE identity SET updated = ? WHERE id = ?", arguments: [now, identity.id])
            }
            return Removal(removed: 1, remaining: remaining)
        }
        await forgetRemovedPages()
        return removal
    }

    // MARK: Parts of a transaction

    private struct IdentityKey {
        let id: Int64
        let modality: String
        let nextNumber: Int
    }

    private static func existingIdentity(_ name: IdentityName, in database: Database) throws -> IdentityKey? {
        try Row.fetchOne(
            database, sql: "SELECT id, modality, next_number FROM identity WHERE name = ?", arguments: [name.text]
        ).map { IdentityKey(id: $0["id"], modality: $0["modality"], nextNumber: $0["next_number"]) }
    }

    /// The identity, made if it is new.
    private static func identity(
        _ name: IdentityName, modality: Modality, now: Int64, in database: Database
    ) throws -> IdentityKey {
        if let existing = try existingIdentity(name, in: database) {
            guard existing.modality == modality.rawValue else {
                guard let enrolled = Modality(rawValue: existing.modality) else {
                    throw GalleryError.damagedRecord("“\(name)” has the unknown modality “\(existing.modality)”")
                }
                throw GalleryError.modalityMismatch(name, enrolled: enrolled, offered: modality)
            }
            return existing
        }
        try database.execute(
            sql: "INSERT INTO identity (name, modality, next_number, enrolled, updated) VALUES (?, ?, 1, ?, ?)",
            arguments: [name.text, modality.rawValue, now, now])
        return IdentityKey(id: database.lastInsertedRowID, modality: modality.rawValue, nextNumber: 1)
    }

    private static func generation(
        for embedding: Embedding, modality: Modality, in database: Database
    ) throws -> Generation {
        guard let generation = try activeGeneration(of: modality, in: database) else {
            throw GalleryError.noActiveModel(modality)
        }
        guard embedding.model == generation.model.digest else {
            throw GalleryError.wrongEmbedding(
                reason: "it was made by model \(embedding.model.short), and \(generation.model) is active")
        }
        guard embedding.values.count == generation.model.embeddingSize else {
            throw GalleryError.wrongEmbedding(
                reason: "it has \(embedding.values.count) numbers instead of \(generation.model.embeddingSize)")
        }
        return generation
    }

    private static func sampleCount(of identity: Int64, in database: Database) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT COUNT(*) FROM sample WHERE identity_id = ?", arguments: [identity]) ?? 0
    }

    static func audit(
        _ action: AuditEntry.Action, at now: Int64, by actor: AuditActor?, identity: IdentityName? = nil,
        sample: Int? = nil, model: ModelDigest? = nil, in database: Database
    ) throws {
        try database.execute(
            sql: """
                INSERT INTO audit (time, action, user, process, identity, sample, model_sha256)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                now, action.rawValue, actor?.user, actor?.process, identity?.text, sample,
                model.map { Data($0.bytes) },
            ])
    }
}
