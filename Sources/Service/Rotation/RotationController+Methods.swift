// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Monitoring

extension RotationController {
    var methods: [ServiceMethod] {
        [
            ServiceMethod { (_: ListGenerations, _) in
                ListGenerations.Reply(generations: try await self.generations())
            },
            ServiceMethod { (parameters: RotateModel, call) in
                RotateModel.Reply(rotation: WireRotation(try await self.rotate(parameters, call), for: call.grants))
            },
            ServiceMethod { (_: RotationStatus, call) in
                RotationStatus.Reply(
                    rotation: self.state.current.map { WireRotation($0, for: call.grants) },
                    generations: try await self.generations())
            },
            ServiceMethod { (_: CancelRotation, call) in
                CancelRotation.Reply(rotation: WireRotation(try await self.cancel(by: call.actor), for: call.grants))
            },
            ServiceMethod { (parameters: Rollback, call) in try await self.rollBack(parameters, by: call.actor) },
            ServiceMethod { (parameters: PruneGenerations, call) in try await self.prune(parameters, by: call.actor) },
        ]
    }

    private func generations() async throws -> [WireGeneration] {
        try await gallery.store.generations().map(WireGeneration.init)
    }

    /// Begins a rotation, and follows it to its end when the caller takes several replies.
    ///
    /// - Returns: the last reply.
    private func rotate(_ parameters: RotateModel, _ call: ServiceCall<RotateModel>) async throws -> Rotation {
        let (begun, generation) = try await call.begin { try await begin(parameters, by: call.actor) }
        guard call.more else { return begun }
        var told: Rotation?
        while let current = state.rotation(of: generation), !current.phase.isEnd {
            if current != told {
                try await call.replyContinuing(RotateModel.Reply(rotation: WireRotation(current, for: call.grants)))
            }
            told = current
            try await Task.sleep(for: .milliseconds(250))
        }
        guard let ended = state.rotation(of: generation) else { throw ServiceFailure.noRotation }
        if ended.phase == .refused, let report = ended.report {
            throw ServiceFailure.rotationRefused(
                report: WireRotationReport(report),
                message: "the model \(ended.to.name) \(ended.to.version) is \(ended.message)")
        }
        return ended
    }

    /// Makes the generation before the active one again. Samples that were enrolled since are embedded by its model
    /// first.
    private func rollBack(_ parameters: Rollback, by actor: AuditActor) async throws -> Rollback.Reply {
        try state.requireNone()
        let retired = try await withClaim(by: actor) {
            try await self.rollBack(parameters.modality, by: actor)
        }
        journal.logger.notice(
            "Rolled back to the model \(retired.model)", metadata: JournalEvent.rotationActivated.metadata)
        let after = try await generations()
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
        let embedder: any Embedder
        do throws(ServiceFailure) {
            embedder = try source.model(named: retired.model.digest.hexadecimal).embedder
        } catch {
            throw ServiceFailure.noSuchModel(
                message:
                    "the model \(retired.model) cannot be gone back to; import it again (enroll model import): \(error.description)"
            )
        }
        let building = try await gallery.store.beginGeneration(retired.model, for: .rollback, by: actor)
        let background = self.background(embedder)
        defer { background.close() }
        do {
            try await builder.embedMost(of: building, with: background)
            try await activate(building, with: background, result: "rolled back", by: actor)
        } catch {
            await abandon(building, result: "failed: \(error)", by: actor)
            throw error
        }
        return retired
    }

    private func prune(_ parameters: PruneGenerations, by actor: AuditActor) async throws -> PruneGenerations.Reply {
        try state.requireNone()
        let pruned = try await withClaim(by: actor) {
            let pruned = try await self.gallery.store.pruneGenerations(of: parameters.modality, by: actor)
            self.gallery.forgetRetired(parameters.modality)
            return pruned
        }
        return PruneGenerations.Reply(generations: pruned.generations, embeddings: pruned.embeddings)
    }

    /// Cancels the rotation that is under way here, or one that was left by a daemon that has ended.
    private func cancel(by actor: AuditActor) async throws -> Rotation {
        if let rotation = await state.cancel() { return rotation }
        guard gallery.store.isShared,
            let building = try await gallery.store.everyGeneration().first(where: { $0.state == .building })
        else { throw ServiceFailure.noRotation }
        try await withClaim(by: actor) {
            try await self.gallery.store.abandonGeneration(
                building.id, result: Rotation.Phase.cancelled.rawValue, by: actor)
        }
        return Rotation(
            from: models[building.model.modality]?.description, to: building.model, isTrial: false, isResumed: true,
            phase: .cancelled, message: "cancelled; the active model is as it was")
    }
}
