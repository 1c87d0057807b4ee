// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

extension SQLGallery {
    public func content(of name: IdentityName) async throws(GalleryError) -> IdentityContent? {
        try await read { transaction in
            guard let identity = try transaction.identity(named: name) else { return nil }
            let generations = try transaction.generations().filter { $0.model.modality == identity.record.modality }
            var samples: [IdentityContent.Sample] = [], damage: [GalleryDamage] = []
            let rows = try transaction.sql.rows(
                "SELECT id, number, data_key, sealed FROM sample WHERE identity_id = ? ORDER BY number",
                [.integer(identity.id)])
            for row in rows {
                let id = try row.integer(0), number = Int(try row.integer(1))
                // One that was put back after its removal is none.
                guard identity.record.numbers.contains(number) else { continue }
                do {
                    samples.append(
                        try transaction.content(
                            ofSample: id, number: number, key: row.integer(2), sealed: row.bytes(3), of: identity,
                            generations, &damage))
                } catch GalleryError.damagedRecord(let what) {
                    damage.append(GalleryDamage(kind: .sample, identity: name, sample: number, what: what))
                }
            }
            let found = Set(try rows.map { Int(try $0.integer(1)) })
            for number in identity.record.numbers where !found.contains(number) {
                damage.append(.absent(.sample, sample: number, of: name))
            }
            let summary = identity.record.summary
            return IdentityContent(
                name: name, modality: summary.modality, enrolled: summary.enrolled, updated: summary.updated,
                samples: samples,
                damage: damage)
        }
    }

    public func put(
        _ content: IdentityContent, replacing: Bool, by actor: AuditActor?
    ) async throws(GalleryError) -> ImportResult {
        let result = try await write { [maximumSamples, keepsSamples] transaction in
            guard content.samples.count <= maximumSamples else {
                throw GalleryError.tooManySamples(content.name, limit: maximumSamples)
            }
            let generations = try transaction.generations().filter { $0.model.modality == content.modality }
            guard let active = generations.first(where: { $0.state == .active }) else {
                throw GalleryError.noActiveModel(content.modality)
            }
            let existing = try transaction.identity(named: content.name)
            if let existing {
                guard replacing else { throw GalleryError.identityExists(content.name) }
                try transaction.delete(existing)
            }
            var record = IdentityRecord(
                name: content.name, modality: content.modality, enrolled: content.enrolled.wholeSeconds)
            record.updated = content.updated.wholeSeconds
            var identity = try transaction.insert(record)
            for sample in content.samples {
                try transaction.put(sample, of: identity, keepsImage: keepsSamples, active: active, generations)
                identity.record.numbers.append(sample.sample.number)
            }
            identity.record.nextNumber = max((identity.record.numbers.max() ?? 0) + 1, existing?.record.nextNumber ?? 1)
            try transaction.save(identity)
            try transaction.record(
                AuditEvent(
                    .importIdentity, by: actor, identity: content.name, model: active.model.digest,
                    result: existing == nil ? "imported" : "replaced"))
            return existing == nil ? ImportResult.imported : .replaced
        }
        if result == .replaced { await database.forgetRemoved() }
        return result
    }
}

extension GalleryTransaction {
    fileprivate func content(
        ofSample id: Int64, number: Int, key: Int64, sealed: Data, of identity: StoredIdentity,
        _ generations: [Generation],
        _ damage: inout [GalleryDamage]
    ) throws -> IdentityContent.Sample {
        let record = try sample(id: id, identity: identity.id, number: number, key: key, sealed: sealed)
        let name = identity.record.name
        var image: [UInt8]?
        do {
            image = try self.image(ofSample: id, identity: identity.id)
            if image == nil, record.kept != nil { damage.append(.absent(.image, sample: number, of: name)) }
        } catch GalleryError.damagedRecord(let what) {
            damage.append(
                GalleryDamage(
                    kind: .image, identity: name, sample: number,
                    what: "the image of sample \(number) of “\(name)”: \(what)"))
        }
        var outcomes: [ModelDigest: EmbeddingOutcome] = [:]
        for generation in generations {
            let row = try sql.row(
                "SELECT data_key, sealed FROM embedding WHERE sample_id = ? AND generation_id = ?",
                [.integer(id), .integer(generation.id)])
            guard let row else {
                if generation.state == .active {
                    damage.append(.absent(.embedding, sample: number, of: name, by: generation.model))
                }
                continue
            }
            do {
                outcomes[generation.model.digest] = try outcome(
                    sealed: row.bytes(1), key: row.integer(0), sample: id, identity: identity.id, number: number,
                    in: generation)
            } catch GalleryError.damagedRecord(let what) {
                damage.append(
                    GalleryDamage(
                        kind: .embedding, identity: name, sample: number,
                        what: "the embedding of sample \(number) of “\(name)” by \(generation.model): \(what)"))
            }
        }
        return IdentityContent.Sample(
            sample: try record.enrolledSample(number: number), image: image, outcomes: outcomes)
    }

    fileprivate func put(
        _ content: IdentityContent.Sample, of identity: StoredIdentity, keepsImage: Bool, active: Generation,
        _ generations: [Generation]
    ) throws {
        let sample = content.sample
        guard case .embedded(let embedding)? = content.outcomes[active.model.digest],
            EmbeddingOutcome.embedded(embedding).fits(active.model)
        else {
            throw GalleryError.wrongEmbedding(reason: "sample \(sample.number) has none by the model \(active.model)")
        }
        guard sample.original.count == 32 else {
            throw GalleryError.damagedRecord(
                "the digest of an original has \(sample.original.count) bytes instead of 32")
        }
        let keptImage = keepsImage ? content.image : nil
        let record = SampleRecord(
            enrolled: sample.enrolled.wholeSeconds, kept: keptImage == nil ? nil : sample.kept ?? .crop,
            width: sample.width,
            height: sample.height, original: Data(sample.original),
            measurements: try StoredMeasurement.text(of: sample.measurements))
        let row = try insert(record, number: sample.number, of: identity.id)
        if let keptImage { try insert(image: Data(keptImage), of: row, identity: identity.id) }
        for generation in generations {
            guard let outcome = content.outcomes[generation.model.digest], outcome.fits(generation.model) else {
                continue
            }
            try insert(outcome, of: row, identity: identity.id, number: sample.number, in: generation)
        }
    }
}
