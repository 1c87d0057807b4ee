// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition

extension LikenessService {
    func identityName(_ text: String) throws(ServiceFailure) -> IdentityName {
        do {
            return try IdentityName(text)
        } catch {
            throw ServiceFailure(error)
        }
    }

    func loadedModel(_ modality: Modality) throws(ServiceFailure) -> LoadedModel {
        guard let model = models[modality] else { throw noModel(for: modality) }
        return model
    }

    /// The modality that is asked for or, where none is, that of the first loaded model: face before signature
    /// before glyph.
    func modality(_ asked: Modality?) throws(ServiceFailure) -> Modality {
        let modality = asked ?? Modality.allCases.first(where: models.modalities.contains) ?? .face
        guard models[modality] != nil else { throw noModel(for: modality) }
        return modality
    }

    /// No model of the modality is loaded, or not the one that is active now.
    func noModel(for modality: Modality, identity: IdentityName? = nil) -> ServiceFailure {
        models.missing[modality].map { .modalityMismatch(identity: identity?.text, message: $0.reason) }
            ?? .noModel(for: modality, identity: identity)
    }

    func details(of name: IdentityName) async throws(ServiceFailure) -> IdentityDetails? {
        do throws(GalleryError) {
            return try await gallery.store.details(of: name)
        } catch {
            throw ServiceFailure(error)
        }
    }
}

extension Double {
    /// JSON has no infinity; a distance that is too large to be a number is the largest number.
    var onTheWire: Double { isFinite ? self : .greatestFiniteMagnitude }
}

extension WireResult {
    init(_ result: Decision.Result) {
        self =
            switch result {
            case .match: .match
            case .noMatch: .noMatch
            case .inconclusive: .inconclusive
            }
    }
}
