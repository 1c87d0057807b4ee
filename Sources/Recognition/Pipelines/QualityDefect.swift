import struct Biometrics.Measurement
import Foundation

/// One way in which an image does not support a decision, with what was measured and what it was held to.
public enum QualityDefect: Sendable, Hashable {
    case tooSmall(measured: Double, limit: Double)
    case tooBlurred(measured: Double, limit: Double)
    case tooDark(measured: Double, limit: Double)
    case tooBright(measured: Double, limit: Double)
    case tooLittleContrast(measured: Double, limit: Double)
    case tooUncertain(measured: Double, limit: Double)
    case tooLittleInk(measured: Double, limit: Double)
    case tooMuchInk(measured: Double, limit: Double)

    /// Returns nil when the measurement keeps its limits.
    public init?(_ measurement: Measurement) {
        let value = measurement.value
        if let limit = measurement.minimum, value < limit {
            switch measurement.quantity {
            case .faceSize: self = .tooSmall(measured: value, limit: limit)
            case .sharpness: self = .tooBlurred(measured: value, limit: limit)
            case .brightness: self = .tooDark(measured: value, limit: limit)
            case .contrast: self = .tooLittleContrast(measured: value, limit: limit)
            case .detection: self = .tooUncertain(measured: value, limit: limit)
            case .ink: self = .tooLittleInk(measured: value, limit: limit)
            }
        } else if let limit = measurement.maximum, value > limit {
            switch measurement.quantity {
            case .brightness: self = .tooBright(measured: value, limit: limit)
            case .ink: self = .tooMuchInk(measured: value, limit: limit)
            // No pipeline sets an upper limit on the others.
            case .faceSize, .sharpness, .contrast, .detection: return nil
            }
        } else {
            return nil
        }
    }
}

extension QualityDefect: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooSmall(let measured, let limit):
            "the face is too small: \(Self.text(measured)) pixels where \(Self.text(limit)) are needed; come nearer or use a larger image"
        case .tooBlurred(let measured, let limit):
            "the face is too blurred: sharpness \(Self.text(measured)) where \(Self.text(limit)) is needed; hold still and focus"
        case .tooDark(let measured, let limit):
            "the image is too dark: brightness \(Self.text(measured)) where \(Self.text(limit)) is needed; add light"
        case .tooBright(let measured, let limit):
            "the image is too bright: brightness \(Self.text(measured)) where \(Self.text(limit)) is the most; reduce the exposure"
        case .tooLittleContrast(let measured, let limit):
            "the image has too little contrast: \(Self.text(measured)) where \(Self.text(limit)) is needed; use even light"
        case .tooUncertain(let measured, let limit):
            "the detector is not sure that this is a face: \(Self.text(measured)) where \(Self.text(limit)) is needed; show the face from the front"
        case .tooLittleInk(let measured, let limit):
            "too little ink: a share of \(Self.text(measured)) where \(Self.text(limit)) is needed; scan it larger or darker"
        case .tooMuchInk(let measured, let limit):
            "too much ink: a share of \(Self.text(measured)) where \(Self.text(limit)) is the most; scan it on clean paper"
        }
    }

    /// Three significant digits say all that a measurement of quality can.
    private static func text(_ value: Double) -> String {
        String(format: "%.3g", value)
    }
}
