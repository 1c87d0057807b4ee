// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Synchronization

/// Follows what other daemons change in a gallery that they share.
final class GalleryFollower: Sendable {
    /// How often is looked after what no announcement tells: a model that was imported, a rotation whose daemon has
    /// ended.
    private static let tendingInterval = Duration.seconds(20)

    private let models: ActiveModels
    private let source: ModelSource
    private let gallery: EnrolledGallery
    private let workers: ActiveWorkers
    private let rotation: RotationController
    private let journal: ServiceJournal
    private let following = Mutex<Task<Void, Never>?>(nil)
    /// Why memory may be behind what other daemons have changed; nil while it is not.
    private let unfollowed = Mutex<String?>(nil)

    init(
        models: ActiveModels, source: ModelSource, gallery: EnrolledGallery, workers: ActiveWorkers,
        rotation: RotationController, journal: ServiceJournal
    ) {
        self.models = models
        self.source = source
        self.gallery = gallery
        self.workers = workers
        self.rotation = rotation
        self.journal = journal
    }

    /// What keeps memory behind, in words; nil where nothing does.
    var problem: String? { unfollowed.withLock { $0 } }

    /// Follows from now on what is announced.
    func start(_ announcements: AsyncStream<GalleryAnnouncement>) {
        following.withLock { $0 = Task { [weak self] in await self?.follow(announcements) } }
    }

    func stop() {
        following.withLock { $0 }?.cancel()
    }

    /// Follows what other daemons change in the gallery, until it is closed or the task is cancelled.
    private func follow(_ announcements: AsyncStream<GalleryAnnouncement>) async {
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
                case .identity(let name): journal.tell(of: try await gallery.refresh(name))
                case .generations: try await followGenerations()
                // The store takes up keys by itself, where it has what they are wrapped with.
                case .keys: _ = try await gallery.store.counts()
                case .anything:
                    try await followGenerations()
                    journal.tell(of: try await gallery.reload())
                }
                unfollowed.withLock { $0 = nil }
                return
            } catch {
                unfollowed.withLock { $0 = "what other daemons change cannot be read: \(error)" }
                if let error = error as? GalleryError, error.isOfKey { loseGallery(because: error) }
                if !isTold {
                    journal.logger.error(
                        "What another daemon changed cannot be read, which is tried until it can: \(journal.text("\(error)"))"
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
    func tend() async {
        do {
            if !models.missing.isEmpty { try await followGenerations() }
            guard !rotation.state.isUnderWay else { return }
            if !rotation.state.leftGenerations.isEmpty {
                try await rotation.withClaim(by: nil) {}
            }
            await rotation.resume()
        } catch ServiceFailure.rotationRunning {
            // The daemon that works on it ends it.
        } catch {
            journal.logger.error("The gallery's generations cannot be read: \(journal.text("\(error)"))")
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
                guard try await adopt(generation, try embedder(for: generation)) else { continue }
                journal.logger.notice(
                    "Another daemon has activated the model \(generation.model), which is used from now on")
            } catch {
                guard models.missing[modality]?.model != generation.model else { continue }
                gallery.drop(modality) { models.lose(generation.model, because: Self.missing(generation.model)) }
                journal.logger.error("\(Self.missing(generation.model)) (\(error.description))")
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

    /// What is said where nothing can be decided for want of a model.
    private static func missing(_ model: ModelDescription) -> String {
        """
        the gallery's active model of the modality “\(model.modality.rawValue)” is \(model), which another daemon activated and this one does not \
        have; import it here (enroll model import), and it is used within a minute
        """
    }

    private func embedder(for generation: Generation) throws(ServiceFailure) -> any Embedder {
        if let embedder = models.embedder(of: generation.model.modality),
            embedder.model.digest == generation.model.digest
        {
            return embedder
        }
        return try source.model(named: generation.model.digest.hexadecimal).embedder
    }

    /// Returns false where the generation is active no more.
    private func adopt(
        _ generation: Generation, _ embedder: any Embedder
    ) async throws(ServiceFailure) -> Bool {
        guard embedder.model.digest == generation.model.digest,
            embedder.model.embeddingSize == generation.model.embeddingSize
        else {
            throw .noSuchModel(message: "the model of that digest is another one here")
        }
        do {
            let damage = try await workers.renew(with: embedder) { [self] use in
                let model = try models.loaded(embedder)
                return try await gallery.adopt(generation, embedder: embedder) { [self] in
                    models.replace(with: model, embedder: embedder)
                    use()
                }
            }
            journal.tell(of: damage ?? [])
            return damage != nil
        } catch let error as GalleryError {
            throw ServiceFailure(error)
        } catch {
            throw .noSuchModel(message: "it cannot be used: \(error)")
        }
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
