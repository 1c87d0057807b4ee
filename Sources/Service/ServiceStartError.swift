import Biometrics
import Recognition

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
    /// A worker cannot run the model.
    case model(name: String, reason: String)
}

extension ServiceStartError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .severalModels(let modality, let names):
            "there is more than one model of the modality “\(modality.rawValue)”: \(names.joined(separator: ", ")); name the one to use in the configuration"
        case .notCalibrated(let model):
            ModelPackageError.notCalibrated(name: model).description
        case .noOperatingPoint(let model, let modality, let asked, let available):
            "the model “\(model)” has no threshold for the configured false-match rate of \(asked); it has: "
                + available.map { "\($0)" }.joined(separator: ", ") + "; set \(modality == .signature ? "signature_operating_point" : "operating_point") to one of these, or calibrate the model again"
        case .model(let name, let reason):
            "the model “\(name)” cannot be used: \(reason)"
        }
    }
}
