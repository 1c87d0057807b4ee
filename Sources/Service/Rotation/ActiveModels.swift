import Biometrics
import Synchronization

/// The models that decisions rest on now, one of a modality at most. A rotation changes one.
final class ActiveModels: Sendable {
    private let models: Mutex<[Modality: (loaded: LoadedModel, embedder: any Embedder)]>

    /// - Parameter models: what ``LoadedModel/loaded(_:operatingPoint:)`` made of the embedders.
    init(_ models: [Modality: LoadedModel], embedders: [any Embedder]) {
        var active: [Modality: (loaded: LoadedModel, embedder: any Embedder)] = [:]
        for embedder in embedders {
            if let loaded = models[embedder.model.modality] { active[embedder.model.modality] = (loaded, embedder) }
        }
        self.models = Mutex(active)
    }

    subscript(modality: Modality) -> LoadedModel? {
        models.withLock { $0[modality]?.loaded }
    }

    func embedder(of modality: Modality) -> (any Embedder)? {
        models.withLock { $0[modality]?.embedder }
    }

    var embedders: [any Embedder] {
        models.withLock { models in Modality.allCases.compactMap { models[$0]?.embedder } }
    }

    func replace(with model: LoadedModel, embedder: any Embedder) {
        models.withLock { $0[model.description.modality] = (model, embedder) }
    }
}
