// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Varlink
import Wording

extension LikenessService {
    /// How many samples are embedded between two transactions.
    private static let page = 32

    // MARK: Beginning

    /// Begins a rotation, and returns it as it begins, with the number of the generation that it builds.
    func beginRotation(
        _ parameters: RotateModel, by actor: AuditActor
    ) async throws -> (rotation: WireRotation, generation: Int64) {
        let drop = parameters.maxDrop ?? configuration.maximumDrop
        guard RotateModel.maxDrops.contains(drop) else { throw VarlinkError.invalidParameter("max_drop") }
        let (embedder, model) = try usableModel(named: parameters.model)
        try rotation.requireNone()
        let purpose: Generation.Purpose =
            parameters.dryRun ?? false ? .trial(maximumDrop: drop) : .rotation(maximumDrop: drop)
        try await claimRotation(by: actor)
        do {
            let generation = try await gallery.store.beginGeneration(embedder.model, for: purpose, by: actor)
            return (try run(generation, embedder: embedder, model: model, by: actor, resumed: false), generation.id)
        } catch {
            await releaseRotation()
            throw error
        }
    }

    /// Goes on with what was being built when the daemon ended, or another daemon that had the gallery too, unless one
    /// has it in hand.
    func resumeRotation() async {
        do {
            guard
                let generation = try await gallery.store.everyGeneration().first(where: {
                    $0.state == .building && !rotation.leftGenerations.contains($0.id)
                })
            else { return }
            let embedder: any Embedder, model: LoadedModel
            do {
                (embedder, model) = try usableModel(named: generation.model.digest.hexadecimal)
            } catch {
                // Another daemon may have the model.
                if gallery.store.isShared { return }
                let words = "given up at the daemon's start, and the active model is as it was: \(error)"
                logger.error("The rotation to \(generation.model) is \(journalNames.text(words))")
                try await gallery.store.abandonGeneration(generation.id, result: "given up: \(error)", by: nil)
                return try rotation.begin(
                    begun(generation, resumed: true).with(phase: .failed, message: words), generation: generation.id)
            }
            do {
                try await claimRotation(by: nil)
            } catch is ServiceFailure {
                return
            }
            do {
                _ = try run(generation, embedder: embedder, model: model, by: nil, resumed: true)
            } catch {
                await releaseRotation()
                throw error
            }
        } catch {
            logger.error("A rotation that was under way cannot be gone on with: \(error)")
        }
    }

    /// A model of the daemon's folder, checked as one that the daemon starts with.
    func usableModel(named name: String) throws(ServiceFailure) -> (any Embedder, LoadedModel) {
        guard let modelSource else { throw .noSuchModel(message: "this daemon has no folder of models") }
        let embedder: any Embedder
        do {
            embedder = try modelSource(name)
        } catch {
            throw .noSuchModel(message: "\(error)")
        }
        do throws(ServiceStartError) {
            let models = try LoadedModel.loaded([embedder], operatingPoint: configuration.operatingPoint(of:))
            guard let model = models[embedder.model.modality] else { throw .notCalibrated(model: embedder.model.name) }
            return (embedder, model)
        } catch {
            throw .noSuchModel(message: error.description)
        }
    }

    private func run(
        _ generation: Generation, embedder: any Embedder, model: LoadedModel, by actor: AuditActor?, resumed: Bool
    ) throws(ServiceFailure) -> WireRotation {
        let begun = begun(generation, resumed: resumed)
        try rotation.begin(begun, generation: generation.id)
        rotation.follow(
            Task {
                await self.rotate(generation, embedder: embedder, model: model, by: actor)
                await self.releaseRotation()
            })
        return begun
    }

    private func begun(_ generation: Generation, resumed: Bool) -> WireRotation {
        let dryRun = if case .trial = generation.purpose { true } else { false }
        return WireRotation(
            modality: generation.model.modality,
            from: models[generation.model.modality].map { WireModelIdentity($0.description) },
            to: WireModelIdentity(generation.model), dryRun: dryRun, phase: .embedding, done: 0, total: 0,
            message: "the samples are being embedded by \(generation.model.name) \(generation.model.version)",
            resumed: resumed)
    }

    // MARK: The work

    private func rotate(
        _ generation: Generation, embedder: any Embedder, model: LoadedModel, by actor: AuditActor?
    ) async {
        let background = BackgroundEmbedder(embedder, limits: configuration.images)
        defer { background.close() }
        do {
            try await embedPending(of: generation, with: background)
            try Task.checkCancellation()
            rotation.update { $0.with(phase: .measuring, message: "the gallery is measured under both models") }
            let before = try await gallery.store.embeddings(of: generation.model.modality)
            let after = try await gallery.store.embeddings(ofGeneration: generation.id)
            let report = RotationMeasurement(
                before: before, after: after, threshold: model.defaultPoint.threshold,
                maximumDrop: generation.maximumDrop
            ).report
            try Task.checkCancellation()
            try await conclude(generation, report: report, with: background, model: model, by: actor)
        } catch is CancellationError {
            // A daemon that stops leaves what was embedded for its next start.
            guard rotation.isToBeAbandoned else { return }
            await abandon(generation, .cancelled, "cancelled; the active model is as it was", by: actor)
        } catch let error as GalleryError where error.isOfConnection {
            let words = "interrupted, and gone on with when the gallery's database answers: \(error)"
            logger.error("The rotation to \(generation.model) is \(journalNames.text(words))")
            rotation.update { $0.with(phase: .failed, message: words) }
        } catch is RotationTakenOver {
            let words = "left to another daemon on this gallery, which works on it"
            logger.notice("The rotation to \(generation.model) is \(journalNames.text(words))")
            rotation.update { $0.with(phase: .failed, message: words) }
        } catch {
            let words = "failed, and the active model is as it was: \(error)"
            logger.error("The rotation to \(generation.model) \(journalNames.text(words))")
            await abandon(generation, .failed, words, by: actor)
        }
    }

    private func conclude(
        _ generation: Generation, report: WireRotationReport, with background: BackgroundEmbedder, model: LoadedModel,
        by actor: AuditActor?
    ) async throws {
        if rotation.current?.dryRun ?? false {
            await abandon(generation, .measured, "measured, and nothing was changed", report: report, by: actor)
        } else if !report.acceptable, generation.purpose != .rollback {
            await abandon(
                generation, .refused, "not activated: " + report.objections.joined(separator: "; "), report: report,
                by: actor)
        } else {
            // Without its package the next start would find nothing to compare by.
            _ = try usableModel(named: generation.model.digest.hexadecimal)
            try await activate(generation, with: background, model: model, result: report.summary, by: actor)
            let words = "activated: \(report.summary)"
            logger.notice("The model \(generation.model) is \(journalNames.text(words))")
            rotation.update { $0.with(phase: .activated, message: words, report: report) }
        }
    }

    /// Embeds until nothing is left.
    private func embedPending(of generation: Generation, with background: BackgroundEmbedder) async throws {
        let started = ContinuousClock.now
        guard let content = try await gallery.store.generations().first(where: { $0.generation.id == generation.id })
        else { return }
        let before = content.embedded + content.refused
        var done = before, total = before + content.pending, last: Int64 = 0
        rotation.update { [done, total] in $0.with(done: done, total: total, message: $0.message) }
        if rotation.current?.resumed ?? false {
            logger.notice(
                "The rotation to \(generation.model) goes on: \(before) samples are done, \(content.pending) are left")
        }
        while true {
            try Task.checkCancellation()
            // The right to it ends with a connection.
            guard try await gallery.store.takeRotation() else { throw RotationTakenOver() }
            let pending = try await gallery.store.pendingSamples(in: generation.id, after: last, limit: Self.page)
            // What was enrolled meanwhile has higher numbers; a pass that finds nothing is the end.
            guard let end = pending.last?.id else { return }
            last = end
            try await embed(pending, of: generation, with: background)
            done += pending.count
            total = max(total, done)
            let elapsed = started.duration(to: .now) / .seconds(1)
            let left = elapsed / Double(max(1, done - before)) * Double(total - done)
            rotation.update { $0.with(done: done, total: total, secondsLeft: left, message: $0.message) }
        }
    }

    /// Embeds what a generation lacks, to a last few that were enrolled meanwhile, while other changes of the gallery
    /// go on.
    func embedMost(of generation: Generation, with background: BackgroundEmbedder) async throws(GalleryError) {
        var last: Int64 = 0, pending: [PendingSample]
        repeat {
            pending = try await gallery.store.pendingSamples(in: generation.id, after: last, limit: Self.page)
            last = pending.last?.id ?? last
            if !pending.isEmpty { try await embed(pending, of: generation, with: background) }
        } while pending.count == Self.page
    }

    /// Embeds whatever a generation lacks, while no other change of the gallery runs.
    func embedRest(of generation: Generation, with background: BackgroundEmbedder) async throws(GalleryError) {
        while case let pending = try await gallery.store.pendingSamples(in: generation.id, after: 0, limit: Self.page),
            !pending.isEmpty
        {
            try await embed(pending, of: generation, with: background)
        }
    }

    private func embed(
        _ pending: [PendingSample], of generation: Generation, with background: BackgroundEmbedder
    ) async throws(GalleryError) {
        let outcomes = await background.outcomes(of: pending.map(\.image))
        try await gallery.store.store(zip(pending, outcomes).map { ($0.id, $1) }, in: generation.id)
    }

    /// Embeds what was enrolled last, while nothing else changes the gallery, and makes the generation the active one:
    /// in the store in one transaction, and then in memory. Probes that a worker has begun are compared in the
    /// generation they began with, or embedded again.
    func activate(
        _ generation: Generation, with background: BackgroundEmbedder, model: LoadedModel, result: String,
        by actor: AuditActor?
    ) async throws {
        try await renewals.run { [self] in
            let fresh = try await freshWorkers(with: background.embedder)
            do {
                try await gallery.activate(generation, embedder: background.embedder, result: result, by: actor) {
                    [self] () throws(GalleryError) in
                    try await embedRest(of: generation, with: background)
                } whenActive: { [self] in
                    models.replace(with: model, embedder: background.embedder)
                    replaceWorkers(by: fresh)
                }
            } catch {
                fresh.close()
                throw error
            }
        }
    }

    /// Workers with the active models, but one in the place of that of its modality.
    func freshWorkers(with embedder: any Embedder) async throws -> WorkerPool {
        try await WorkerPool(
            workers: workers.workers, queueLength: workers.limit,
            embedders: models.embedders.filter { $0.model.modality != embedder.model.modality } + [embedder],
            limits: configuration.images,
            timeout: configuration.workerTimeout, logger: logger)
    }

    private func abandon(
        _ generation: Generation, _ phase: WireRotation.Phase, _ words: String, report: WireRotationReport? = nil,
        by actor: AuditActor?
    ) async {
        await abandon(generation, result: phase.rawValue, by: actor)
        rotation.update { $0.with(phase: phase, message: words, report: report) }
    }

    /// Removes a generation, now or when the next rotation begins.
    func abandon(_ generation: Generation, result: String, by actor: AuditActor?) async {
        do {
            try await gallery.store.abandonGeneration(generation.id, result: result, by: actor)
        } catch {
            rotation.leave(generation.id)
            logger.error(
                "What was embedded by \(generation.model) cannot be removed; it goes before the next rotation, or is gone on with at the next start: \(error)"
            )
        }
    }

    /// Removes what rotations that failed have left, since the gallery builds one generation at a time.
    func removeLeft(by actor: AuditActor?) async throws(GalleryError) {
        for generation in rotation.leftGenerations {
            do throws(GalleryError) {
                try await gallery.store.abandonGeneration(generation, result: "failed", by: actor)
            } catch {
                guard case .noSuchGeneration = error else { throw error }
            }
            rotation.forget(generation)
        }
    }
}

/// Another daemon has the rotation in hand.
private struct RotationTakenOver: Error {}

extension GalleryError {
    /// Whether it says nothing of what was asked, and only that the database could not be.
    fileprivate var isOfConnection: Bool {
        switch self {
        case .unreachable, .outcomeUnknown, .busy: true
        default: false
        }
    }
}

extension Generation {
    /// The most by which the equal error rate may rise.
    fileprivate var maximumDrop: Double {
        switch purpose {
        case .rotation(let drop), .trial(let drop): drop
        case .rollback, nil: 1
        }
    }
}

extension WireRotationReport {
    /// A line for the journal and the audit log.
    fileprivate var summary: String {
        func rate(_ separation: WireSeparation) -> String {
            separation.equalErrorRate.map { NumberText.percent($0) } ?? "not measured"
        }
        return
            "\(embedded) samples, \(refused) refused, equal error rate \(rate(before)) before and \(rate(after)) after"
    }
}
