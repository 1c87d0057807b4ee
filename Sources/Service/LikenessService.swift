// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import LikenessInterface
import Logging
import Varlink

/// The methods of `io.likeness.Verification` and `io.likeness.Admin` on one gallery and its models: what they share,
/// and the parts that answer them.
///
/// Images are decoded, prepared and embedded on a fixed set of threads behind a bounded queue. Embeddings are
/// compared in memory. Everything else waits for the store.
public final class LikenessService: Sendable {
    /// A worker that has been at one image for longer than this is taken for stuck.
    private static let stuckAfter = Duration.seconds(120)

    let configuration: CurrentConfiguration
    let pipeline: CallPipeline
    let models: ActiveModels
    let workers: ActiveWorkers
    let attempts: AttemptLedger
    let journal: ServiceJournal
    private let comparison: ComparisonService
    private let pictures: PictureService
    let gallery: EnrolledGallery
    private let enrollment: EnrollmentService
    private let transfer: IdentityTransfer
    let rotation: RotationController
    private let follower: GalleryFollower
    private let maintenance: GalleryMaintenance
    private let auditReader: AuditReader
    let upkeep: GalleryUpkeep
    let reporter: StatusReporter
    private let metricsReporter: MetricsReporter

    /// Activates the models in the gallery, loads its embeddings, and starts the workers.
    ///
    /// - Parameters:
    ///   - recognizers: the models to use, at most one of a modality. With none, what is enrolled can be
    ///   listed and removed.
    ///   - lost: models that should be used and cannot, with whose modalities nothing is decided.
    ///   - modelSource: finds a model to rotate to, by its name, its folder's name or a digest.
    ///   - consentSource: whom to ask about users who would enrol themselves; nil where nobody may.
    /// - Throws: ``ServiceStartError``, or ``GalleryError``, above all
    ///   ``GalleryError/madeWithAnotherModel(modality:made:offered:samples:)``.
    public init(
        configuration: ServiceConfiguration, gallery store: any GalleryStore, recognizers: [any Embedder],
        lost: [LostModel] = [], modelSource: (@Sendable (String) throws -> any Embedder)? = nil,
        consentSource: ConsentSource? = nil, logger: Logger
    ) async throws {
        let started = ContinuousClock.now, metrics = ServiceMetrics(), initial = configuration
        let configuration = CurrentConfiguration(initial)
        self.configuration = configuration
        attempts = AttemptLedger(store: store, configuration: configuration, logger: logger)
        let isEncrypted = try await store.encryption().isComplete
        let names = JournalNames(areShown: initial.journalNamesPeople || !isEncrypted, store: store)
        journal = ServiceJournal(logger: logger, names: names)
        // Heard from before the gallery is read, so that nothing falls between.
        let announcements = store.announcements()
        let source = ModelSource(find: modelSource, operatingPoint: { configuration.value.operatingPoint(of: $0) })
        models = try ActiveModels(recognizers, lost: lost, operatingPoint: source.operatingPoint)
        let gallery = try await EnrolledGallery(
            store: store, embedders: recognizers, rule: initial.rule, metrics: metrics)
        self.gallery = gallery
        workers = try await ActiveWorkers(
            configuration: configuration, models: models, logger: logger, metrics: metrics)
        pipeline = CallPipeline(
            access: AccessControl(policy: initial.access, users: initial.users),
            selfEnrollment: SelfEnrollment(consentSource), admission: Admission(), counters: ServiceCounters(),
            store: store, configuration: configuration, journal: journal, metrics: metrics)

        rotation = RotationController(
            models: models, source: source, gallery: gallery, workers: workers, configuration: configuration,
            journal: journal)
        follower = GalleryFollower(
            models: models, source: source, gallery: gallery, workers: workers, rotation: rotation, journal: journal)
        comparison = ComparisonService(
            models: models, gallery: gallery, workers: workers, attempts: attempts, configuration: configuration,
            metrics: metrics)
        pictures = PictureService(models: models, workers: workers, attempts: attempts)
        enrollment = EnrollmentService(
            models: models, gallery: gallery, workers: workers, attempts: attempts, follower: follower,
            configuration: configuration)
        transfer = IdentityTransfer(
            models: models, gallery: gallery, workers: workers, follower: follower,
            configuration: configuration)
        maintenance = GalleryMaintenance(
            configuration: configuration, models: models, gallery: gallery, rotation: rotation.state, journal: journal)
        auditReader = AuditReader(store: store, journal: journal)
        upkeep = GalleryUpkeep(
            store: store, configuration: configuration, attempts: attempts, journal: journal)
        reporter = StatusReporter(
            configuration: configuration, models: models, gallery: gallery, workers: workers, attempts: attempts,
            rotation: rotation.state, follower: follower, upkeep: upkeep, admission: pipeline.admission,
            counters: pipeline.counters, started: started)
        metricsReporter = MetricsReporter(metrics: metrics, status: reporter)

        journal.tell(of: gallery.damage)
        await upkeep.trimAudit()
        await rotation.resume()
        if store.isShared { follower.start(announcements) }
    }

    /// How much of the server a peer may take, where that is known without a look into a user database. It does not block.
    public func knownStanding(of peer: PeerCredentials) -> PeerStanding? {
        if pipeline.access.isPrivileged(peer) { return .privileged }
        return pipeline.access.knownGrants(of: peer).map { $0.roles.isEmpty ? .unknown : .admitted }
    }

    /// How much of the server a peer may take.
    public func standing(of peer: PeerCredentials) async -> PeerStanding {
        if pipeline.access.isPrivileged(peer) { return .privileged }
        return await pipeline.access.grants(of: peer).roles.isEmpty ? .unknown : .admitted
    }

    /// What to serve.
    public var handlers: [any VarlinkInterfaceHandler] {
        let methods =
            comparison.methods + pictures.methods + enrollment.methods + transfer.methods + rotation.methods
            + maintenance.methods + auditReader.methods + reporter.methods + metricsReporter.methods
        return [
            ServiceInterfaceHandler(
                InterfaceNames.verification, description: InterfaceDescriptions.verification, methods: methods,
                pipeline: pipeline),
            ServiceInterfaceHandler(
                InterfaceNames.admin, description: InterfaceDescriptions.admin, methods: methods, pipeline: pipeline),
        ]
    }

    /// Whether a peer may read what the service counts.
    public func mayReadMetrics(_ peer: PeerCredentials) async -> Bool {
        await pipeline.access.grants(of: peer).allows(Metrics.rules.role)
    }

    /// What the service has counted and how it is now, in Prometheus' text format.
    public func metricsText() async -> String { await metricsReporter.text() }

    /// The names and versions of the models that decisions rest on now.
    public var modelNames: [String] { models.embedders.map { "\($0.model.name) \($0.model.version)" } }

    /// What keeps the service from a part of its work, in words.
    public var problem: String? { reporter.problem }

    /// Takes no new work, finishes what was accepted, and ends the workers. New work is answered with `Busy`,
    /// which tells a program to try again; what only reads is still answered.
    public func drain() async {
        stopAsking()
        follower.stop()
        await rotation.state.suspend()
        await pipeline.admission.stop()
        await attempts.flush()
        await attempts.auditFailures()
        workers.close()
    }

    /// Ends what waits for a user's answer, so that a stop waits for nobody who types a password.
    public func stopAsking() {
        pipeline.selfEnrollment.stop()
    }

    /// Whether the gallery answers and no worker is stuck.
    public func selfCheck() async -> Bool {
        await selfCheck(stuckAfter: Self.stuckAfter)
    }

    package func selfCheck(stuckAfter limit: Duration) async -> Bool {
        let work = workers.current.longestWork
        guard work < limit else {
            journal.logger.error("A worker has been busy with one image for \(work)")
            return false
        }
        do {
            _ = try await pipeline.store.counts()
            // No reason to be restarted, which would begin with whatever is there now.
            await upkeep.lookAfterFiles()
            await upkeep.trimNowAndThen()
            return true
        } catch {
            journal.logger.error("The gallery does not answer: \(error)")
            return false
        }
    }

    /// Looks after what no announcement of another daemon tells.
    package func tend() async {
        await follower.tend()
    }
}
