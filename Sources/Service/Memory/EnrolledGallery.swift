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
    private let indexes: Mutex<[Modality: GalleryIndex]>
    private let line = ChangeLine()

    /// Activates the models in the store and loads what is enrolled.
    ///
    /// - Throws: ``GalleryError``, above all ``GalleryError/madeWithAnotherModel(modality:made:offered:samples:)``.
    init(store: any GalleryStore, embedders: [any Embedder], rule: ServiceConfiguration.DistanceRule) async throws(GalleryError) {
        self.store = store
        var indexes: [Modality: GalleryIndex] = [:]
        for embedder in embedders {
            let model = embedder.model
            _ = try await store.activate(model)
            var index = GalleryIndex(model: model, rule: rule == .mean ? embedder.meanRule : .minimum)
            for enrolled in try await store.embeddings(of: model.modality) {
                try index.add(enrolled.embedding, as: enrolled.sample)
            }
            indexes[model.modality] = index
        }
        self.indexes = Mutex(indexes)
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

    /// Adds a sample. `review` sees the gallery as it is just before.
    func enrol<Review: Sendable>(
        _ sample: NewSample, as name: IdentityName, modality: Modality, by actor: AuditActor,
        review: @escaping @Sendable (GalleryIndex) throws(IncomparableEmbeddings) -> Review
    ) async throws(GalleryError) -> (enrolment: Enrolment, review: Review) {
        try await line.run { [self] () throws(GalleryError) in
            guard let index = index(of: modality) else { throw .noActiveModel(modality) }
            guard index.accepts(sample.embedding) else {
                throw .wrongEmbedding(reason: "it was made by model \(sample.embedding.model.short), and \(index.model) is loaded")
            }
            let reviewed: Review
            do throws(IncomparableEmbeddings) {
                reviewed = try review(index)
            } catch {
                throw .wrongEmbedding(reason: error.description)
            }
            let enrolment = try await store.enrol(sample, as: name, modality: modality, by: actor)
            try follow(modality) { index throws(GalleryError) in try index.add(sample.embedding, as: enrolment.sample) }
            return (enrolment, reviewed)
        }
    }

    /// Removes one sample, or the identity with all of them.
    func remove(_ name: IdentityName, sample: Int?, by actor: AuditActor) async throws(GalleryError) -> Removal {
        try await line.run { [self] () throws(GalleryError) in
            let removal = if let sample {
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

extension GalleryIndex {
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
