// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery

extension OracleGallery {
    mutating func activate(_ model: ModelDescription) throws(GalleryError) -> Generation {
        if let active = try? active(model.modality) {
            if active.model.digest == model.digest {
                let renamed = Generation(id: active.id, model: model, state: .active, created: active.created)
                replace(renamed)
                return renamed
            }
            let samples = references.count { $0.sample.outcomes[active.id] != nil }
            guard samples == 0 else {
                throw .madeWithAnotherModel(
                    modality: model.modality, made: active.model, offered: model, samples: samples)
            }
            delete(active)
        }
        let generation = insert(model, .active, nil)
        record(AuditEvent(.activateModel, by: nil, model: model.digest))
        return generation
    }

    mutating func begin(
        _ model: ModelDescription, for purpose: Generation.Purpose, by actor: AuditActor?
    ) throws(GalleryError) -> Generation {
        let others = generations(of: model.modality)
        if let building = others.first(where: { $0.state == .building }) {
            throw .rotationRunning(model.modality, model: building.model)
        }
        guard (try? active(model.modality))?.model.digest != model.digest else { throw .modelIsActive(model) }
        switch purpose {
        case .rollback:
            guard let retired = others.last(where: { $0.state == .retired && $0.model.digest == model.digest }) else {
                throw .nothingToRollBack(model.modality)
            }
            let lost = identities.filter { identity in
                identity.value.modality == model.modality
                    && identity.value.samples.contains { $0.image == nil && $0.outcomes[retired.id] == nil }
            }.keys.sorted { $0.text < $1.text }
            guard lost.isEmpty else {
                throw .rollbackLoses(
                    identities: Array(lost.prefix(GalleryError.maximumNamedIdentities)), count: lost.count,
                    model: retired.model)
            }
            let building = Generation(
                id: retired.id, model: retired.model, state: .building, purpose: purpose, created: retired.created)
            replace(building)
            return building
        case .rotation(let drop), .trial(let drop):
            let lacking = identities.filter { $1.modality == model.modality && $1.samples.contains { $0.image == nil } }
                .keys
                .sorted { $0.text < $1.text }
            guard lacking.isEmpty else {
                throw .rotationImpossible(
                    identities: Array(lacking.prefix(GalleryError.maximumNamedIdentities)), count: lacking.count)
            }
            let generation = insert(model, .building, purpose)
            let isTrial = if case .trial = purpose { true } else { false }
            record(
                AuditEvent(
                    .beginRotation, by: actor, model: model.digest,
                    result: (isTrial ? "trial " : "rotation ") + "\(drop)"))
            return generation
        }
    }

    func generation(_ id: Int64) throws(GalleryError) -> Generation {
        guard let generation = generations.first(where: { $0.id == id }) else { throw .noSuchGeneration(reason: "") }
        return generation
    }

    func pending(in id: Int64) throws(GalleryError) -> [(reference: SampleReference, sample: Sample)] {
        let generation = try generation(id)
        return references.filter {
            identities[$0.reference.identity]?.modality == generation.model.modality && $0.sample.outcomes[id] == nil
        }
    }

    /// - Parameter outcomes: by the order numbers of samples.
    mutating func store(_ outcomes: [(row: Int, outcome: EmbeddingOutcome)], in id: Int64) throws(GalleryError) {
        let generation = try generation(id)
        for (row, outcome) in outcomes {
            guard outcome.isOf(generation.model) else { throw .wrongEmbedding(reason: "") }
            for (name, identity) in identities {
                guard let place = identity.samples.firstIndex(where: { $0.row == row && $0.outcomes[id] == nil }) else {
                    continue
                }
                identities[name]?.samples[place].outcomes[id] = outcome
            }
        }
    }

    mutating func activateGeneration(
        _ id: Int64, result: String, by actor: AuditActor?
    ) throws(GalleryError) -> (active: Generation, previous: Generation?) {
        let building = try building(id), pending = try pending(in: id).count
        guard pending == 0 else { throw .notReembedded(samples: pending) }
        for other in generations(of: building.model.modality) where other.state == .retired { delete(other) }
        var previous: Generation?
        if let active = try? active(building.model.modality) {
            let retired = Generation(id: active.id, model: active.model, state: .retired, created: active.created)
            replace(retired)
            previous = retired
        }
        let active = Generation(id: id, model: building.model, state: .active, created: building.created)
        replace(active)
        record(
            AuditEvent(
                building.purpose == .rollback ? .rollBack : .activateModel, by: actor, model: active.model.digest,
                result: result))
        return (active, previous)
    }

    mutating func abandon(_ id: Int64, result: String, by actor: AuditActor?) throws(GalleryError) {
        let building = try building(id)
        if building.purpose == .rollback {
            replace(Generation(id: id, model: building.model, state: .retired, created: building.created))
        } else {
            delete(building)
        }
        record(AuditEvent(.endRotation, by: actor, model: building.model.digest, result: result))
    }

    mutating func prune(_ modality: Modality?, by actor: AuditActor?) -> PrunedGenerations {
        let retired = generations.filter { $0.state == .retired && (modality == nil || $0.model.modality == modality) }
        var embeddings = 0
        for generation in retired {
            embeddings += references.count { $0.sample.outcomes[generation.id] != nil }
            delete(generation)
            record(AuditEvent(.prune, by: actor, model: generation.model.digest))
        }
        return PrunedGenerations(generations: retired.count, embeddings: embeddings)
    }

    private func building(_ id: Int64) throws(GalleryError) -> Generation {
        let generation = try generation(id)
        guard generation.state == .building else { throw .noSuchGeneration(reason: "") }
        return generation
    }

    private mutating func insert(
        _ model: ModelDescription, _ state: Generation.State, _ purpose: Generation.Purpose?
    ) -> Generation {
        defer { nextGeneration += 1 }
        let generation = Generation(id: nextGeneration, model: model, state: state, purpose: purpose, created: now)
        generations.append(generation)
        generations.sort { ($0.model.modality.rawValue, $0.id) < ($1.model.modality.rawValue, $1.id) }
        return generation
    }

    private mutating func replace(_ generation: Generation) {
        generations = generations.map { $0.id == generation.id ? generation : $0 }
    }

    private mutating func delete(_ generation: Generation) {
        generations.removeAll { $0.id == generation.id }
        for (name, identity) in identities {
            for place in identity.samples.indices { identities[name]?.samples[place].outcomes[generation.id] = nil }
        }
    }
}
