// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Imaging
import LikenessInterface
import Varlink

/// Brings a gallery from one model to another: rotations, rollbacks, and the removal of generations.
///
/// One piece of this work is done at a time, here and by all daemons on the gallery (``claim(by:)``).
final class RotationController: Sendable {
    /// The rotation that is under way, or was the last.
    let state = ModelRotation()
    let models: ActiveModels
    let source: ModelSource
    let gallery: EnrolledGallery
    let workers: ActiveWorkers
    let builder: GenerationBuilder
    let journal: ServiceJournal
    private let configuration: CurrentConfiguration

    /// What embeds kept images by a model.
    func background(_ embedder: any Embedder) -> BackgroundEmbedder {
        BackgroundEmbedder(
            embedder, decoding: configuration.value.decoding(tellingOf: journal.logger),
            limits: configuration.value.images)
    }

    init(
        models: ActiveModels, source: ModelSource, gallery: EnrolledGallery, workers: ActiveWorkers,
        configuration: CurrentConfiguration, journal: ServiceJournal
    ) {
        self.models = models
        self.source = source
        self.gallery = gallery
        self.workers = workers
        builder = GenerationBuilder(store: gallery.store)
        self.journal = journal
        self.configuration = configuration
    }

    // MARK: Beginning

    /// Begins a rotation, and returns it as it begins, with the number of the generation that it builds.
    func begin(
        _ parameters: RotateModel, by actor: AuditActor
    ) async throws -> (rotation: Rotation, generation: Int64) {
        let drop = parameters.maxDrop ?? configuration.value.maximumDrop
        guard RotateModel.maxDrops.contains(drop) else { throw VarlinkError.invalidParameter("max_drop") }
        let (embedder, model) = try source.model(named: parameters.model)
        try state.requireNone()
        let purpose: Generation.Purpose =
            parameters.dryRun ?? false ? .trial(maximumDrop: drop) : .rotation(maximumDrop: drop)
        try await claim(by: actor)
        do {
            let generation = try await gallery.store.beginGeneration(embedder.model, for: purpose, by: actor)
            return (try run(generation, embedder: embedder, model: model, by: actor, resumed: false), generation.id)
        } catch {
            await release()
            throw error
        }
    }

    /// Goes on with what was being built when the daemon ended, or another daemon that had the gallery too, unless one
    /// has it in hand.
    func resume() async {
        do {
            guard
                let generation = try await gallery.store.everyGeneration().first(where: {
                    $0.state == .building && !state.leftGenerations.contains($0.id)
                })
            else { return }
            let embedder: any Embedder, model: LoadedModel
            do {
                (embedder, model) = try source.model(named: generation.model.digest.hexadecimal)
            } catch {
                // Another daemon may have the model.
                if gallery.store.isShared { return }
                let words = "given up at the daemon's start, and the active model is as it was: \(error)"
                journal.logger.error("The rotation to \(generation.model) is \(journal.text(words))")
                try await gallery.store.abandonGeneration(generation.id, result: "given up: \(error)", by: nil)
                return try state.begin(
                    begun(generation, resumed: true).with(phase: .failed, message: words), generation: generation.id)
            }
            do {
                try await claim(by: nil)
            } catch is ServiceFailure {
                return
            }
            do {
                _ = try run(generation, embedder: embedder, model: model, by: nil, resumed: true)
            } catch {
                await release()
                throw error
            }
        } catch {
            journal.logger.error("A rotation that was under way cannot be gone on with: \(error)")
        }
    }

    private func run(
        _ generation: Generation, embedder: any Embedder, model: LoadedModel, by actor: AuditActor?, resumed: Bool
    ) throws(ServiceFailure) -> Rotation {
        let begun = begun(generation, resumed: resumed)
        try state.begin(begun, generation: generation.id)
        state.follow(
            Task {
                await self.rotate(generation, embedder: embedder, model: model, by: actor)
                await self.release()
            })
        return begun
    }

    private func begun(_ generation: Generation, resumed: Bool) -> Rotation {
        let isTrial = if case .trial = generation.purpose { true } else { false }
        return Rotation(
            from: models[generation.model.modality]?.description, to: generation.model, isTrial: isTrial,
            isResumed: resumed,
            message: "the samples are being embedded by \(generation.model.name) \(generation.model.version)")
    }

    // MARK: One rotation among all daemons

    /// Takes the right to build and activate generations, which one daemon has at a time, and for one piece of work,
    /// and removes what rotations that failed here have left.
    ///
    /// - Throws: ``ServiceFailure/rotationRunning(message:)``.
    func claim(by actor: AuditActor?) async throws {
        await state.settle()
        guard state.claim() else {
            throw ServiceFailure.rotationRunning(
                message: state.isUnderWay
                    ? "a rotation is under way; wait for it, or cancel it with `enroll rotate --cancel`"
                    : "a rollback, a reload or another change of the models is under way; wait for it")
        }
        do {
            guard try await gallery.store.takeRotation() else {
                throw ServiceFailure.rotationRunning(
                    message:
                        "another daemon on this gallery works on a rotation; wait for it, or cancel it there with `enroll rotate --cancel`"
                )
            }
        } catch {
            state.unclaim()
            throw error
        }
        do {
            try await removeLeft(by: actor)
        } catch {
            await release()
            throw error
        }
    }

    /// Runs a piece of work with that right, which ends with it.
    func withClaim<Result: Sendable>(
        by actor: AuditActor?, _ work: @Sendable () async throws -> Result
    ) async throws -> Result {
        try await claim(by: actor)
        do {
            let result = try await work()
            await release()
            return result
        } catch {
            await release()
            throw error
        }
    }

    func release() async {
        try? await gallery.store.releaseRotation()
        state.unclaim()
    }

    /// Removes what rotations that failed have left, since the gallery builds one generation at a time.
    private func removeLeft(by actor: AuditActor?) async throws(GalleryError) {
        for generation in state.leftGenerations {
            do throws(GalleryError) {
                try await gallery.store.abandonGeneration(generation, result: "failed", by: actor)
            } catch {
                guard case .noSuchGeneration = error else { throw error }
            }
            state.forget(generation)
        }
    }
}
