// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// Where identities, their samples and their embeddings are kept.
///
/// The store knows no pixels and no networks: it keeps the bytes and vectors it is given. Every change is
/// one transaction that is on the disk before the call returns, and that is finished even when the task
/// that asked for it is cancelled, so that a caller's copy in memory can follow every change it asked for.
public protocol GalleryStore: Sendable {
    /// The most samples that an identity can have.
    var maximumSamples: Int { get }
    /// Whether the images of samples are kept.
    var keepsSamples: Bool { get }

    // MARK: Enrolling

    /// Adds samples to an identity, which is made if it is new: all of them, or none.
    ///
    /// - Returns: what became of each, in their order. Each counts all of the identity's samples.
    /// - Throws: ``GalleryError/tooManySamples(_:limit:)``, ``GalleryError/modalityMismatch(_:enrolled:offered:)``,
    ///   ``GalleryError/noActiveModel(_:)``, ``GalleryError/wrongEmbedding(reason:)``.
    func enroll(
        _ samples: [NewSample], as name: IdentityName, modality: Modality, by actor: AuditActor?
    ) async throws(GalleryError) -> [Enrollment]

    /// Removes an identity with all its samples.
    /// - Throws: ``GalleryError/noSuchIdentity(_:)``.
    func remove(_ name: IdentityName, by actor: AuditActor?) async throws(GalleryError) -> Removal

    /// Removes one sample; the last one takes the identity with it.
    /// - Throws: ``GalleryError/noSuchIdentity(_:)``, ``GalleryError/noSuchSample(_:number:)``.
    func removeSample(_ number: Int, of name: IdentityName, by actor: AuditActor?) async throws(GalleryError) -> Removal

    /// Moves one sample to another identity of the same modality, with its image, its time and what every model made of
    /// it. There it gets the next number.
    ///
    /// - Throws: ``GalleryError/noSuchIdentity(_:)`` for either of them, ``GalleryError/noSuchSample(_:number:)``,
    ///   ``GalleryError/lastSample(_:number:)``, ``GalleryError/tooManySamples(_:limit:)``,
    ///   ``GalleryError/sameIdentity(_:)`` or ``GalleryError/modalityMismatch(_:enrolled:offered:)``, and what
    ///   `carrying` throws: then nothing is moved.
    /// - Parameter carrying: what becomes of the failed comparisons with the identity, in the same transaction.
    func moveSample(
        _ number: Int, of name: IdentityName, to other: IdentityName, _ permissions: SampleMove.Permissions,
        by actor: AuditActor?, carrying: @escaping CarriedAttempts
    ) async throws(GalleryError) -> SampleMove

    // MARK: Reading

    /// Every identity that can be read, in order of the names (by code point), and the damage of the others.
    func readableIdentities() async throws(GalleryError) -> (identities: [EnrolledIdentity], damage: [GalleryDamage])

    /// An identity with its samples; nil when nobody is enrolled under the name.
    func details(of name: IdentityName) async throws(GalleryError) -> IdentityDetails?

    /// The kept image of a sample, as a file; nil when there is no such sample, or no image is kept of it.
    func image(of sample: SampleReference) async throws(GalleryError) -> [UInt8]?

    /// What the active generation of a modality holds; nil where there is none.
    func embeddings(of modality: Modality) async throws(GalleryError) -> GenerationEmbeddings?

    func embeddings(ofGeneration id: Int64) async throws(GalleryError) -> GenerationEmbeddings

    func counts() async throws(GalleryError) -> GalleryCounts

    // MARK: Generations

    /// Makes each model the one whose embeddings are enrolled and compared for its modality, all of them in one
    /// transaction.
    ///
    /// A modality that has no samples takes any model. One that has takes only the model it has already.
    /// - Returns: the generations, in the order of the models.
    /// - Throws: ``GalleryError/madeWithAnotherModel(modality:made:offered:samples:)``; then none has changed.
    func activate(_ models: [ModelDescription]) async throws(GalleryError) -> [Generation]

    /// Every generation, by modality and age.
    func everyGeneration() async throws(GalleryError) -> [Generation]

    /// The same with how much there is of each. Embeddings are counted, and not opened.
    func generations() async throws(GalleryError) -> [GenerationContent]

    /// Begins a generation beside the active one. It lives on through a restart until it is activated or abandoned.
    ///
    /// - Throws: ``GalleryError/rotationRunning(_:model:)``, ``GalleryError/rotationImpossible(identities:count:)``, or
    ///   ``GalleryError/noSuchGeneration(reason:)`` for the active model.
    func beginGeneration(
        _ model: ModelDescription, for purpose: Generation.Purpose, by actor: AuditActor?
    ) async throws(GalleryError) -> Generation

    /// Samples that a generation has no outcome for, after a row, by row.
    func pendingSamples(
        in generation: Int64, after last: Int64, limit: Int
    ) async throws(GalleryError) -> [PendingSample]

    /// Adds outcomes to a generation, by the samples' rows. A sample that was removed meanwhile, or has an outcome, is
    /// passed over.
    func store(
        _ outcomes: [(sample: Int64, outcome: EmbeddingOutcome)], in generation: Int64) async throws(GalleryError)

    /// Makes a building generation the active one, in one transaction, and keeps the active one to go back to. One that
    /// was kept before goes.
    ///
    /// - Parameter result: for the audit log.
    /// - Throws: ``GalleryError/notReembedded(samples:)``, ``GalleryError/noSuchGeneration(reason:)``.
    func activateGeneration(
        _ id: Int64, result: String, by actor: AuditActor?
    ) async throws(GalleryError) -> (active: Generation, previous: Generation?)

    /// Removes a building generation.
    func abandonGeneration(_ id: Int64, result: String, by actor: AuditActor?) async throws(GalleryError)

    /// Removes the retired generations of a modality, or of all.
    func pruneGenerations(of modality: Modality?, by actor: AuditActor?) async throws(GalleryError) -> PrunedGenerations

    // MARK: Other daemons

    /// Whether other daemons may have the gallery too.
    var isShared: Bool { get }

    /// What a generation holds of one identity: nothing where nobody is enrolled under the name.
    /// - Throws: ``GalleryError/noSuchGeneration(reason:)``.
    func embeddings(of name: IdentityName, inGeneration id: Int64) async throws(GalleryError) -> GenerationEmbeddings

    /// What other daemons on the gallery change from now on.
    func announcements() -> AsyncStream<GalleryAnnouncement>

    /// Whether this daemon is the one that embeds for a rotation, from now on or still. One that does asks again from
    /// time to time.
    func takeRotation() async throws(GalleryError) -> Bool
    func releaseRotation() async throws(GalleryError)

    // MARK: The audit log

    /// Adds entries to the audit log, in one transaction.
    func record(_ events: [AuditEvent]) async throws(GalleryError)

    func auditTrail(_ query: AuditQuery) async throws(GalleryError) -> [AuditEntry]

    /// Follows the chain of the audit log from its first entry to its last.
    func verifyAudit() async throws(GalleryError) -> AuditVerification

    /// Removes the oldest entries as far as the retention allows, and returns how many.
    func trimAudit(_ retention: AuditRetention) async throws(GalleryError) -> Int

    // MARK: Failed comparisons

    /// Reads the records of some keys and writes what `decide` makes of them, in one durable transaction that runs
    /// alone among changes, across daemons too. Its events go to the audit log in the same transaction.
    ///
    /// - Parameter decide: makes of the records that there are what is to be kept: a key that it maps to nil is
    ///   removed, and one that it does not mention stays. It may be called more than once. A record that cannot be read
    ///   is given as ``AttemptRecord/unreadable``, and stays as it is until it is removed by
    ///   ``removeAttempts(caller:identity:by:)`` or ``repair(by:)``.
    func changeAttempts<Answer: Sendable>(
        of keys: Set<AttemptKey>,
        _ decide:
            @escaping @Sendable ([AttemptKey: AttemptRecord]) -> (
                changes: [AttemptKey: AttemptRecord?], events: [AuditEvent], answer: Answer
            )
    ) async throws(GalleryError) -> Answer

    /// Every record, by caller, the totals first.
    func attempts() async throws(GalleryError) -> [StoredAttempts]

    /// Removes the records of one caller or of all, with one identity or with all and the totals, also those that
    /// cannot be read, and enters that in the audit log.
    ///
    /// - Returns: how many there were.
    func removeAttempts(
        caller: UInt32?, identity: IdentityName?, by actor: AuditActor?
    ) async throws(GalleryError) -> Int

    /// Removes the records whose last failure was before a time and which block no longer, and returns how many there
    /// were.
    func trimAttempts(before: Date) async throws(GalleryError) -> Int

    /// The keyed hash of a name by which the audit log and the records of failed comparisons tell identities apart: 32
    /// bytes, the same for the same name as long as the gallery lives.
    func nameHash(of name: IdentityName) -> [UInt8]

    // MARK: Moving

    /// All that is held of an identity, as far as it can be read; nil when nobody is enrolled under the name.
    func content(of name: IdentityName) async throws(GalleryError) -> IdentityContent?

    /// Enrols an identity as ``content(of:)`` told it, with its times and numbers, in one transaction.
    ///
    /// - Throws: ``GalleryError/identityExists(_:)`` unless it is to be replaced,
    ///   ``GalleryError/wrongEmbedding(reason:)`` for a sample that the active model has not embedded, or
    ///   ``GalleryError/tooManySamples(_:limit:)``.
    func put(
        _ content: IdentityContent, replacing: Bool, by actor: AuditActor?
    ) async throws(GalleryError) -> ImportResult

    // MARK: Care

    /// How the gallery is encrypted.
    func encryption() async throws(GalleryError) -> GalleryEncryption

    /// Whether the gallery's files are where they were opened and as this process left them, as far as that can be
    /// known; asked for before every change, too.
    ///
    /// - Throws: ``GalleryError/disturbed(path:_:)``.
    func requireUndisturbed() async throws(GalleryError)

    /// Reads and opens every row.
    func check(
        progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void
    ) async throws(GalleryError) -> GalleryCheck

    /// Removes what cannot be read, and nothing else; what can be made again, as an embedding of a kept image, is then
    /// pending in its generation. Damage of the audit log and of the database's structure stays as it is.
    func repair(by actor: AuditActor?) async throws(GalleryError) -> [GalleryDamage]

    /// Writes a consistent copy of the gallery, sealed as it is, to a file that must not exist yet, while it is used.
    ///
    /// It is the one thing that is done for an administrator while the gallery's file is not in its place, and then
    /// enters nothing in the audit log.
    ///
    /// - Throws: ``GalleryError/notSupported(_:)`` where the database has better means of its own.
    func backUp(to path: String, by actor: AuditActor?) async throws(GalleryError)

    /// Replaces the key that everything is sealed with, in short transactions between which the gallery is used as
    /// ever.
    ///
    /// - Returns: how many rows there are.
    @discardableResult
    func rekey(
        by actor: AuditActor?, progress: @escaping @Sendable (RekeyProgress) -> Void
    ) async throws(GalleryError) -> Int

    /// Lets the gallery go. Every later call throws ``GalleryError/closed``.
    func close() async throws(GalleryError)
}

extension GalleryStore {
    /// Adds one sample, see ``enroll(_:as:modality:by:)-([NewSample],_,_,_)``.
    public func enroll(
        _ sample: NewSample, as name: IdentityName, modality: Modality, by actor: AuditActor?
    ) async throws(GalleryError) -> Enrollment {
        let enrollments = try await enroll([sample], as: name, modality: modality, by: actor)
        guard let enrollment = enrollments.first else {
            throw .damagedRecord("the enrolment of a sample of “\(name)” is not told")
        }
        return enrollment
    }

    /// Makes one model active, see ``activate(_:)-([ModelDescription])``.
    public func activate(_ model: ModelDescription) async throws(GalleryError) -> Generation {
        guard let generation = try await activate([model]).first else {
            throw .noSuchGeneration(reason: "none was made of the model \(model)")
        }
        return generation
    }

    /// Every identity in order of the names (by code point).
    ///
    /// - Throws: ``GalleryError/damagedRecord(_:)`` when one cannot be read, so that no list passes for whole that is
    ///   not.
    public func identities() async throws(GalleryError) -> [EnrolledIdentity] {
        let (identities, damage) = try await readableIdentities()
        if let first = damage.first { throw .damagedRecord(first.what) }
        return identities
    }

    /// The generations that probes are compared with, at most one of a modality.
    public func activeGenerations() async throws(GalleryError) -> [Generation] {
        try await everyGeneration().filter { $0.state == .active }
    }
}
