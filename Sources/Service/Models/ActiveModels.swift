// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition
import Synchronization

/// The models that decisions rest on now, one of a modality at most. A rotation changes one, and another daemon's
/// rotation may take one away.
package final class ActiveModels: Sendable {
    private typealias Active = [Modality: (loaded: LoadedModel, embedder: any Embedder)]

    private let models: Mutex<Active>
    private let losses: Mutex<[LostModel]>
    private let operatingPoint: @Sendable (Modality) -> OperatingPointChoice

    /// - Parameters:
    ///   - embedders: one of a modality at most, each with a calibration.
    ///   - lost: those that should be among them and cannot.
    ///   - operatingPoint: what holds at any time where a caller names no rate.
    /// - Throws: ``ServiceStartError``.
    package init(
        _ embedders: [any Embedder], lost: [LostModel] = [],
        operatingPoint: @escaping @Sendable (Modality) -> OperatingPointChoice
    ) throws(ServiceStartError) {
        models = Mutex(Self.active(embedders, try LoadedModel.loaded(embedders, operatingPoint: operatingPoint)))
        losses = Mutex(lost)
        self.operatingPoint = operatingPoint
    }

    private static func active(_ embedders: [any Embedder], _ loaded: [Modality: LoadedModel]) -> Active {
        var active: Active = [:]
        for embedder in embedders {
            if let model = loaded[embedder.model.modality] { active[embedder.model.modality] = (model, embedder) }
        }
        return active
    }

    /// Those that there is a model for, or should be.
    var modalities: Set<Modality> {
        Set(models.withLock { Array($0.keys) }).union(missing.keys)
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
        let modality = model.description.modality
        models.withLock { $0[modality] = (model, embedder) }
        losses.withLock { $0.removeAll { $0.modality == modality } }
    }

    /// A model with the point that holds now: while it was made ready, another rate may have been configured.
    ///
    /// - Throws: ``ServiceStartError`` where it was not calibrated for that.
    func loaded(_ embedder: any Embedder) throws(ServiceStartError) -> LoadedModel {
        guard let model = try LoadedModel.loaded([embedder], operatingPoint: operatingPoint)[embedder.model.modality]
        else { throw .notCalibrated(model: embedder.model.name) }
        return model
    }

    /// Decides by these from now on, and by no others.
    func use(_ loaded: [Modality: LoadedModel], _ embedders: [any Embedder], lost: [LostModel]) {
        let active = Self.active(embedders, loaded)
        models.withLock { $0 = active }
        losses.withLock { $0 = lost }
    }

    /// The models that this daemon should decide by and cannot.
    var lost: [LostModel] { losses.withLock { $0 } }

    /// Those of a known modality.
    var missing: [Modality: LostModel] {
        Dictionary(lost.compactMap { model in model.modality.map { ($0, model) } }, uniquingKeysWith: { $1 })
    }

    /// Decides nothing of a modality any more, because its active model is not here, or what is enrolled cannot be
    /// read.
    func lose(_ model: ModelDescription, because reason: String) {
        models.withLock { _ = $0.removeValue(forKey: model.modality) }
        losses.withLock { losses in
            losses.removeAll { $0.modality == model.modality }
            losses.append(LostModel(modality: model.modality, model: model, reason: reason))
        }
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
    func noModel(for modality: Modality) -> ServiceFailure {
        missing[modality].map { .modalityMismatch(identity: nil, message: $0.reason) } ?? .noModel(for: modality)
    }
}
