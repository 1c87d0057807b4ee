// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery

/// Something that is asked of a gallery.
enum GalleryOperation: Sendable {
    case enroll(NewSample, as: IdentityName, Modality, by: AuditActor?)
    case enrollTogether([NewSample], as: IdentityName, Modality, by: AuditActor?)
    case move(Int, of: IdentityName, to: IdentityName, SampleMove.Permissions, by: AuditActor?)
    case remove(IdentityName, by: AuditActor?)
    case removeSample(Int, of: IdentityName, by: AuditActor?)
    case list
    case details(IdentityName)
    case image(SampleReference)
    case embeddings(Modality)
    case activate(ModelDescription)
    case begin(ModelDescription, Generation.Purpose, by: AuditActor?)
    /// Embeds some of the samples that wait in a generation, or claims to, by another model.
    case embed(Int64, limit: Int, by: ModelDescription, refuses: Bool)
    /// Stores once more what was embedded last, though it is stored, or the sample removed.
    case embedAgain(Int64)
    case activateGeneration(Int64, by: AuditActor?)
    case abandon(Int64, by: AuditActor?)
    case prune(Modality?, by: AuditActor?)
    case record([AuditEvent])
    case trail(AuditQuery)
    case trim(AuditRetention)
    /// Puts what is held of an identity back, under the same name or another.
    case put(IdentityName, as: IdentityName, replacing: Bool, by: AuditActor?)
    /// Counts a failure with each key.
    case fail([AttemptKey], at: Date, blockedUntil: Date?)
    case unlock(UInt32?, IdentityName?, by: AuditActor?)
    case trimAttempts(Date)
    case rekey(by: AuditActor?)
    case repair(by: AuditActor?)
    case compare
}

/// A gallery under test, with what an operation needs to know of those before.
struct OperatedGallery {
    let gallery: any GalleryStore
    /// The rows of the samples embedded last.
    var embedded: [(row: Int64, outcome: EmbeddingOutcome)] = []

    mutating func answer(to operation: GalleryOperation) async -> [String] {
        do throws(GalleryError) {
            return try await perform(operation)
        } catch {
            return [GalleryLines.error(error)]
        }
    }

    private mutating func perform(_ operation: GalleryOperation) async throws(GalleryError) -> [String] {
        switch operation {
        case .enroll(let sample, let name, let modality, let actor):
            return ["\(try await gallery.enroll(sample, as: name, modality: modality, by: actor))"]
        case .enrollTogether(let samples, let name, let modality, let actor):
            return try await gallery.enroll(samples, as: name, modality: modality, by: actor).map { "\($0)" }
        case .move(let number, let name, let other, let permissions, let actor):
            return [
                "\(try await gallery.moveSample(number, of: name, to: other, permissions, by: actor, carrying: { _, _, _, _ in nil }))"
            ]
        case .remove(let name, let actor): return ["\(try await gallery.remove(name, by: actor))"]
        case .removeSample(let number, let name, let actor):
            return ["\(try await gallery.removeSample(number, of: name, by: actor))"]
        case .list: return try await gallery.identityLines() + ["\(try await gallery.counts())"]
        case .details(let name):
            return try await gallery.details(of: name)?.samples.map(GalleryLines.sample) ?? ["nobody"]
        case .image(let sample): return [try await gallery.image(of: sample).map { "\($0)" } ?? "none"]
        case .embeddings(let modality):
            return try await gallery.embeddings(of: modality).map(gallery.embeddingLines) ?? ["no model"]
        case .activate(let model): return [GalleryLines.generation(try await gallery.activate(model))]
        case .begin(let model, let purpose, let actor):
            return [GalleryLines.generation(try await gallery.beginGeneration(model, for: purpose, by: actor))]
        case .embed(let id, let limit, let model, let refuses):
            // Page by page, as a rotation does.
            var pending: [PendingSample] = []
            while pending.count < limit {
                let last = pending.last?.id ?? 0, room = limit - pending.count
                let page = try await gallery.pendingSamples(in: id, after: last, limit: min(room, 3))
                pending += page
                if page.isEmpty { break }
            }
            embedded = pending.map { ($0.id, Self.outcome(of: $0.reference, by: model, refuses: refuses)) }
            try await gallery.store(embedded.map { (sample: $0.row, outcome: $0.outcome) }, in: id)
            return pending.map { "\($0.reference): \($0.image ?? [])" }
        case .embedAgain(let id):
            try await gallery.store(embedded.map { (sample: $0.row, outcome: $0.outcome) }, in: id)
            return []
        case .activateGeneration(let id, let actor):
            let (active, previous) = try await gallery.activateGeneration(id, result: "done", by: actor)
            return [GalleryLines.generation(active), previous.map(GalleryLines.generation) ?? "nothing"]
        case .abandon(let id, let actor):
            try await gallery.abandonGeneration(id, result: "cancelled", by: actor)
            return []
        case .prune(let modality, let actor): return ["\(try await gallery.pruneGenerations(of: modality, by: actor))"]
        case .record(let events):
            try await gallery.record(events)
            return []
        case .trail(let query): return try await gallery.trailLines(query)
        case .trim(let retention): return ["\(try await gallery.trimAudit(retention))"]
        case .put(let name, let other, let isReplacing, let actor):
            guard let content = try await gallery.content(of: name) else { return ["nobody"] }
            return ["\(try await gallery.put(content.renamed(other), replacing: isReplacing, by: actor))"]
        case .fail(let keys, let time, let end):
            return [
                try await gallery.changeAttempts(of: Set(keys)) { found in
                    let changes = found.failing(keys, at: time, blockedUntil: end)
                    return (changes.mapValues(Optional.some), [.failures(with: keys)], "\(found.count)")
                }
            ]
        case .unlock(let caller, let name, let actor):
            return ["\(try await gallery.removeAttempts(caller: caller, identity: name, by: actor))"]
        case .trimAttempts(let time): return ["\(try await gallery.trimAttempts(before: time))"]
        case .rekey(let actor):
            try await gallery.rekey(by: actor) { _ in }
            return []
        case .repair(let actor): return ["\(try await gallery.repair(by: actor))"]
        case .compare: return try await gallery.lines()
        }
    }

    /// What a model makes of a sample, or claims to.
    static func outcome(of sample: SampleReference, by model: ModelDescription, refuses: Bool) -> EmbeddingOutcome {
        let values = (0..<model.embeddingSize).map {
            Float(sample.number * 10 + $0) + Float(sample.identity.text.utf8.count) / 64
        }
        guard !refuses, let embedding = Embedding(values: values, model: model.digest) else {
            return .refused(reason: "no face")
        }
        return .embedded(embedding)
    }
}

/// The same for the oracle.
struct OperatedOracle {
    var oracle: OracleGallery
    private var embedded: [(row: Int, outcome: EmbeddingOutcome)] = []

    init(oracle: OracleGallery) {
        self.oracle = oracle
    }

    mutating func answer(to operation: GalleryOperation) -> [String] {
        let before = oracle
        do throws(GalleryError) {
            return try perform(operation)
        } catch {
            oracle = before
            return [GalleryLines.error(error)]
        }
    }

    private mutating func perform(_ operation: GalleryOperation) throws(GalleryError) -> [String] {
        switch operation {
        case .enroll(let sample, let name, let modality, let actor):
            return ["\(try oracle.enroll(sample, as: name, modality: modality, by: actor))"]
        case .enrollTogether(let samples, let name, let modality, let actor):
            return try oracle.enroll(together: samples, as: name, modality: modality, by: actor).map { "\($0)" }
        case .move(let number, let name, let other, let permissions, let actor):
            return ["\(try oracle.moveSample(number, of: name, to: other, permissions, by: actor))"]
        case .remove(let name, let actor): return ["\(try oracle.remove(name, by: actor))"]
        case .removeSample(let number, let name, let actor):
            return ["\(try oracle.removeSample(number, of: name, by: actor))"]
        case .list: return oracle.identityLines + ["\(oracle.counts)"]
        case .details(let name):
            return oracle.identities[name]?.samples.map { GalleryLines.sample($0.sample) } ?? ["nobody"]
        case .image(let reference):
            let sample = oracle.identities[reference.identity]?.samples.first { $0.sample.number == reference.number }
            return [sample?.image.map { "\($0)" } ?? "none"]
        case .embeddings(let modality): return (try? oracle.active(modality)).map(oracle.embeddingLines) ?? ["no model"]
        case .activate(let model): return [GalleryLines.generation(try oracle.activate(model))]
        case .begin(let model, let purpose, let actor):
            return [GalleryLines.generation(try oracle.begin(model, for: purpose, by: actor))]
        case .embed(let id, let limit, let model, let refuses):
            let pending = try oracle.pending(in: id).prefix(limit)
            embedded = pending.map {
                ($0.sample.row, OperatedGallery.outcome(of: $0.reference, by: model, refuses: refuses))
            }
            try oracle.store(embedded, in: id)
            return pending.map { "\($0.reference): \($0.sample.image ?? [])" }
        case .embedAgain(let id):
            try oracle.store(embedded, in: id)
            return []
        case .activateGeneration(let id, let actor):
            let (active, previous) = try oracle.activateGeneration(id, result: "done", by: actor)
            return [GalleryLines.generation(active), previous.map(GalleryLines.generation) ?? "nothing"]
        case .abandon(let id, let actor):
            try oracle.abandon(id, result: "cancelled", by: actor)
            return []
        case .prune(let modality, let actor): return ["\(oracle.prune(modality, by: actor))"]
        case .record(let events):
            for event in events { oracle.record(event) }
            return []
        case .trail(let query): return oracle.trailLines(query)
        case .trim(let retention): return ["\(oracle.trim(retention))"]
        case .put(let name, let other, let isReplacing, let actor):
            guard let content = oracle.content(of: name) else { return ["nobody"] }
            return ["\(try oracle.put(content.renamed(other), replacing: isReplacing, by: actor))"]
        case .fail(let keys, let time, let end):
            let found = oracle.attempts.filter { keys.contains($0.key) }
            oracle.attempts.merge(found.failing(keys, at: time, blockedUntil: end)) { $1 }
            oracle.record(.failures(with: keys))
            return ["\(found.count)"]
        case .unlock(let caller, let name, let actor): return ["\(oracle.unlock(caller, name, by: actor))"]
        case .trimAttempts(let time): return ["\(oracle.trimAttempts(before: time))"]
        case .rekey(let actor):
            oracle.record(AuditEvent(.rekey, by: actor, result: oracle.key))
            return []
        case .repair: return ["[]"]
        case .compare: return oracle.lines
        }
    }
}

extension [AttemptKey: AttemptRecord] {
    /// One failure more with each key.
    fileprivate func failing(_ keys: [AttemptKey], at time: Date, blockedUntil end: Date?) -> Self {
        keys.reduce(into: [:]) { changes, key in
            changes[key] = AttemptRecord(failures: (self[key]?.failures ?? 0.25) + 1, last: time, blockedUntil: end)
        }
    }
}

extension AuditEvent {
    fileprivate static func failures(with keys: [AttemptKey]) -> AuditEvent {
        AuditEvent(.failedComparisons, by: nil, identity: keys.first?.identity, result: "\(keys.count) times")
    }
}

extension IdentityContent {
    func renamed(_ name: IdentityName) -> IdentityContent {
        IdentityContent(
            name: name, modality: modality, enrolled: enrolled, updated: updated, samples: samples, damage: damage)
    }
}
