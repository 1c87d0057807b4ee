// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Recognition
import Synchronization

/// The gallery: the store, and in memory the embeddings that probes are compared with.
///
/// Readers take the current ``GalleryIndex`` under a lock that is held for no more than that. Changes go through
/// one line: the store first, then memory, then the next change, so that memory is at every moment a state the
/// store has acknowledged, and both pass through the same states.
final class EnrolledGallery: Sendable {
    let store: any GalleryStore
    /// What could not be read at the start, and is not compared.
    let damage: [GalleryDamage]
    /// Changed by ``use(_:rule:whenUsed:)`` alone.
    private let currentRule: Mutex<ServiceConfiguration.DistanceRule>
    private var rule: ServiceConfiguration.DistanceRule { currentRule.withLock { $0 } }
    private let indexes: Mutex<[Modality: GalleryIndex]>
    private let retired = RetiredIndexes()
    private let line = SerialQueue()
    private let metrics: ServiceMetrics
    /// How often an activation is tried while other daemons go on enrolling.
    private static let activationAttempts = 100

    /// Activates the models in the store and loads what is enrolled.
    ///
    /// - Throws: ``GalleryError``, above all ``GalleryError/madeWithAnotherModel(modality:made:offered:samples:)``.
    init(
        store: any GalleryStore, embedders: [any Embedder], rule: ServiceConfiguration.DistanceRule,
        metrics: ServiceMetrics = ServiceMetrics()
    ) async throws(GalleryError) {
        self.store = store
        self.metrics = metrics
        var indexes: [Modality: GalleryIndex] = [:], damage: [GalleryDamage] = []
        for (embedder, generation) in zip(embedders, try await store.activate(embedders.map(\.model))) {
            let loaded = try await Self.load(generation.id, from: store, rule: rule.reference(by: embedder))
            damage += loaded.damage
            indexes[embedder.model.modality] = loaded.index
        }
        currentRule = Mutex(rule)
        self.indexes = Mutex(indexes)
        self.damage = damage
    }

    /// The modalities that a model is loaded for.
    var modalities: [Modality] {
        indexes.withLock { indexes in Modality.allCases.filter { indexes[$0] != nil } }
    }

    func index(of modality: Modality) -> GalleryIndex? {
        indexes.withLock { $0[modality] }
    }

    /// The modality of an identity that is enrolled with a loaded model, and how many samples it has.
    func find(_ name: IdentityName) -> (modality: Modality, samples: Int)? {
        indexes.withLock { indexes in
            for (modality, index) in indexes {
                if let enrolled = index.identities[name] { return (modality, enrolled.samples.count) }
            }
            return nil
        }
    }

    /// Adds samples, all of them or none. `review` sees the gallery as it is just before.
    func enroll<Review: Sendable>(
        _ samples: [NewSample], as name: IdentityName, modality: Modality, by actor: AuditActor,
        review: @escaping @Sendable (GalleryIndex) throws(IncomparableEmbeddings) -> Review
    ) async throws(GalleryError) -> (enrollments: [Enrollment], review: Review) {
        try await changing { [self] () throws(GalleryError) in
            guard let index = index(of: modality) else { throw .noActiveModel(modality) }
            let embeddings = try samples.map { sample throws(GalleryError) in
                guard case .embedded(let embedding)? = sample.outcomes[index.model.digest], index.accepts(embedding)
                else {
                    throw .wrongEmbedding(reason: "it was not made by the model \(index.model), which is loaded")
                }
                return embedding
            }
            let reviewed = try Self.reviewed(index, by: review)
            retired.note(name)
            // Taken before, so that the index is held here no longer when it is changed: it would be copied.
            let generation = index.generation, known = index.identities[name]?.samples.count ?? 0
            let enrollments = try await store.enroll(samples, as: name, modality: modality, by: actor)
            if store.isShared, enrollments.contains(where: { $0.sampleCount != known + samples.count }) {
                // Another daemon has changed the identity, and that was not told here yet.
                let content = try await store.embeddings(of: name, inGeneration: generation)
                try follow(modality) { index throws(GalleryError) in try index.replace(name, with: content) }
            } else {
                try follow(modality) { index throws(GalleryError) in
                    for (embedding, enrollment) in zip(embeddings, enrollments) {
                        try index.add(embedding, as: enrollment.sample)
                    }
                }
            }
            return (enrollments, reviewed)
        }
    }

    /// Makes a sample one of another identity. `review` sees the gallery as it is just before, where a model of the
    /// modality is loaded.
    func move<Review: Sendable>(
        _ sample: SampleReference, to other: IdentityName, _ permissions: SampleMove.Permissions, by actor: AuditActor,
        carrying: @escaping CarriedAttempts,
        review: @escaping @Sendable (GalleryIndex) throws(IncomparableEmbeddings) -> Review
    ) async throws(GalleryError) -> (move: SampleMove, review: Review?) {
        try await changing { [self] () throws(GalleryError) in
            let modality = find(sample.identity)?.modality
            var reviewed: Review?
            if let index = modality.flatMap({ index(of: $0) }) { reviewed = try Self.reviewed(index, by: review) }
            for name in [sample.identity, other] { retired.note(name) }
            let move = try await store.moveSample(
                sample.number, of: sample.identity, to: other, permissions, by: actor, carrying: carrying)
            if store.isShared {
                // Another daemon may have changed either of them, and that was not told here yet.
                try await readAgain(sample.identity, other)
            } else if let modality {
                try follow(modality) { index throws(GalleryError) in
                    try index.take(sample)
                    if let embedding = move.embedding { try index.add(embedding, as: move.sample) }
                }
            }
            return (move, reviewed)
        }
    }

    /// Takes both as the store has them, in one change of memory.
    private func readAgain(_ name: IdentityName, _ other: IdentityName) async throws(GalleryError) {
        // Not the indexes themselves: what is held here would be copied when it is changed.
        let generations: [Modality: Int64] = indexes.withLock { indexes in indexes.mapValues { $0.generation } }
        for (modality, generation) in generations {
            let content: GenerationEmbeddings, otherContent: GenerationEmbeddings
            do throws(GalleryError) {
                content = try await store.embeddings(of: name, inGeneration: generation)
                otherContent = try await store.embeddings(of: other, inGeneration: generation)
            } catch .noSuchGeneration {
                // Another is active, which is told too.
                continue
            }
            try follow(modality) { index throws(GalleryError) in
                try index.replace(name, with: content)
                try index.replace(other, with: otherContent)
            }
        }
    }

    private static func reviewed<Review>(
        _ index: GalleryIndex, by review: (GalleryIndex) throws(IncomparableEmbeddings) -> Review
    ) throws(GalleryError) -> Review {
        do throws(IncomparableEmbeddings) {
            return try review(index)
        } catch {
            throw .wrongEmbedding(reason: error.description)
        }
    }

    /// Removes one sample, or the identity with all of them.
    func remove(_ name: IdentityName, sample: Int?, by actor: AuditActor) async throws(GalleryError) -> Removal {
        try await changing { [self] () throws(GalleryError) in
            retired.note(name)
            let removal =
                if let sample {
                    try await store.removeSample(sample, of: name, by: actor)
                } else {
                    try await store.remove(name, by: actor)
                }
            if let modality = find(name)?.modality {
                try follow(modality) { index throws(GalleryError) in
                    if let sample {
                        try index.take(SampleReference(identity: name, number: sample))
                    } else {
                        index.remove(name)
                    }
                }
            }
            return removal
        }
    }

    /// Makes a generation that was built the active one, in the store and then in memory.
    ///
    /// - Parameters:
    ///   - catchUp: embeds what was enrolled last, while no other change runs; an error stops the activation.
    ///   - whenActive: called together with the change of memory.
    func activate(
        _ generation: Generation, embedder: any Embedder, result: String, by actor: AuditActor?,
        catchUp: @escaping @Sendable () async throws(GalleryError) -> Void, whenActive: @escaping @Sendable () -> Void
    ) async throws(GalleryError) {
        try await line.run { [self] () throws(GalleryError) in
            var index: GalleryIndex, attempts = 0
            while true {
                try await catchUp()
                index = try await self.content(of: generation, rule: rule.reference(by: embedder))
                do throws(GalleryError) {
                    _ = try await store.activateGeneration(generation.id, result: result, by: actor)
                    break
                } catch .notReembedded where store.isShared && attempts < Self.activationAttempts {
                    // Another daemon has enrolled somebody meanwhile.
                    attempts += 1
                }
            }
            let previous = indexes.withLock { indexes in
                defer { whenActive() }
                return indexes.updateValue(index, forKey: generation.model.modality)
            }
            // Other daemons change it too, and tell of that later.
            if let previous, !store.isShared { retired.keep(previous) }
        }
    }

    /// Compares by these models and this rule from now on, and by no others.
    ///
    /// - Parameter whenUsed: called together with the change of memory, with whether the gallery is encrypted.
    /// - Returns: what could not be read of what is in memory since now.
    /// - Throws: ``GalleryError``; then nothing has changed, neither here nor in the store.
    func use(
        _ embedders: [any Embedder], rule: ServiceConfiguration.DistanceRule,
        whenUsed: @escaping @Sendable (_ isEncrypted: Bool) -> Void
    ) async throws(GalleryError) -> [GalleryDamage] {
        try await line.run { [self] () throws(GalleryError) in
            var fresh: [Modality: GalleryIndex] = [:], damage: [GalleryDamage] = []
            let active = try await activeGenerations(allowing: embedders)
            let isEncrypted = try await store.encryption().isComplete
            // All that can fail comes before the one step that changes the store.
            for embedder in embedders {
                let modality = embedder.model.modality, wanted = rule.reference(by: embedder)
                guard let generation = active[modality], generation.model.digest == embedder.model.digest else {
                    continue
                }
                if let index = index(of: modality), index.generation == generation.id, index.rule == wanted {
                    fresh[modality] = index
                } else {
                    let loaded = try await Self.load(generation.id, from: store, rule: wanted)
                    damage += loaded.damage
                    fresh[modality] = loaded.index
                }
            }
            for (embedder, generation) in zip(embedders, try await store.activate(embedders.map(\.model))) {
                let modality = embedder.model.modality
                guard fresh[modality]?.generation != generation.id else { continue }
                // Nothing is enrolled where another model is taken.
                fresh[modality] = GalleryIndex(
                    model: generation.model, generation: generation.id, rule: rule.reference(by: embedder))
            }
            indexes.withLock { indexes in
                indexes = fresh
                currentRule.withLock { $0 = rule }
                whenUsed(isEncrypted)
            }
            return damage
        }
    }

    /// The active generations, where all of the models can be activated.
    private func activeGenerations(
        allowing embedders: [any Embedder]
    ) async throws(GalleryError) -> [Modality: Generation] {
        let active = try await store.generations().filter { $0.generation.state == .active }
        for offered in embedders.map(\.model) {
            guard let content = active.first(where: { $0.generation.model.modality == offered.modality }),
                content.generation.model.digest != offered.digest
            else { continue }
            guard content.samples == 0 else {
                throw .madeWithAnotherModel(
                    modality: offered.modality, made: content.generation.model, offered: offered,
                    samples: content.samples)
            }
        }
        return Dictionary(
            active.map { ($0.generation.model.modality, $0.generation) }, uniquingKeysWith: { first, _ in first })
    }

    // MARK: What other daemons change

    /// Reads an identity again. Returns what of it could not be.
    func refresh(_ name: IdentityName) async throws(GalleryError) -> [GalleryDamage] {
        try await line.run { [self] () throws(GalleryError) in
            var damage: [GalleryDamage] = []
            for (modality, index) in indexes.withLock({ $0 }) {
                let content: GenerationEmbeddings
                do throws(GalleryError) {
                    content = try await store.embeddings(of: name, inGeneration: index.generation)
                } catch .noSuchGeneration {
                    // Another is active, which is told too.
                    continue
                }
                damage += content.damage
                try follow(modality) { index throws(GalleryError) in try index.replace(name, with: content) }
            }
            return damage
        }
    }

    /// Reads everything again. Returns what could not be.
    func reload() async throws(GalleryError) -> [GalleryDamage] {
        try await line.run { [self] () throws(GalleryError) in
            retired.forget()
            var damage: [GalleryDamage] = []
            for (modality, index) in indexes.withLock({ $0 }) {
                do throws(GalleryError) {
                    let fresh = try await Self.load(index.generation, from: store, rule: index.rule)
                    damage += fresh.damage
                    indexes.withLock { $0[modality] = fresh.index }
                } catch .noSuchGeneration {
                    continue
                }
            }
            return damage
        }
    }

    /// Takes a generation that another daemon has activated in the place of the one in memory.
    ///
    /// - Parameter whenActive: called together with the change of memory.
    /// - Returns: what of it could not be read; nil when it is not active any more, and nothing was changed.
    func adopt(
        _ generation: Generation, embedder: any Embedder, whenActive: @escaping @Sendable () -> Void
    ) async throws(GalleryError) -> [GalleryDamage]? {
        try await line.run { [self] () throws(GalleryError) in
            guard try await store.activeGenerations().contains(where: { $0.id == generation.id }) else { return nil }
            let loaded = try await Self.load(generation.id, from: store, rule: rule.reference(by: embedder))
            indexes.withLock { indexes in
                indexes[generation.model.modality] = loaded.index
                whenActive()
            }
            return loaded.damage
        }
    }

    /// Compares nothing of a modality any more.
    func drop(_ modality: Modality, whenDropped: () -> Void) {
        indexes.withLock { indexes in
            indexes[modality] = nil
            whenDropped()
        }
    }

    /// Enrols an identity with all its samples, or puts it in the place of one.
    func put(
        _ content: IdentityContent, replacing: Bool, by actor: AuditActor?
    ) async throws(GalleryError) -> ImportResult {
        try await changing { [self] () throws(GalleryError) in
            retired.note(content.name)
            let before = find(content.name)?.modality
            let result = try await store.put(content, replacing: replacing, by: actor)
            if let before { try follow(before) { index throws(GalleryError) in index.remove(content.name) } }
            try follow(content.modality) { index throws(GalleryError) in
                for sample in content.samples {
                    guard case .embedded(let embedding)? = sample.outcomes[index.model.digest] else { continue }
                    try index.add(embedding, as: SampleReference(identity: content.name, number: sample.sample.number))
                }
            }
            return result
        }
    }

    /// Has the store remove what is damaged, and reads again what is left.
    ///
    /// - Parameter embedAgain: makes again what can be made again, while no other change runs.
    func repair(
        by actor: AuditActor?, embedAgain: @escaping @Sendable () async throws(GalleryError) -> Void
    ) async throws(GalleryError) -> [GalleryDamage] {
        try await line.run { [self] () throws(GalleryError) in
            retired.forget()
            let removed = try await store.repair(by: actor)
            try await embedAgain()
            for (modality, index) in indexes.withLock({ $0 }) {
                let fresh = try await Self.load(index.generation, from: store, rule: index.rule)
                indexes.withLock { $0[modality] = fresh.index }
            }
            return removed
        }
    }

    /// Keeps what is needed of a rollback no longer, since there can be none.
    func forgetRetired(_ modality: Modality?) {
        retired.forget(modality)
    }

    /// What the store has of a generation that is about to be active.
    private func content(
        of generation: Generation, rule: IdentityReference.Rule
    ) async throws(GalleryError) -> GalleryIndex {
        guard let kept = retired.take(generation, rule: rule) else {
            return try await Self.load(generation.id, from: store, rule: rule).index
        }
        var index = kept.index
        for name in kept.changed {
            try index.replace(name, with: try await store.embeddings(of: name, inGeneration: generation.id))
        }
        return index
    }

    /// What the store has of a generation, and what of it cannot be read.
    private static func load(
        _ generation: Int64, from store: any GalleryStore, rule: IdentityReference.Rule
    ) async throws(GalleryError) -> (index: GalleryIndex, damage: [GalleryDamage]) {
        let content = try await store.embeddings(ofGeneration: generation)
        return (try GalleryIndex(content, rule: rule), content.damage)
    }

    /// Runs a change of what is enrolled, and times it with its wait for others.
    private func changing<Value: Sendable>(
        _ change: @escaping @Sendable () async throws(GalleryError) -> Value
    ) async throws(GalleryError) -> Value {
        let begun = ContinuousClock.now
        defer { metrics.record(begun.duration(to: .now), of: .store) }
        return try await line.run(change)
    }

    private func follow(
        _ modality: Modality, _ change: (inout GalleryIndex) throws(GalleryError) -> Void
    ) throws(GalleryError) {
        try indexes.withLock { indexes throws(GalleryError) in
            // Out of the dictionary, so that there is one reference to what is changed.
            guard var index = indexes.removeValue(forKey: modality) else { return }
            defer { indexes[modality] = index }
            try change(&index)
        }
    }
}

extension ServiceConfiguration.DistanceRule {
    fileprivate func reference(by embedder: any Embedder) -> IdentityReference.Rule {
        self == .mean ? embedder.meanRule : .minimum
    }
}

extension GalleryIndex {
    /// Puts what is enrolled under a name in the place of what was.
    fileprivate mutating func replace(_ name: IdentityName, with content: GenerationEmbeddings) throws(GalleryError) {
        try replace(name, with: content.identities.first { $0.name == name }?.samples ?? [])
    }

    fileprivate mutating func add(_ embedding: Embedding, as sample: SampleReference) throws(GalleryError) {
        guard accepts(embedding) else {
            throw .damagedRecord("sample \(sample.number) of “\(sample.identity)” has an embedding of another model")
        }
        do {
            try insert(embedding, sample: sample)
        } catch {
            throw .damagedRecord("sample \(sample.number) of “\(sample.identity)”: \(error)")
        }
    }

    fileprivate mutating func take(_ sample: SampleReference) throws(GalleryError) {
        do {
            try remove(sample: sample)
        } catch {
            throw .damagedRecord("sample \(sample.number) of “\(sample.identity)”: \(error)")
        }
    }
}
