// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition

extension LikenessService {
    /// How often is looked after what no announcement tells: a model that was imported, a rotation whose daemon has
    /// ended.
    private static let tendingInterval = Duration.seconds(20)

    /// Follows what other daemons change in the gallery, until it is closed or the task is cancelled.
    func follow(_ announcements: AsyncStream<GalleryAnnouncement>) async {
        await withTaskGroup { group in
            group.addTask {
                for await announcement in announcements { await self.follow(announcement) }
            }
            group.addTask {
                while (try? await Task.sleep(for: Self.tendingInterval)) != nil { await self.tend() }
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Brings memory to where the store is. While that cannot be read nothing else is followed: everything is, when it
    /// can be again.
    private func follow(_ announcement: GalleryAnnouncement) async {
        var announcement = announcement, pause = Duration.milliseconds(250), isTold = false
        while !Task.isCancelled {
            do {
                switch announcement {
                case .identity(let name): tell(of: try await gallery.refresh(name))
                case .generations: try await followGenerations()
                // The store takes up keys by itself, where it has what they are wrapped with.
                case .keys: _ = try await gallery.store.counts()
                case .anything:
                    try await followGenerations()
                    tell(of: try await gallery.reload())
                }
                unfollowed.withLock { $0 = nil }
                return
            } catch {
                unfollowed.withLock { $0 = "what other daemons change cannot be read: \(error)" }
                if let error = error as? GalleryError, error.isOfKey { loseGallery(because: error) }
                if !isTold {
                    logger.error(
                        "What another daemon changed cannot be read, which is tried until it can: \(journalNames.text("\(error)"))"
                    )
                }
                isTold = true
                announcement = .anything
                try? await Task.sleep(for: pause)
                pause = min(pause * 2, .seconds(30))
            }
        }
    }

    /// Looks after what no announcement tells.
    package func tend() async {
        do {
            if !models.missing.isEmpty { try await followGenerations() }
            guard !rotation.isUnderWay else { return }
            if !rotation.leftGenerations.isEmpty {
                try await withRotationClaimed(by: nil) {}
            }
            await resumeRotation()
        } catch ServiceFailure.rotationRunning {
            // The daemon that works on it ends it.
        } catch {
            logger.error("The gallery's generations cannot be read: \(journalNames.text("\(error)"))")
        }
    }

    /// Takes the models that the gallery's active generations are of, where another daemon has activated one. Without
    /// its model nothing of a modality is decided: the earlier one's answers would be about a gallery that is there no
    /// more.
    func followGenerations() async throws {
        for generation in try await gallery.store.activeGenerations()
        where models.modalities.contains(generation.model.modality) {
            let modality = generation.model.modality
            guard gallery.index(of: modality)?.generation != generation.id else { continue }
            do throws(ServiceFailure) {
                let (embedder, model) = try follower(for: generation)
                guard try await adopt(generation, embedder, model) else { continue }
                logger.notice("Another daemon has activated the model \(generation.model), which is used from now on")
            } catch {
                guard models.missing[modality]?.model != generation.model else { continue }
                gallery.drop(modality) { models.lose(generation.model, because: Self.missing(generation.model)) }
                logger.error("\(Self.missing(generation.model)) (\(error.description))")
            }
        }
    }

    /// Decides nothing any more. Without the key that another daemon has put the gallery under, nobody's removal would
    /// be noticed.
    private func loseGallery(because error: GalleryError) {
        for modality in gallery.modalities {
            guard let model = models[modality]?.description else { continue }
            gallery.drop(modality) { models.lose(model, because: "\(error)") }
        }
    }

    /// The names and versions of the models that decisions rest on now.
    public var modelNames: [String] { models.embedders.map { "\($0.model.name) \($0.model.version)" } }

    /// What keeps the service from a part of its work, in words.
    public var problem: String? {
        let missing = models.missing.values.sorted { $0.model.modality.rawValue < $1.model.modality.rawValue }.map(
            \.reason)
        let reasons =
            missing + [unfollowed.withLock { $0 }, disturbance.withLock { $0?.description }].compactMap(\.self)
        return reasons.isEmpty ? nil : Array(Set(reasons)).sorted().joined(separator: "; ")
    }

    /// What is said where nothing can be decided for want of a model.
    static func missing(_ model: ModelDescription) -> String {
        """
        the gallery's active model of the modality “\(model.modality.rawValue)” is \(model), which another daemon activated and this one does not \
        have; import it here (enroll model import), and it is used within a minute
        """
    }

    private func follower(for generation: Generation) throws(ServiceFailure) -> (any Embedder, LoadedModel) {
        let modality = generation.model.modality
        if let embedder = models.embedder(of: modality), let model = models[modality],
            embedder.model.digest == generation.model.digest
        {
            return (embedder, model)
        }
        return try usableModel(named: generation.model.digest.hexadecimal)
    }

    /// Returns false where the generation is active no more.
    private func adopt(
        _ generation: Generation, _ embedder: any Embedder, _ model: LoadedModel
    ) async throws(ServiceFailure) -> Bool {
        try await renewals.run { [self] () throws(ServiceFailure) in
            try await adoptAlone(generation, embedder, model)
        }
    }

    private func adoptAlone(
        _ generation: Generation, _ embedder: any Embedder, _ model: LoadedModel
    ) async throws(ServiceFailure) -> Bool {
        guard embedder.model.digest == generation.model.digest,
            embedder.model.embeddingSize == generation.model.embeddingSize
        else {
            throw .noSuchModel(message: "the model of that digest is another one here")
        }
        let fresh: WorkerPool
        do {
            fresh = try await freshWorkers(with: embedder)
        } catch {
            throw .noSuchModel(message: "it cannot be used: \(error)")
        }
        do throws(GalleryError) {
            let damage = try await gallery.adopt(generation, embedder: embedder) { [self] in
                models.replace(with: model, embedder: embedder)
                replaceWorkers(by: fresh)
            }
            if damage == nil { fresh.close() }
            tell(of: damage ?? [])
            return damage != nil
        } catch {
            fresh.close()
            throw ServiceFailure(error)
        }
    }

    // MARK: One rotation among all daemons

    /// Takes the right to build and activate generations, which one daemon has at a time, and for one piece of work,
    /// and removes what rotations that failed here have left.
    ///
    /// - Throws: ``ServiceFailure/rotationRunning(message:)``.
    func claimRotation(by actor: AuditActor?) async throws {
        await rotation.settle()
        guard rotation.claim() else {
            throw ServiceFailure.rotationRunning(
                message: rotation.isUnderWay
                    ? "a rotation is under way; wait for it, or cancel it with `enroll rotate --cancel`"
                    : "a rollback or another change of the generations is under way; wait for it")
        }
        do {
            guard try await gallery.store.takeRotation() else {
                throw ServiceFailure.rotationRunning(
                    message:
                        "another daemon on this gallery works on a rotation; wait for it, or cancel it there with `enroll rotate --cancel`"
                )
            }
        } catch {
            rotation.unclaim()
            throw error
        }
        do {
            try await removeLeft(by: actor)
        } catch {
            await releaseRotation()
            throw error
        }
    }

    /// Runs a piece of work with that right, which ends with it.
    func withRotationClaimed<Result: Sendable>(
        by actor: AuditActor?, _ work: @Sendable () async throws -> Result
    ) async throws -> Result {
        try await claimRotation(by: actor)
        do {
            let result = try await work()
            await releaseRotation()
            return result
        } catch {
            await releaseRotation()
            throw error
        }
    }

    func releaseRotation() async {
        try? await gallery.store.releaseRotation()
        rotation.unclaim()
    }

    /// Cancels the rotation that is under way here, or one that was left by a daemon that has ended.
    func cancelRotation(by actor: AuditActor) async throws -> WireRotation {
        if let rotation = await rotation.cancel() { return rotation }
        guard gallery.store.isShared,
            let building = try await gallery.store.everyGeneration().first(where: { $0.state == .building })
        else { throw ServiceFailure.noRotation }
        try await withRotationClaimed(by: actor) {
            try await self.gallery.store.abandonGeneration(
                building.id, result: WireRotation.Phase.cancelled.rawValue, by: actor)
        }
        return WireRotation(
            modality: building.model.modality,
            from: models[building.model.modality].map { WireModelIdentity($0.description) },
            to: WireModelIdentity(building.model), dryRun: false, phase: .cancelled, done: 0, total: 0,
            message: "cancelled; the active model is as it was", resumed: true)
    }
}

extension GalleryError {
    /// Whether the gallery is sealed with what is not here.
    fileprivate var isOfKey: Bool {
        switch self {
        case .keyMissing, .keyWrong, .notEncrypted: true
        default: false
        }
    }
}
