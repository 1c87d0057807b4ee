import Biometrics

/// Where identities, their samples and their embeddings are kept.
///
/// The store knows no pixels and no networks: it keeps the bytes and vectors it is given. Every change is
/// one transaction that is on the disk before the call returns, and that is finished even when the task
/// that asked for it is cancelled, so that a caller's copy in memory can follow every change it asked for.
public protocol GalleryStore: Sendable {
    /// The most samples that an identity can have.
    var maximumSamples: Int { get }

    /// Makes `model` the one whose embeddings are enrolled and compared for its modality.
    ///
    /// A modality that has no samples takes any model. One that has takes only the model it has already.
    /// - Throws: ``GalleryError/madeWithAnotherModel(modality:made:offered:samples:)``.
    func activate(_ model: ModelDescription) async throws(GalleryError) -> Generation

    /// The generations that probes are compared with, at most one of a modality.
    func activeGenerations() async throws(GalleryError) -> [Generation]

    /// Adds a sample to an identity, which is made if it is new.
    ///
    /// - Throws: ``GalleryError/tooManySamples(_:limit:)``, ``GalleryError/modalityMismatch(_:enrolled:offered:)``,
    ///   ``GalleryError/noActiveModel(_:)``, ``GalleryError/wrongEmbedding(reason:)``.
    func enrol(
        _ sample: NewSample, as name: IdentityName, modality: Modality, by actor: AuditActor?
    ) async throws(GalleryError) -> Enrolment

    /// Removes an identity with all its samples.
    /// - Throws: ``GalleryError/noSuchIdentity(_:)``.
    func remove(_ name: IdentityName, by actor: AuditActor?) async throws(GalleryError) -> Removal

    /// Removes one sample; the last one takes the identity with it.
    /// - Throws: ``GalleryError/noSuchIdentity(_:)``, ``GalleryError/noSuchSample(_:number:)``.
    func removeSample(_ number: Int, of name: IdentityName, by actor: AuditActor?) async throws(GalleryError) -> Removal

    /// The identities after `name` in order of their names (by code point), at most `limit`; from the
    /// first when `name` is nil.
    func identities(after name: IdentityName?, limit: Int) async throws(GalleryError) -> [EnrolledIdentity]

    /// An identity with its samples; nil when nobody is enrolled under the name.
    func details(of name: IdentityName) async throws(GalleryError) -> IdentityDetails?

    /// The prepared image of a sample, as a PNG file; nil when there is no such sample.
    func preparedImage(of sample: SampleReference) async throws(GalleryError) -> [UInt8]?

    /// Every embedding of the active generation of a modality, by name and number.
    func embeddings(of modality: Modality) async throws(GalleryError) -> [EnrolledEmbedding]

    func counts() async throws(GalleryError) -> GalleryCounts

    /// The latest `limit` entries of the audit log, the latest first.
    func auditTrail(limit: Int) async throws(GalleryError) -> [AuditEntry]

    /// Lets the gallery go. Every later call throws ``GalleryError/closed``.
    func close() async throws(GalleryError)
}
