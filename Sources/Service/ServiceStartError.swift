// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Recognition
import Wording

/// Why a service cannot be started with these models.
///
/// What the gallery refuses is passed on as it is (``GalleryError``), above all a model other than the one its
/// samples were embedded with.
public enum ServiceStartError: Error, Sendable, Hashable {
    /// Two models of one modality are offered.
    case severalModels(modality: Modality, names: [String])
    /// The model's package has no calibration.
    case notCalibrated(model: String)
    /// The model's calibration has no threshold for the configured false match rate.
    case noOperatingPoint(model: String, modality: Modality, asked: Double, available: [Double])
    /// The model's calibration has no threshold that keeps the configured share of skilled forgeries; `available` are
    /// the shares that those it has let through, the largest first, none where forgeries were not measured.
    case noSkilledPoint(model: String, asked: Double, available: [Double])
    /// A worker cannot run the model.
    case model(name: String, reason: String)
    /// The program that decodes pictures cannot be started.
    case decoder(reason: String)
}

extension ServiceStartError {
    /// Why no operating point of a calibration is the configured one; nil where one is.
    public init?(_ choice: OperatingPointChoice, calibration: Calibration, model: String, modality: Modality) {
        guard calibration.operatingPoint(choice) == nil else { return nil }
        switch choice {
        case .falseMatchRate(let rate), .skilledFalseMatchRateIfMeasured(_, otherwise: let rate):
            self = .noOperatingPoint(
                model: model, modality: modality, asked: rate,
                available: calibration.operatingPoints.map(\.falseMatchRate))
        case .skilledFalseMatchRate(let rate):
            self = .noSkilledPoint(
                model: model, asked: rate, available: calibration.operatingPoints.compactMap(\.skilledFalseMatchRate))
        }
    }
}

extension ServiceStartError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .severalModels(let modality, let names):
            "there is more than one model of the modality “\(modality.rawValue)”: \(names.joined(separator: ", ")); name the one to use in the configuration"
        case .notCalibrated(let model):
            ModelPackageError.notCalibrated(name: model).description
        case .noOperatingPoint(let model, let modality, let asked, let available):
            "the model “\(model)” has no threshold for the configured false-match rate of \(NumberText.exactRate(asked)); it has: "
                + available.map(NumberText.exactRate).joined(separator: ", ")
                + "; set \(modality == .signature ? "signature_operating_point" : "operating_point") to one of these, or calibrate the model again"
        case .noSkilledPoint(let model, let asked, let available):
            // Rounded up, so that it can be set.
            if let least = NumberText.ratesToAskFor(available).last {
                "the model “\(model)” has no threshold that lets no more than \(NumberText.exactRate(asked)) of skilled forgeries through, as signature_skilled_rate asks; its strictest lets \(least) through; set signature_skilled_rate to that or more, or calibrate the model again, on more forgeries"
            } else {
                "the model “\(model)” does not state what share of skilled forgeries matches, by which signature_skilled_rate chooses; calibrate it on signatures with forgeries of them (enroll model calibrate), or choose by signature_operating_point"
            }
        case .model(let name, let reason):
            "the model “\(name)” cannot be used: \(reason)"
        case .decoder(let reason):
            "the program that decodes pictures cannot be used: \(reason)"
        }
    }
}
