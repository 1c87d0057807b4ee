// SPDX-License-Identifier: Apache-2.0

import Biometrics
import LikenessInterface
import Recognition

/// The daemon's folder of models, from which a rotation takes another one.
struct ModelSource: Sendable {
    /// Finds a model by its name, its folder's name or a digest; nil where there is no folder.
    let find: (@Sendable (String) throws -> any Embedder)?
    let operatingPoint: @Sendable (Modality) -> OperatingPointChoice

    /// A model, checked as one that the daemon starts with.
    ///
    /// - Throws: ``ServiceFailure/noSuchModel(message:)``.
    func model(named name: String) throws(ServiceFailure) -> (embedder: any Embedder, model: LoadedModel) {
        guard let find else { throw .noSuchModel(message: "this daemon has no folder of models") }
        let embedder: any Embedder
        do {
            embedder = try find(name)
        } catch {
            throw .noSuchModel(message: "\(error)")
        }
        do throws(ServiceStartError) {
            let models = try LoadedModel.loaded([embedder], operatingPoint: operatingPoint)
            guard let model = models[embedder.model.modality] else { throw .notCalibrated(model: embedder.model.name) }
            return (embedder, model)
        } catch {
            throw .noSuchModel(message: error.description)
        }
    }
}
