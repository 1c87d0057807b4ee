import Wording

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
    case signatureTooSmall(measured: Double, limit: Double)

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
            case .signatureSize: self = .signatureTooSmall(measured: value, limit: limit)
            }
        } else if let limit = measurement.maximum, value > limit {
            switch measurement.quantity {
            case .brightness: self = .tooBright(measured: value, limit: limit)
            case .ink: self = .tooMuchInk(measured: value, limit: limit)
            // No pipeline sets an upper limit on the others.
            case .faceSize, .sharpness, .contrast, .detection, .signatureSize: return nil
            }
        } else {
            return nil
        }
    }
}

extension QualityDefect: CustomStringConvertible {
    /// What is wrong, the measured value, its limit and what to do.
    public var description: String {
        switch self {
        case .tooSmall(let measured, let limit):
            "the face is too small: \(Self.text(measured)) pixels, and at least \(Self.text(limit)) are needed; move closer or use a larger picture"
        case .tooBlurred(let measured, let limit):
            "the face is too blurred: sharpness \(Self.text(measured)), and at least \(Self.text(limit)) is needed; hold still and focus"
        case .tooDark(let measured, let limit):
            "the face is too dark: brightness \(Self.text(measured)), and at least \(Self.text(limit)) is needed; add light"
        case .tooBright(let measured, let limit):
            "the face is too bright: brightness \(Self.text(measured)), and at most \(Self.text(limit)) is allowed; reduce the light"
        case .tooLittleContrast(let measured, let limit):
            "the face has too little contrast: \(Self.text(measured)), and at least \(Self.text(limit)) is needed; use even, frontal light"
        case .tooUncertain(let measured, let limit):
            "the detector is not sure that this is a face: \(Self.text(measured)), and at least \(Self.text(limit)) is needed; show the face from the front"
        case .tooLittleInk(let measured, let limit):
            "there is too little ink: \(Self.share(measured)) of the picture, and at least \(Self.share(limit)) is needed; sign with a darker pen, or send the part of the picture with the signature"
        case .tooMuchInk(let measured, let limit):
            "too much of the picture is dark: \(Self.share(measured)), and at most \(Self.share(limit)) is allowed; send dark ink on light paper, with nothing else in the picture"
        case .signatureTooSmall(let measured, let limit):
            "the signature is too small: \(Self.text(measured)) pixels on its longer side, and at least \(Self.text(limit)) are needed; scan it at a higher resolution"
        }
    }

    private static func text(_ value: Double) -> String { NumberText.decimal(value) }
    private static func share(_ value: Double) -> String { text(100 * value) + " %" }
}
