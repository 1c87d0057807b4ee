// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Monitoring
import Wording

extension RotationController {
    func rotate(
        _ generation: Generation, embedder: any Embedder, model: LoadedModel, by actor: AuditActor?
    ) async {
        let background = self.background(embedder)
        defer { background.close() }
        do {
            try await embedPending(of: generation, with: background)
            try Task.checkCancellation()
            state.update { $0.with(phase: .measuring, message: "the gallery is measured under both models") }
            let before = try await gallery.store.embeddings(of: generation.model.modality)
            let after = try await gallery.store.embeddings(ofGeneration: generation.id)
            let report = RotationMeasurement(
                before: before, after: after, threshold: model.defaultPoint.threshold,
                maximumDrop: generation.maximumDrop
            ).report
            try Task.checkCancellation()
            try await conclude(generation, report: report, with: background, by: actor)
        } catch is CancellationError {
            // A daemon that stops leaves what was embedded for its next start.
            guard state.isToBeAbandoned else { return }
            await abandon(generation, .cancelled, "cancelled; the active model is as it was", by: actor)
        } catch let error as GalleryError where error.isOfConnection {
            let words = "interrupted, and gone on with when the gallery's database answers: \(error)"
            journal.logger.error("The rotation to \(generation.model) is \(journal.text(words))")
            state.update { $0.with(phase: .failed, message: words) }
        } catch is RotationTakenOver {
            let words = "left to another daemon on this gallery, which works on it"
            journal.logger.notice("The rotation to \(generation.model) is \(journal.text(words))")
            state.update { $0.with(phase: .failed, message: words) }
        } catch {
            let words = "failed, and the active model is as it was: \(error)"
            journal.logger.error(
                "The rotation to \(generation.model) \(journal.text(words))",
                metadata: JournalEvent.rotationFailed.metadata)
            await abandon(generation, .failed, words, by: actor)
        }
    }

    private func conclude(
        _ generation: Generation, report: RotationReport, with background: BackgroundEmbedder, by actor: AuditActor?
    ) async throws {
        if state.current?.isTrial ?? false {
            await abandon(generation, .measured, "measured, and nothing was changed", report: report, by: actor)
        } else if !report.isAcceptable, generation.purpose != .rollback {
            await abandon(
                generation, .refused, "not activated: " + report.objections.joined(separator: "; "), report: report,
                by: actor)
        } else {
            // Without its package the next start would find nothing to compare by.
            _ = try source.model(named: generation.model.digest.hexadecimal)
            try await activate(generation, with: background, result: report.summary, by: actor)
            let words = "activated: \(report.summary)"
            journal.logger.notice(
                "The model \(generation.model) is \(journal.text(words))",
                metadata: JournalEvent.rotationActivated.metadata)
            state.update { $0.with(phase: .activated, message: words, report: report) }
        }
    }

    /// Embeds until nothing is left.
    private func embedPending(of generation: Generation, with background: BackgroundEmbedder) async throws {
        let started = ContinuousClock.now
        guard let content = try await gallery.store.generations().first(where: { $0.generation.id == generation.id })
        else { return }
        let before = content.embedded + content.refused
        var done = before, total = before + content.pending, last: Int64 = 0
        state.update { [done, total] in $0.with(done: done, total: total, message: $0.message) }
        if state.current?.isResumed ?? false {
            journal.logger.notice(
                "The rotation to \(generation.model) goes on: \(before) samples are done, \(content.pending) are left")
        }
        while true {
            try Task.checkCancellation()
            // The right to it ends with a connection.
            guard try await gallery.store.takeRotation() else { throw RotationTakenOver() }
            let pending = try await gallery.store.pendingSamples(
                in: generation.id, after: last, limit: GenerationBuilder.page)
            // What was enrolled meanwhile has higher numbers; a pass that finds nothing is the end.
            guard let end = pending.last?.id else { return }
            last = end
            try await builder.embed(pending, of: generation, with: background)
            done += pending.count
            total = max(total, done)
            let elapsed = started.duration(to: .now) / .seconds(1)
            let left = elapsed / Double(max(1, done - before)) * Double(total - done)
            state.update { $0.with(done: done, total: total, secondsLeft: left, message: $0.message) }
        }
    }

    /// Embeds what was enrolled last, while nothing else changes the gallery, and makes the generation the active one:
    /// in the store in one transaction, and then in memory. Probes that a worker has begun are compared in the
    /// generation they began with, or embedded again.
    func activate(
        _ generation: Generation, with background: BackgroundEmbedder, result: String, by actor: AuditActor?
    ) async throws {
        try await workers.renew(with: background.embedder) { [self] use in
            // Here no reload comes between it and the activation.
            let model = try models.loaded(background.embedder)
            try await gallery.activate(generation, embedder: background.embedder, result: result, by: actor) {
                [self] () throws(GalleryError) in
                try await builder.embedRest(of: generation, with: background)
            } whenActive: { [self] in
                models.replace(with: model, embedder: background.embedder)
                use()
            }
        }
    }

    private func abandon(
        _ generation: Generation, _ phase: Rotation.Phase, _ words: String, report: RotationReport? = nil,
        by actor: AuditActor?
    ) async {
        await abandon(generation, result: phase.rawValue, by: actor)
        state.update { $0.with(phase: phase, message: words, report: report) }
    }

    /// Removes a generation, now or when the next rotation begins.
    func abandon(_ generation: Generation, result: String, by actor: AuditActor?) async {
        do {
            try await gallery.store.abandonGeneration(generation.id, result: result, by: actor)
        } catch {
            state.leave(generation.id)
            journal.logger.error(
                "What was embedded by \(generation.model) cannot be removed; it goes before the next rotation, or is gone on with at the next start: \(error)"
            )
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

extension RotationReport {
    /// A line for the journal and the audit log.
    fileprivate var summary: String {
        func rate(_ separation: Separation) -> String {
            separation.equalErrorRate.map { NumberText.percent($0) } ?? "not measured"
        }
        return
            "\(embedded) samples, \(refused) refused, equal error rate \(rate(before)) before and \(rate(after)) after"
    }
}
