// SPDX-License-Identifier: Apache-2.0

import Biometrics
import LikenessInterface
import Varlink

/// What somebody before a camera is told, in a plain line each.
enum CameraAdvice {
    /// What to do for a look, so that each differs a little from the others.
    static func pose(_ look: Int, of modality: Modality) -> String {
        guard modality == .face else {
            return look == 1 ? "Hold \(named(modality)) before the camera." : "Hold another one before the camera."
        }
        let poses = [
            "Look straight into the camera.", "Turn your head a little to the left.",
            "Turn your head a little to the right.", "Lift your chin a little.",
            "Come a little nearer, and look straight into the camera.",
        ]
        return poses[(look - 1) % poses.count]
    }

    /// What is wrong with a picture that the daemon refuses, and what to do; nil for a failure that no other picture
    /// would help.
    static func about(_ failure: CommandFailure, of modality: Modality) -> String? {
        switch failure.name {
        case "\(InterfaceNames.verification).NoFace" where modality == .face:
            "No face is seen: look into the camera."
        case "\(InterfaceNames.verification).NoFace":
            "No \(modality.rawValue) is seen: hold \(named(modality)) before the camera."
        case ServiceFailure.severalFacesName: "Several faces are seen: be alone before the camera."
        case "\(InterfaceNames.verification).ImageRejected":
            "The camera's picture is not read (\(PrintableText.of(failure.message)))."
        case "\(InterfaceNames.verification).LowQuality": defect(of: failure, modality)
        default: nil
        }
    }

    private static func named(_ modality: Modality) -> String {
        modality == .signature ? "a sheet with the signature" : "a \(modality.rawValue)"
    }

    /// The one that explains others is told: a covered face is dark as well.
    private static let order: [QualityMeasurement.Quantity] = [
        .eyesVisible, .mouthAndNoseVisible, .headYaw, .faceSize, .brightness, .sharpness, .contrast, .mirrorDistance,
        .detection,
    ]

    private static func defect(of failure: CommandFailure, _ modality: Modality) -> String {
        let measured = (failure.parameters["unacceptable"]).flatMap { try? $0.decoded([WireMeasurement].self) } ?? []
        let known = order.lazy.compactMap { quantity in measured.first { $0.quantity == quantity.rawValue } }
        guard let worst = known.first ?? measured.first else { return failure.message }
        return plain(worst, modality) ?? "Not good enough: \(worst.complaint)."
    }

    private static func plain(_ measurement: WireMeasurement, _ modality: Modality) -> String? {
        let isLow = measurement.minimum.map { measurement.value < $0 } ?? false, isFace = modality == .face
        return switch QualityMeasurement.Quantity(rawValue: measurement.quantity) {
        case .eyesVisible: "Your eyes are covered: take off dark glasses, and keep hair and hands away."
        case .mouthAndNoseVisible: "Your mouth or nose is covered: take off the mask or scarf, and keep hands away."
        case .headYaw: "Turned away too far: turn to the camera."
        case .faceSize: "Too far away: come closer."
        case .brightness where isLow: "Too dark: turn on a light."
        case .brightness: isFace ? "Too bright: turn away from the light." : "Too bright: turn it away from the light."
        case .sharpness: isFace ? "Too blurred: hold still." : "Too blurred: hold it still."
        case .contrast:
            isFace
                ? "Too little contrast: let the light come from the front."
                : "Too little contrast: light the sheet evenly."
        case .mirrorDistance: "Half of your face is not seen well: look straight, with even light."
        case .detection: "It is not sure that this is a face: look straight into the camera."
        default: nil
        }
    }
}
