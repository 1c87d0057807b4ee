// SPDX-License-Identifier: Apache-2.0

/// Why a set of distances gives no calibration.
public indirect enum CalibrationError: Error, Sendable, Hashable {
    /// Too few distances to fit anything.
    case tooFewPairs(genuine: Int, impostor: Int, minimum: Int)
    /// A distance is negative, infinite or not a number.
    case unusableDistance(Double)
    /// Impostors are no farther from each other than genuine pairs.
    case notSeparated(genuineMean: Double, impostorMean: Double)
    /// One of several sets gives none.
    case inSet(name: String, reason: CalibrationError)
    /// A parameter or an operating point is out of range; the text says which.
    case invalidParameters(String)
}

extension CalibrationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooFewPairs(let genuine, let impostor, let minimum):
            "\(genuine) genuine and \(impostor) impostor pairs are too few to calibrate on; at least \(minimum) of each are needed: use more people or more images of each"
        case .unusableDistance(let distance):
            "a distance of \(distance) cannot be calibrated on; distances are finite and not negative"
        case .notSeparated(let genuineMean, let impostorMean):
            "this model does not tell these people apart: the mean distance is \(genuineMean) between images of one person and \(impostorMean) between different people; check the labels and the model's input statement"
        case .inSet(let name, let reason):
            "the set “\(name)”: \(reason)"
        case .invalidParameters(let reason):
            "the calibration cannot be used: \(reason)"
        }
    }
}
