// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition
import Synchronization

/// The models that decisions rest on now, one of a modality at most. A rotation changes one, and another daemon's
/// rotation may take one away.
package final class ActiveModels: Sendable {
    /// Those that a model was loaded for at the start.
    let modalities: Set<Modality>
    private let models: Mutex<[Modality: (loaded: LoadedModel, embedder: any Embedder)]>
    private let lost = Mutex<[Modality: Loss]>([:])

    /// An active model that nothing is decided by.
    struct Loss: Sendable {
        let model: ModelDescription
        /// What is said where something is to be decided.
        let reason: String
    }

    /// - Parameter embedders: one of a modality at most, each with a calibration.
    /// - Throws: ``ServiceStartError``.
    package init(
        _ embedders: [any Embedder], operatingPoint: (Modality) -> OperatingPointChoice
    ) throws(ServiceStartError) {
        let models = try LoadedModel.loaded(embedders, operatingPoint: operatingPoint)
        var active: [Modality: (loaded: LoadedModel, embedder: any Embedder)] = [:]
        for embedder in embedders {
            if let loaded = models[embedder.model.modality] { active[embedder.model.modality] = (loaded, embedder) }
        }
        modalities = Set(active.keys)
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
        lost.withLock { _ = $0.removeValue(forKey: model.description.modality) }
    }

    /// The active models that this daemon should decide by and cannot.
    var missing: [Modality: Loss] { lost.withLock { $0 } }

    /// Decides nothing of a modality any more, because its active model is not here, or what is enrolled cannot be
    /// read.
    func lose(_ model: ModelDescription, because reason: String) {
        models.withLock { _ = $0.removeValue(forKey: model.modality) }
        lost.withLock { $0[model.modality] = Loss(model: model, reason: reason) }
    }
}

extension ActiveModels {
    /// The model of a modality.
    func model(of modality: Modality) throws(ServiceFailure) -> LoadedModel {
        guard let model = self[modality] else { throw noModel(for: modality) }
        return model
    }

    /// The modality that is asked for or, where none is, that of the first loaded model: face before signature
    /// before glyph.
    func modality(_ asked: Modality?) throws(ServiceFailure) -> Modality {
        let modality = asked ?? Modality.allCases.first(where: modalities.contains) ?? .face
        guard self[modality] != nil else { throw noModel(for: modality) }
        return modality
    }

    /// No model of the modality is loaded, or not the one that is active now.
    func noModel(for modality: Modality, identity: IdentityName? = nil) -> ServiceFailure {
        missing[modality].map { .modalityMismatch(identity: identity?.text, message: $0.reason) }
            ?? .noModel(for: modality, identity: identity)
    }
}
