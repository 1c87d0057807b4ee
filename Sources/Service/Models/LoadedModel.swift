// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Recognition

/// A model as decisions use it.
struct LoadedModel: Sendable {
    let description: ModelDescription
    let calibration: Calibration
    /// What holds when the caller names no rate.
    let defaultPoint: OperatingPoint

    /// - Throws: ``ServiceStartError``.
    static func loaded(
        _ embedders: [any Embedder], operatingPoint: (Modality) -> OperatingPointChoice
    ) throws(ServiceStartError) -> [Modality: LoadedModel] {
        var models: [Modality: LoadedModel] = [:]
        for embedder in embedders {
            let description = embedder.model
            if let other = models[description.modality] {
                throw .severalModels(modality: description.modality, names: [other.description.name, description.name])
            }
            guard let calibration = embedder.calibration else { throw .notCalibrated(model: description.name) }
            let choice = operatingPoint(description.modality)
            guard let point = calibration.operatingPoint(choice) else {
                throw ServiceStartError(
                    choice, calibration: calibration, model: description.name, modality: description.modality)
                    ?? .notCalibrated(model: description.name)
            }
            models[description.modality] = LoadedModel(
                description: description, calibration: calibration, defaultPoint: point)
        }
        return models
    }

    /// The point for a rate that a caller names; the configured one when none is named.
    ///
    /// - Throws: ``ServiceFailure/noSuchOperatingPoint(asked:available:)``.
    func operatingPoint(_ rate: Double?) throws(ServiceFailure) -> OperatingPoint {
        guard let rate else { return defaultPoint }
        guard let point = calibration.operatingPoint(falseMatchRate: rate) else {
            throw .noSuchOperatingPoint(asked: rate, available: calibration.operatingPoints.map(\.falseMatchRate))
        }
        return point
    }

    /// As it is told; thresholds are scores there.
    func wire(withThresholds: Bool) -> WireModel {
        WireModel(
            digest: description.digest.hexadecimal, name: description.name, version: description.version,
            modality: description.modality, embeddingSize: description.embeddingSize, calibrationSet: calibration.set,
            operatingPoints: calibration.operatingPoints.map { point in
                WireOperatingPoint(
                    falseMatchRate: point.falseMatchRate,
                    threshold: withThresholds ? calibration.score(distance: point.threshold) : nil,
                    upperBound: point.upperBound, skilledFalseMatchRate: point.skilledFalseMatchRate)
            },
            operatingPoint: defaultPoint.falseMatchRate)
    }
}
