// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

extension SQLGallery {
    public func moveSample(
        _ number: Int, of name: IdentityName, to other: IdentityName, _ permissions: SampleMove.Permissions,
        by actor: AuditActor?, carrying: @escaping CarriedAttempts
    ) async throws(GalleryError) -> SampleMove {
        guard name != other else { throw .sameIdentity(name) }
        let move = try await write { [maximumSamples] transaction in
            var source = try transaction.existingIdentity(named: name)
            guard let place = source.record.numbers.firstIndex(of: number) else {
                throw GalleryError.noSuchSample(name, number: number)
            }
            let isLast = source.record.numbers.count == 1
            guard !isLast || permissions.contains(.takingLast) else {
                throw GalleryError.lastSample(name, number: number)
            }
            let modality = source.record.modality, known = try transaction.identity(named: other)
            guard known != nil || permissions.contains(.makingIdentity) else {
                throw GalleryError.noSuchIdentity(other)
            }
            var target =
                try known
                ?? transaction.insert(IdentityRecord(name: other, modality: modality, enrolled: transaction.now))
            guard target.record.modality == modality else {
                throw GalleryError.modalityMismatch(other, enrolled: target.record.modality, offered: modality)
            }
            guard target.record.numbers.count < maximumSamples else {
                throw GalleryError.tooManySamples(other, limit: maximumSamples)
            }
            try transaction.carryAttempts(with: name, to: other, isMade: known == nil, carrying)
            let generations = try transaction.generations().filter { $0.model.modality == modality }
            let active = generations.first { $0.state == .active }
            let sample = try transaction.take(number, of: source, generations)

            source.record.numbers.remove(at: place)
            source.record.updated = transaction.now
            let duplicates = try transaction.samples(ofOriginal: sample.record.original)
            let moved = SampleReference(identity: other, number: target.record.nextNumber)
            try transaction.put(sample, moved.number, of: target)
            target.record.numbers.append(moved.number)
            target.record.nextNumber += 1
            target.record.updated = transaction.now
            try transaction.save(target)
            try transaction.record(
                AuditEvent(
                    .moveSample, by: actor, identity: name, sample: number, destination: moved,
                    model: active?.model.digest))
            if isLast {
                try transaction.delete(source)
                try transaction.record(AuditEvent(.removeIdentity, by: actor, identity: name))
            } else {
                try transaction.save(source)
            }
            var embedding: Embedding?
            if let active, case .embedded(let found)? = sample.outcomes[active] { embedding = found }
            return SampleMove(
                sample: moved, remaining: source.record.numbers.count, sampleCount: target.record.numbers.count,
                madeIdentity: known == nil, embedding: embedding, duplicates: duplicates)
        }
        await database.forgetRemoved()
        return move
    }
}

/// A sample that was taken out of its identity: everything is sealed to its row, and so opened on the way.
private struct TakenSample {
    let record: SampleRecord
    let image: [UInt8]?
    let outcomes: [Generation: EmbeddingOutcome]
}

extension GalleryTransaction {
    /// Takes a sample out, with everything of it. What cannot be read is not moved.
    fileprivate func take(
        _ number: Int, of identity: StoredIdentity, _ generations: [Generation]
    ) throws -> TakenSample {
        let name = identity.record.name
        guard
            let row = try sql.row(
                "SELECT id, data_key, sealed FROM sample WHERE identity_id = ? AND number = ?",
                [.integer(identity.id), .integer(number)])
        else { throw GalleryError.damagedRecord("sample \(number) of “\(name)” is absent") }
        let id = try row.integer(0)
        let record = try sample(
            id: id, identity: identity.id, number: number, key: row.integer(1), sealed: row.bytes(2))
        let image = try image(ofSample: id, identity: identity.id)
        guard image != nil || record.kept == nil else {
            throw GalleryError.damagedRecord("the image of sample \(number) of “\(name)” is absent")
        }
        var outcomes: [Generation: EmbeddingOutcome] = [:]
        for generation in generations {
            guard
                let row = try sql.row(
                    "SELECT data_key, sealed FROM embedding WHERE sample_id = ? AND generation_id = ?",
                    [.integer(id), .integer(generation.id)])
            else { continue }
            outcomes[generation] = try outcome(
                sealed: row.bytes(1), key: row.integer(0), sample: id, identity: identity.id, number: number,
                in: generation)
        }
        try sql.execute("DELETE FROM sample WHERE id = ?", [.integer(id)])
        summary.samples -= 1
        return TakenSample(record: record, image: image, outcomes: outcomes)
    }

    fileprivate func put(_ sample: TakenSample, _ number: Int, of identity: StoredIdentity) throws {
        let row = try insert(sample.record, number: number, of: identity.id)
        if let image = sample.image { try insert(image: Data(image), of: row, identity: identity.id) }
        for (generation, outcome) in sample.outcomes {
            try insert(outcome, of: row, identity: identity.id, number: number, in: generation)
        }
    }
}
