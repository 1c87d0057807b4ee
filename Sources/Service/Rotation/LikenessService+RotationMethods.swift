// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Varlink

extension LikenessService {
    /// Begins a rotation, and follows it to its end when the caller takes several replies.
    ///
    /// - Returns: the last reply.
    func rotateModel(_ parameters: RotateModel, _ call: ServiceCall<RotateModel>) async throws -> WireRotation {
        let (begun, generation) = try await call.begin { try await beginRotation(parameters, by: call.actor) }
        guard call.more else { return begun }
        var told: WireRotation?
        while let current = rotation.rotation(of: generation), !current.phase.isEnd {
            if current != told { try await call.replyContinuing(RotateModel.Reply(rotation: current)) }
            told = current
            try await Task.sleep(for: .milliseconds(250))
        }
        guard let ended = rotation.rotation(of: generation) else { throw ServiceFailure.noRotation }
        if ended.phase == .refused, let report = ended.report {
            throw ServiceFailure.rotationRefused(
                report: report, message: "the model \(ended.to.name) \(ended.to.version) is \(ended.message)")
        }
        return ended
    }

    /// Makes the generation before the active one again. Samples that were enrolled since are embedded by its model
    /// first.
    func rollBack(_ parameters: Rollback, by actor: AuditActor) async throws -> Rollback.Reply {
        try rotation.requireNone()
        let retired = try await withRotationClaimed(by: actor) {
            try await self.rollBack(parameters.modality, by: actor)
        }
        logger.notice("Rolled back to the model \(retired.model)")
        let after = try await wireGenerations()
        guard let active = after.first(where: { $0.id == Int(retired.id) }),
            let previous = after.last(where: { $0.model.modality == retired.model.modality && $0.state == .retired })
        else { throw GalleryError.nothingToRollBack(retired.model.modality) }
        return Rollback.Reply(active: active, previous: previous)
    }

    /// Returns the generation that is active again.
    private func rollBack(_ modality: Modality?, by actor: AuditActor) async throws -> Generation {
        let every = try await gallery.store.everyGeneration().filter {
            $0.state == .retired && (modality == nil || $0.model.modality == modality)
        }
        guard let retired = every.max(by: { $0.id < $1.id }) else {
            throw GalleryError.nothingToRollBack(modality ?? gallery.modalities.first ?? .face)
        }
        let modalities = Set(every.map(\.model.modality.rawValue)).sorted()
        guard modalities.count == 1 else {
            throw ServiceFailure.rotationImpossible(
                identities: [], count: 0,
                message:
                    "there is a model before of several modalities, \(modalities.joined(separator: " and ")): say which is meant (--modality)"
            )
        }
        let embedder: any Embedder, model: LoadedModel
        do throws(ServiceFailure) {
            (embedder, model) = try usableModel(named: retired.model.digest.hexadecimal)
        } catch {
            throw ServiceFailure.noSuchModel(
                message:
                    "the model \(retired.model) cannot be gone back to; import it again (enroll model import): \(error.description)"
            )
        }
        let building = try await gallery.store.beginGeneration(retired.model, for: .rollback, by: actor)
        let background = BackgroundEmbedder(embedder, limits: configuration.images)
        defer { background.close() }
        do {
            try await embedMost(of: building, with: background)
            try await activate(building, with: background, model: model, result: "rolled back", by: actor)
        } catch {
            await abandon(building, result: "failed: \(error)", by: actor)
            throw error
        }
        return retired
    }

    func prune(_ modality: Modality?, by actor: AuditActor) async throws -> PruneGenerations.Reply {
        try rotation.requireNone()
        let pruned = try await withRotationClaimed(by: actor) {
            let pruned = try await self.gallery.store.pruneGenerations(of: modality, by: actor)
            self.gallery.forgetRetired(modality)
            return pruned
        }
        return PruneGenerations.Reply(generations: pruned.generations, embeddings: pruned.embeddings)
    }
}
