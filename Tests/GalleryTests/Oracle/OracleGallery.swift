// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery

/// What a gallery is to do, in memory and without a database: what ``GalleryStore`` promises, as plainly as it can be
/// written.
///
/// A call that throws may have changed something: whoever asks keeps the value from before.
struct OracleGallery: Sendable {
    struct Sample: Sendable {
        /// In the order in which samples were made.
        let row: Int
        let sample: EnrolledSample
        let image: [UInt8]?
        /// By the numbers of generations.
        var outcomes: [Int64: EmbeddingOutcome]
    }

    struct Identity: Sendable {
        let modality: Modality
        var nextNumber = 1
        let enrolled: Date
        var updated: Date
        /// In the order of their numbers.
        var samples: [Sample] = []
    }

    var maximumSamples: Int
    var keepsSamples: Bool
    var now: Date
    /// What a rekey is recorded with.
    var key: String
    var identities: [IdentityName: Identity] = [:]
    var generations: [Generation] = []
    var nextGeneration: Int64 = 1
    var entries: [OracleEntry] = []
    var firstEntry: Int64 = 1
    var attempts: [AttemptKey: AttemptRecord] = [:]
    private var nextRow = 1

    init(options: SQLGallery.Options, key: String) {
        maximumSamples = options.maximumSamples
        keepsSamples = options.keepsSamples
        now = options.clock()
        self.key = key
    }

    func generations(of modality: Modality) -> [Generation] {
        generations.filter { $0.model.modality == modality }
    }

    func active(_ modality: Modality) throws(GalleryError) -> Generation {
        guard let active = generations(of: modality).first(where: { $0.state == .active }) else {
            throw .noActiveModel(modality)
        }
        return active
    }

    private func identity(_ name: IdentityName) throws(GalleryError) -> Identity {
        guard let identity = identities[name] else { throw .noSuchIdentity(name) }
        return identity
    }

    // MARK: Enrolling

    mutating func enroll(
        _ sample: NewSample, as name: IdentityName, modality: Modality, by actor: AuditActor?
    ) throws(GalleryError) -> Enrollment {
        guard sample.original.count == 32 else { throw .damagedRecord("") }
        let active = try active(modality)
        guard case .embedded? = sample.outcomes[active.model.digest],
            let outcome = sample.outcomes[active.model.digest],
            outcome.isOf(active.model)
        else { throw .wrongEmbedding(reason: "") }
        var identity = identities[name] ?? Identity(modality: modality, enrolled: now, updated: now)
        guard identity.modality == modality else {
            throw .modalityMismatch(name, enrolled: identity.modality, offered: modality)
        }
        guard identity.samples.count < maximumSamples else { throw .tooManySamples(name, limit: maximumSamples) }
        let duplicates = references.filter { $0.sample.sample.original == sample.original }.prefix(
            Enrollment.maximumDuplicates
        )
        .map(\.reference).sorted(by: isBefore)
        let number = identity.nextNumber
        identity.samples.append(
            newSample(
                EnrolledSample(
                    number: number, enrolled: now, kept: keepsSamples ? sample.kind : nil, width: sample.width,
                    height: sample.height,
                    measurements: sample.measurements, original: sample.original),
                image: keepsSamples ? sample.image : nil, outcomes: sample.outcomes, modality))
        identity.nextNumber += 1
        identity.updated = now
        identities[name] = identity
        record(AuditEvent(.enroll, by: actor, identity: name, sample: number, model: active.model.digest))
        return Enrollment(
            sample: SampleReference(identity: name, number: number), generation: active.id,
            sampleCount: identity.samples.count,
            duplicates: duplicates)
    }

    mutating func newSample(
        _ sample: EnrolledSample, image: [UInt8]?, outcomes: [ModelDigest: EmbeddingOutcome], _ modality: Modality
    ) -> Sample {
        defer { nextRow += 1 }
        var kept: [Int64: EmbeddingOutcome] = [:]
        for generation in generations(of: modality) {
            if let outcome = outcomes[generation.model.digest], outcome.isOf(generation.model) {
                kept[generation.id] = outcome
            }
        }
        return Sample(row: nextRow, sample: sample, image: image, outcomes: kept)
    }

    mutating func remove(_ name: IdentityName, by actor: AuditActor?) throws(GalleryError) -> Removal {
        let removed = try identity(name).samples.count
        identities[name] = nil
        record(AuditEvent(.removeIdentity, by: actor, identity: name))
        return Removal(removed: removed, remaining: 0)
    }

    mutating func removeSample(
        _ number: Int, of name: IdentityName, by actor: AuditActor?
    ) throws(GalleryError) -> Removal {
        var identity = try identity(name)
        guard let place = identity.samples.firstIndex(where: { $0.sample.number == number }) else {
            throw .noSuchSample(name, number: number)
        }
        record(AuditEvent(.removeSample, by: actor, identity: name, sample: number))
        identity.samples.remove(at: place)
        identity.updated = now
        identities[name] = identity
        if identity.samples.isEmpty { _ = try remove(name, by: actor) }
        return Removal(removed: 1, remaining: identity.samples.count)
    }

    mutating func enroll(
        together samples: [NewSample], as name: IdentityName, modality: Modality, by actor: AuditActor?
    ) throws(GalleryError) -> [Enrollment] {
        let count = (identities[name]?.samples.count ?? 0) + samples.count
        // What is wrong with any of them is told before what is wrong with all.
        for sample in samples where sample.original.count != 32 { throw .damagedRecord("") }
        let active = try samples.isEmpty ? nil : active(modality)
        for sample in samples {
            guard let active, case .embedded? = sample.outcomes[active.model.digest],
                sample.outcomes[active.model.digest]?.isOf(active.model) == true
            else { throw .wrongEmbedding(reason: "") }
        }
        if let known = identities[name], known.modality != modality, !samples.isEmpty {
            throw .modalityMismatch(name, enrolled: known.modality, offered: modality)
        }
        guard samples.isEmpty || count <= maximumSamples else { throw .tooManySamples(name, limit: maximumSamples) }
        return try samples.map { sample throws(GalleryError) in
            let one = try enroll(sample, as: name, modality: modality, by: actor)
            return Enrollment(
                sample: one.sample, generation: one.generation, sampleCount: count, duplicates: one.duplicates)
        }
    }

    mutating func moveSample(
        _ number: Int, of name: IdentityName, to other: IdentityName, _ permissions: SampleMove.Permissions,
        by actor: AuditActor?
    ) throws(GalleryError) -> SampleMove {
        guard name != other else { throw .sameIdentity(name) }
        var source = try identity(name)
        guard let place = source.samples.firstIndex(where: { $0.sample.number == number }) else {
            throw .noSuchSample(name, number: number)
        }
        guard source.samples.count > 1 || permissions.contains(.takingLast) else {
            throw .lastSample(name, number: number)
        }
        guard identities[other] != nil || permissions.contains(.makingIdentity) else { throw .noSuchIdentity(other) }
        let isNew = identities[other] == nil
        var target = identities[other] ?? Identity(modality: source.modality, enrolled: now, updated: now)
        guard target.modality == source.modality else {
            throw .modalityMismatch(other, enrolled: target.modality, offered: source.modality)
        }
        guard target.samples.count < maximumSamples else { throw .tooManySamples(other, limit: maximumSamples) }
        let old = source.samples.remove(at: place), known = old.sample
        source.updated = now
        identities[name] = source.samples.isEmpty ? nil : source
        let duplicates = references.filter { $0.sample.sample.original == known.original }
            .prefix(Enrollment.maximumDuplicates).map(\.reference).sorted(by: isBefore)
        let moved = SampleReference(identity: other, number: target.nextNumber)
        target.samples.append(
            Sample(
                row: nextRow,
                sample: EnrolledSample(
                    number: moved.number, enrolled: known.enrolled, kept: known.kept, width: known.width,
                    height: known.height, measurements: known.measurements, original: known.original),
                image: old.image, outcomes: old.outcomes))
        nextRow += 1
        target.nextNumber += 1
        target.updated = now
        identities[other] = target
        let active = try? active(source.modality)
        record(
            AuditEvent(
                .moveSample, by: actor, identity: name, sample: number, destination: moved, model: active?.model.digest)
        )
        if source.samples.isEmpty { record(AuditEvent(.removeIdentity, by: actor, identity: name)) }
        var embedding: Embedding?
        if let active, case .embedded(let found)? = old.outcomes[active.id] { embedding = found }
        return SampleMove(
            sample: moved, remaining: source.samples.count, sampleCount: target.samples.count, madeIdentity: isNew,
            embedding: embedding, duplicates: duplicates)
    }

    // MARK: Reading

    /// Every sample in the order in which they were made.
    var references: [(reference: SampleReference, sample: Sample)] {
        identities.flatMap { name, identity in
            identity.samples.map { (SampleReference(identity: name, number: $0.sample.number), $0) }
        }.sorted { $0.1.row < $1.1.row }
    }

    var counts: GalleryCounts {
        GalleryCounts(identities: identities.count, samples: identities.values.reduce(0) { $0 + $1.samples.count })
    }

    /// What a check reads: identities, samples, images, embeddings and failed comparisons.
    var rows: Int {
        identities.count + attempts.count
            + references.reduce(0) { $0 + 1 + ($1.sample.image == nil ? 0 : 1) + $1.sample.outcomes.count }
    }

    // MARK: Moving

    func content(of name: IdentityName) -> IdentityContent? {
        identities[name].map { identity in
            IdentityContent(
                name: name, modality: identity.modality, enrolled: identity.enrolled, updated: identity.updated,
                samples: identity.samples.map { sample in
                    var outcomes: [ModelDigest: EmbeddingOutcome] = [:]
                    for generation in generations {
                        if let outcome = sample.outcomes[generation.id] { outcomes[generation.model.digest] = outcome }
                    }
                    return IdentityContent.Sample(sample: sample.sample, image: sample.image, outcomes: outcomes)
                })
        }
    }

    mutating func put(
        _ content: IdentityContent, replacing: Bool, by actor: AuditActor?
    ) throws(GalleryError) -> ImportResult {
        guard content.samples.count <= maximumSamples else {
            throw .tooManySamples(content.name, limit: maximumSamples)
        }
        let active = try active(content.modality), existing = identities[content.name]
        guard existing == nil || replacing else { throw .identityExists(content.name) }
        var identity = Identity(modality: content.modality, enrolled: content.enrolled, updated: content.updated)
        for sample in content.samples {
            guard case .embedded? = sample.outcomes[active.model.digest] else { throw .wrongEmbedding(reason: "") }
            let image = keepsSamples ? sample.image : nil, known = sample.sample
            identity.samples.append(
                newSample(
                    EnrolledSample(
                        number: known.number, enrolled: known.enrolled, kept: image == nil ? nil : known.kept,
                        width: known.width,
                        height: known.height, measurements: known.measurements, original: known.original),
                    image: image, outcomes: sample.outcomes, content.modality))
        }
        identity.nextNumber = max((content.samples.map(\.sample.number).max() ?? 0) + 1, existing?.nextNumber ?? 1)
        identities[content.name] = identity
        record(
            AuditEvent(
                .importIdentity, by: actor, identity: content.name, model: active.model.digest,
                result: existing == nil ? "imported" : "replaced"))
        return existing == nil ? .imported : .replaced
    }
}

/// By name and number.
func isBefore(_ first: SampleReference, _ second: SampleReference) -> Bool {
    (first.identity.text, first.number) < (second.identity.text, second.number)
}

extension EmbeddingOutcome {
    /// Whether a model makes such a thing.
    func isOf(_ model: ModelDescription) -> Bool {
        switch self {
        case .embedded(let embedding): embedding.model == model.digest && embedding.values.count == model.embeddingSize
        case .refused: true
        }
    }
}
