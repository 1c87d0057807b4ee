// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

extension SQLGallery {
    /// The most images that ``pendingSamples(in:after:limit:)`` reads at once.
    private static let maximumPending = 256

    public func beginGeneration(
        _ model: ModelDescription, for purpose: Generation.Purpose, by actor: AuditActor?
    ) async throws(GalleryError) -> Generation {
        try await write { transaction in
            let generations = try transaction.generations().filter { $0.model.modality == model.modality }
            if let building = generations.first(where: { $0.state == .building }) {
                throw GalleryError.rotationRunning(model.modality, model: building.model)
            }
            if let active = generations.first(where: { $0.state == .active }), active.model.digest == model.digest {
                throw GalleryError.modelIsActive(model)
            }
            if purpose == .rollback {
                guard let retired = generations.last(where: { $0.state == .retired && $0.model.digest == model.digest })
                else {
                    throw GalleryError.nothingToRollBack(model.modality)
                }
                let lost = try transaction.identities(
                    of: model.modality,
                    withSamplesThat: """
                        NOT EXISTS (SELECT 1 FROM image WHERE image.sample_id = sample.id) AND NOT EXISTS
                            (SELECT 1 FROM embedding WHERE embedding.sample_id = sample.id AND embedding.generation_id = ?)
                        """, [.integer(retired.id)])
                guard lost.isEmpty else {
                    throw GalleryError.rollbackLoses(
                        identities: Array(lost.prefix(GalleryError.maximumNamedIdentities)), count: lost.count,
                        model: retired.model)
                }
                let building = Generation(
                    id: retired.id, model: retired.model, state: .building, purpose: purpose, created: retired.created)
                try transaction.save(building)
                return building
            }
            let lacking = try transaction.identities(
                of: model.modality,
                withSamplesThat: "NOT EXISTS (SELECT 1 FROM image WHERE image.sample_id = sample.id)")
            guard lacking.isEmpty else {
                throw GalleryError.rotationImpossible(
                    identities: Array(lacking.prefix(GalleryError.maximumNamedIdentities)), count: lacking.count)
            }
            let generation = try transaction.insert(model, state: .building, purpose: purpose)
            try transaction.record(AuditEvent(.beginRotation, by: actor, model: model.digest, result: purpose.text))
            return generation
        }
    }

    public func pendingSamples(
        in generation: Int64, after last: Int64, limit: Int
    ) async throws(GalleryError) -> [PendingSample] {
        try await read { transaction in
            let generation = try transaction.generation(generation)
            let limit = min(max(1, limit), Self.maximumPending)
            var samples: [PendingSample] = [], last = last
            // The modality is sealed: a page may hold none of this one, though later pages do.
            while samples.count < limit {
                let rows = try transaction.sql.rows(
                    """
                    SELECT sample.id, sample.identity_id, sample.number, identity.data_key, identity.sealed
                    FROM sample JOIN identity ON identity.id = sample.identity_id
                    WHERE sample.id > ? AND NOT EXISTS
                        (SELECT 1 FROM embedding WHERE embedding.sample_id = sample.id AND embedding.generation_id = ?)
                    ORDER BY sample.id LIMIT ?
                    """,
                    [.integer(last), .integer(generation.id), .integer(limit)])
                for row in rows where samples.count < limit {
                    let id = try row.integer(0), identity = try row.integer(1)
                    last = id
                    // A damaged identity is compared by neither model; a check names it.
                    guard
                        let record = try? transaction.identity(id: identity, key: row.integer(3), sealed: row.bytes(4))
                            .record,
                        record.modality == generation.model.modality
                    else { continue }
                    samples.append(
                        PendingSample(
                            id: id, reference: SampleReference(identity: record.name, number: Int(try row.integer(2))),
                            // One that is damaged is none.
                            image: try? transaction.image(ofSample: id, identity: identity)))
                }
                if rows.count < limit { break }
            }
            return samples
        }
    }

    public func store(
        _ outcomes: [(sample: Int64, outcome: EmbeddingOutcome)], in generation: Int64
    ) async throws(GalleryError) {
        try await write { transaction in
            let generation = try transaction.generation(generation)
            var identities: Set<Int64> = []
            for (sample, outcome) in outcomes {
                guard outcome.fits(generation.model) else {
                    throw GalleryError.wrongEmbedding(reason: "it is not one of the model \(generation.model)")
                }
                // The sample may have been removed since it was read, or embedded when it was enrolled.
                guard
                    let row = try transaction.sql.row(
                        "SELECT identity_id, number FROM sample WHERE id = ?", [.integer(sample)]),
                    try transaction.sql.row(
                        "SELECT 1 FROM embedding WHERE sample_id = ? AND generation_id = ?",
                        [.integer(sample), .integer(generation.id)]) == nil
                else { continue }
                try transaction.insert(
                    outcome, of: sample, identity: row.integer(0), number: Int(row.integer(1)), in: generation)
                identities.insert(try row.integer(0))
            }
            // What is being built nobody compares with yet.
            guard generation.state == .active else { return }
            for id in identities {
                guard
                    let row = try transaction.sql.row(
                        "SELECT data_key, sealed FROM identity WHERE id = ?", [.integer(id)])
                else { continue }
                try transaction.announce(
                    try transaction.identity(id: id, key: row.integer(0), sealed: row.bytes(1)).record.name)
            }
        }
    }

    public func activateGeneration(
        _ id: Int64, result: String, by actor: AuditActor?
    ) async throws(GalleryError) -> (active: Generation, previous: Generation?) {
        try await write { transaction in
            let building = try transaction.generation(id)
            guard building.state == .building else {
                throw GalleryError.noSuchGeneration(
                    reason: "number \(id) is \(building.state.rawValue) and not being built")
            }
            let pending = try transaction.pendingCount(in: building)
            guard pending == 0 else { throw GalleryError.notReembedded(samples: pending) }
            let generations = try transaction.generations().filter { $0.model.modality == building.model.modality }
            // There is one generation to go back to.
            for retired in generations where retired.state == .retired { try transaction.delete(retired) }
            var previous: Generation?
            if let active = generations.first(where: { $0.state == .active }) {
                let retired = Generation(id: active.id, model: active.model, state: .retired, created: active.created)
                try transaction.save(retired)
                previous = retired
            }
            let active = Generation(id: id, model: building.model, state: .active, created: building.created)
            try transaction.save(active)
            try transaction.record(
                AuditEvent(
                    building.purpose == .rollback ? .rollBack : .activateModel, by: actor, model: active.model.digest,
                    result: result))
            return (active, previous)
        }
    }

    public func abandonGeneration(_ id: Int64, result: String, by actor: AuditActor?) async throws(GalleryError) {
        try await write { transaction in
            let building = try transaction.generation(id)
            guard building.state == .building else {
                throw GalleryError.noSuchGeneration(
                    reason: "number \(id) is \(building.state.rawValue) and not being built")
            }
            if building.purpose == .rollback {
                // It was whole before, and stays something to go back to.
                try transaction.save(
                    Generation(id: building.id, model: building.model, state: .retired, created: building.created))
            } else {
                try transaction.delete(building)
            }
            try transaction.record(AuditEvent(.endRotation, by: actor, model: building.model.digest, result: result))
        }
        await database.forgetRemoved()
    }

    public func pruneGenerations(
        of modality: Modality?, by actor: AuditActor?
    ) async throws(GalleryError) -> PrunedGenerations {
        let pruned = try await write { transaction in
            var generations = 0, embeddings = 0
            for retired in try transaction.generations()
            where retired.state == .retired && (modality == nil || retired.model.modality == modality) {
                generations += 1
                embeddings += Int(
                    try transaction.number(
                        "SELECT COUNT(*) FROM embedding WHERE generation_id = ?", [.integer(retired.id)]))
                try transaction.delete(retired)
                try transaction.record(AuditEvent(.prune, by: actor, model: retired.model.digest))
            }
            return PrunedGenerations(generations: generations, embeddings: embeddings)
        }
        if pruned.generations > 0 { await database.forgetRemoved() }
        return pruned
    }
}

/// What a prune removed.
public struct PrunedGenerations: Sendable, Hashable {
    public let generations: Int
    public let embeddings: Int

    public init(generations: Int, embeddings: Int) {
        self.generations = generations
        self.embeddings = embeddings
    }
}

extension GalleryTransaction {
    func pendingCount(in generation: Generation) throws -> Int {
        let rows = try sql.rows(
            """
            SELECT sample.identity_id, COUNT(*) FROM sample
            WHERE NOT EXISTS
                (SELECT 1 FROM embedding WHERE embedding.sample_id = sample.id AND embedding.generation_id = ?)
            GROUP BY sample.identity_id
            """,
            [.integer(generation.id)])
        if rows.isEmpty { return 0 }
        let (records, _) = try identities()
        return try rows.reduce(0) { sum, row in
            records[try row.integer(0)]?.modality == generation.model.modality ? sum + Int(try row.integer(1)) : sum
        }
    }

    /// Who has a sample of the modality that a condition holds for, by name.
    fileprivate func identities(
        of modality: Modality, withSamplesThat condition: String, _ arguments: [SQLValue] = []
    ) throws -> [IdentityName] {
        let rows = try sql.rows("SELECT DISTINCT sample.identity_id FROM sample WHERE \(condition)", arguments)
        if rows.isEmpty { return [] }
        let (records, _) = try identities()
        return try rows.compactMap { row in
            records[try row.integer(0)].flatMap { $0.modality == modality ? $0.name : nil }
        }.sorted { $0.text < $1.text }
    }
}
