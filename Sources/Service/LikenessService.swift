// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import LikenessInterface
import Logging
import Recognition
import Synchronization
import Varlink

/// The methods of `io.likeness.Verification` and `io.likeness.Admin` on one gallery and its models.
///
/// Images are decoded, prepared and embedded on a fixed set of threads behind a bounded queue. Embeddings are
/// compared in memory. Everything else waits for the store.
public final class LikenessService: Sendable {
    /// A worker that has been at one image for longer than this is taken for stuck.
    private static let stuckAfter = Duration.seconds(120)
    private static let auditTrimInterval = Duration.seconds(3600)

    let configuration: ServiceConfiguration
    let models: ActiveModels
    let gallery: EnrolledGallery
    let rotation = ModelRotation()
    /// Finds a model by its name, its folder's name or a digest.
    let modelSource: (@Sendable (String) throws -> any Embedder)?
    private let pool: Mutex<WorkerPool>
    private let auditTrimmed = Mutex(ContinuousClock.now)
    let admission = Admission()
    let access: AccessControl
    let attempts: AttemptLedger
    let journalNames: JournalNames
    let counters = ServiceCounters()
    let logger: Logger
    let started = ContinuousClock.now
    private let following = Mutex<Task<Void, Never>?>(nil)
    /// Why memory may be behind what other daemons have changed; nil while it is not.
    let unfollowed = Mutex<String?>(nil)
    /// What somebody else did to the gallery's files, as last seen; nil where that is nothing.
    let disturbance = Mutex<GalleryError?>(nil)
    let backups = OneAtATime()
    let rekeys = OneAtATime()
    /// One set of workers is made from another at a time, so that none is made from one that is replaced meanwhile.
    let renewals = SerialQueue()

    /// Activates the models in the gallery, loads its embeddings, and starts the workers.
    ///
    /// - Parameter recognizers: the models to use, at most one of a modality. With none, what is enrolled can be
    ///   listed and removed.
    ///   - modelSource: finds a model to rotate to, by its name, its folder's name or a digest.
    /// - Throws: ``ServiceStartError``, or ``GalleryError``, above all
    ///   ``GalleryError/madeWithAnotherModel(modality:made:offered:samples:)``.
    public init(
        configuration: ServiceConfiguration, gallery: any GalleryStore, recognizers: [any Embedder],
        modelSource: (@Sendable (String) throws -> any Embedder)? = nil, logger: Logger
    ) async throws {
        self.configuration = configuration
        self.logger = logger
        access = AccessControl(policy: configuration.access)
        attempts = AttemptLedger(store: gallery, limits: configuration.attempts, logger: logger)
        let isEncrypted = try await gallery.encryption().isComplete
        journalNames = JournalNames(areShown: configuration.journalNamesPeople || !isEncrypted, store: gallery)
        // Heard from before the gallery is read, so that nothing falls between.
        let announcements = gallery.announcements()
        self.modelSource = modelSource
        models = ActiveModels(
            try LoadedModel.loaded(recognizers, operatingPoint: configuration.operatingPoint(of:)),
            embedders: recognizers)
        self.gallery = try await EnrolledGallery(store: gallery, embedders: recognizers, rule: configuration.rule)
        let cores = ProcessInfo.processInfo.activeProcessorCount
        pool = Mutex(
            try await WorkerPool(
                workers: configuration.workers > 0 ? configuration.workers : cores,
                queueLength: max(1, configuration.queueLength), embedders: recognizers, limits: configuration.images,
                timeout: configuration.workerTimeout,
                logger: logger))
        tell(of: self.gallery.damage)
        await trimAudit()
        await resumeRotation()
        if gallery.isShared { following.withLock { $0 = Task { [weak self] in await self?.follow(announcements) } } }
    }

    /// Tells the journal what of the gallery cannot be read.
    func tell(of damage: [GalleryDamage]) {
        for damage in damage {
            logger.error("The gallery is damaged, and this is left out: \(journalNames.text(damage.what))")
        }
    }

    /// Takes out of the audit log what is kept no longer.
    private func trimAudit() async {
        guard configuration.auditRetention != .forever else { return }
        do {
            let removed = try await gallery.store.trimAudit(configuration.auditRetention)
            if removed > 0 {
                logger.notice("\(removed) entries of the audit log were older than is kept, and are removed")
            }
        } catch {
            logger.error("Old entries of the audit log cannot be removed: \(error)")
        }
    }

    /// Those that work with the active models.
    var workers: WorkerPool { pool.withLock { $0 } }

    /// What waits for the workers before is still done by them.
    func replaceWorkers(by fresh: WorkerPool) {
        let old = pool.withLock { pool in
            defer { pool = fresh }
            return pool
        }
        old.close()
    }

    /// How much of the server a peer may take. It does not block.
    public func standing(of peer: PeerCredentials) -> PeerStanding {
        if access.isPrivileged(peer) { return .privileged }
        return access.grants(of: peer).role == nil ? .unknown : .admitted
    }

    /// What to serve.
    public var handlers: [any VarlinkInterfaceHandler] {
        let pipeline = CallPipeline(
            access: access, admission: admission, counters: counters, store: gallery.store,
            auditsComparisons: configuration.auditsComparisons, journalNames: journalNames, logger: logger)
        return [
            ServiceInterfaceHandler(
                InterfaceNames.verification, description: InterfaceDescriptions.verification, methods: methods,
                pipeline: pipeline),
            ServiceInterfaceHandler(
                InterfaceNames.admin, description: InterfaceDescriptions.admin, methods: methods, pipeline: pipeline),
        ]
    }

    /// Takes no new work, finishes what was accepted, and ends the workers. New work is answered with `Busy`,
    /// which tells a program to try again; what only reads is still answered.
    public func drain() async {
        following.withLock { $0 }?.cancel()
        await rotation.suspend()
        await admission.stop()
        await attempts.flush()
        await auditFailedComparisons()
        workers.close()
    }

    /// Whether the gallery answers and no worker is stuck.
    public func selfCheck() async -> Bool {
        await selfCheck(stuckAfter: Self.stuckAfter)
    }

    package func selfCheck(stuckAfter limit: Duration) async -> Bool {
        let work = workers.longestWork
        guard work < limit else {
            logger.error("A worker has been busy with one image for \(work)")
            return false
        }
        do {
            _ = try await gallery.store.counts()
            // No reason to be restarted, which would begin with whatever is there now.
            await lookAfterFiles()
            if auditTrimmed.withLock({ last in
                guard last.duration(to: .now) > Self.auditTrimInterval else { return false }
                last = .now
                return true
            }) {
                await auditFailedComparisons()
                await trimAudit()
                await trimAttempts()
            }
            return true
        } catch {
            logger.error("The gallery does not answer: \(error)")
            return false
        }
    }
}
