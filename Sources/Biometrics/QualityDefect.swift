// SPDX-License-Identifier: Apache-2.0

import Wording

/// One way in which an image does not support a decision, with what was measured and what it was held to.
public enum QualityDefect: Sendable, Hashable {
    case tooSmall(measured: Double, limit: Double)
    case tooBlurred(measured: Double, limit: Double)
    case tooDark(measured: Double, limit: Double)
    case tooBright(measured: Double, limit: Double)
    case tooLittleContrast(measured: Double, limit: Double)
    case tooUncertain(measured: Double, limit: Double)
    case turnedAway(measured: Double, limit: Double)
    case tooUnlikeMirrorImage(measured: Double, limit: Double)
    case eyesCovered(measured: Double, limit: Double)
    case mouthOrNoseCovered(measured: Double, limit: Double)
    case tooLittleInk(measured: Double, limit: Double)
    case tooMuchInk(measured: Double, limit: Double)
    case tooManyHalfTones(measured: Double, limit: Double)
    case tooManyFormLines(measured: Double, limit: Double)
    case tooManyPieces(measured: Double, limit: Double)
    case severalSignatures(measured: Double, limit: Double)
    case signatureTooSmall(measured: Double, limit: Double)

    /// Returns nil when the measurement keeps its limits.
    public init?(_ measurement: QualityMeasurement) {
        let value = measurement.value
        if let limit = measurement.minimum, value < limit {
            switch measurement.quantity {
            case .faceSize: self = .tooSmall(measured: value, limit: limit)
            case .sharpness: self = .tooBlurred(measured: value, limit: limit)
            case .brightness: self = .tooDark(measured: value, limit: limit)
            case .contrast: self = .tooLittleContrast(measured: value, limit: limit)
            case .detection: self = .tooUncertain(measured: value, limit: limit)
            case .ink: self = .tooLittleInk(measured: value, limit: limit)
            case .headYaw: self = .turnedAway(measured: value, limit: limit)
            case .eyesVisible: self = .eyesCovered(measured: value, limit: limit)
            case .mouthAndNoseVisible: self = .mouthOrNoseCovered(measured: value, limit: limit)
            // No pipeline sets a lower limit on the others.
            case .headRoll, .mirrorDistance, .halfTones, .formLines, .pieces, .signatures: return nil
            case .signatureSize: self = .signatureTooSmall(measured: value, limit: limit)
            }
        } else if let limit = measurement.maximum, value > limit {
            switch measurement.quantity {
            case .brightness: self = .tooBright(measured: value, limit: limit)
            case .headYaw: self = .turnedAway(measured: value, limit: limit)
            case .mirrorDistance: self = .tooUnlikeMirrorImage(measured: value, limit: limit)
            case .ink: self = .tooMuchInk(measured: value, limit: limit)
            case .halfTones: self = .tooManyHalfTones(measured: value, limit: limit)
            case .formLines: self = .tooManyFormLines(measured: value, limit: limit)
            case .pieces: self = .tooManyPieces(measured: value, limit: limit)
            case .signatures: self = .severalSignatures(measured: value, limit: limit)
            // No pipeline sets an upper limit on the others.
            case .faceSize, .sharpness, .contrast, .detection, .headRoll, .eyesVisible, .mouthAndNoseVisible,
                .signatureSize:
                return nil
            }
        } else {
            return nil
        }
    }
}

extension QualityDefect: CustomStringConvertible {
    /// What is wrong, the measured value, its limit and what to do.
    public var description: String {
        let (found, bound) = texts
        return switch self {
        case .tooSmall:
            "the face is too small: \(found) pixels, and at least \(bound) are needed; move closer or use a larger picture"
        case .tooBlurred:
            "the face is too blurred: sharpness \(found), and at least \(bound) is needed; hold still and focus"
        case .tooDark:
            "the face is too dark: brightness \(found), and at least \(bound) is needed; add light"
        case .tooBright:
            "the face is too bright: brightness \(found), and at most \(bound) is allowed; reduce the light"
        case .tooLittleContrast:
            "the face has too little contrast: \(found), and at least \(bound) is needed; use even, frontal light"
        case .tooUncertain:
            "the detector is not sure that this is a face: \(found), and at least \(bound) is needed; show the face from the front"
        case .turnedAway:
            "the head is turned too far to a side: by \(found)°, and at most \(bound)° is allowed; look into the camera"
        case .tooUnlikeMirrorImage:
            "the face is seen too far from the side, or half of it is covered or in shadow: \(found) from its mirror image, and at most \(bound) is allowed; show the whole face from the front, evenly lit"
        case .eyesCovered:
            "the eyes are covered: it is \(found) sure that they are seen, and at least \(bound) is needed; take off dark glasses, and show both eyes"
        case .mouthOrNoseCovered:
            "the mouth or the nose is covered: it is \(found) sure that both are seen, and at least \(bound) is needed; take off the mask or scarf, and keep hands and things away from the face"
        case .tooLittleInk:
            "there is too little ink: \(found) of the picture, and at least \(bound) is needed; sign with a darker pen, or send the part of the picture with the signature"
        case .tooMuchInk:
            "too much of the picture is dark: \(found), and at most \(bound) is allowed; send dark ink on light paper, with nothing else in the picture"
        case .tooManyHalfTones:
            "this is no signature: \(found) of the picture is neither paper nor ink, as in a photograph of something else, and at most \(bound) is allowed; send dark ink on light paper, evenly lit"
        case .tooManyFormLines:
            "there is hardly anything but the lines of a form: \(found) of the ink, and at most \(bound) is allowed; send the part of the picture with the signature"
        case .tooManyPieces:
            "this is no signature: the ink lies in \(found) pieces, as print does, and at most \(bound) are allowed; send the part of the picture with the signature"
        case .severalSignatures:
            "the picture shows \(found) signatures, and at most \(bound) is allowed; send the part of the picture with one of them"
        case .signatureTooSmall:
            "the signature is too small: \(found) pixels on its longer side, and at least \(bound) are needed; scan it at a higher resolution"
        }
    }

    /// The measured value and the limit, told apart.
    private var texts: (value: String, limit: String) {
        switch self {
        case .tooSmall(let measured, let limit), .tooBlurred(let measured, let limit),
            .tooDark(let measured, let limit),
            .tooBright(let measured, let limit), .tooLittleContrast(let measured, let limit),
            .tooUncertain(let measured, let limit), .tooUnlikeMirrorImage(let measured, let limit),
            .tooManyPieces(let measured, let limit), .severalSignatures(let measured, let limit),
            .signatureTooSmall(let measured, let limit):
            return NumberText.missed(measured, limit: limit)
        case .turnedAway(let measured, let limit):
            return NumberText.missed(abs(measured), limit: abs(limit))
        case .eyesCovered(let measured, let limit), .mouthOrNoseCovered(let measured, let limit),
            .tooLittleInk(let measured, let limit), .tooMuchInk(let measured, let limit),
            .tooManyHalfTones(let measured, let limit), .tooManyFormLines(let measured, let limit):
            let (found, bound) = NumberText.missed(100 * measured, limit: 100 * limit)
            return ("\(found) %", "\(bound) %")
        }
    }
}
