// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging

/// How a face lies in a picture, as far as its five landmarks tell.
public struct FaceGeometry: Sendable, Hashable {
    /// By how much the head is tilted, in degrees in −180…180: 0 is upright, positive is clockwise as one looks at the
    /// picture, ±180 is upside down.
    public let roll: Double
    /// How far the head is turned to a side, in degrees in −90…90: 0 looks into the camera, positive to the right of the
    /// picture. An estimate from where the nose lies between the eyes, by the proportions of a mean head.
    public let yaw: Double
    /// The distance of the eyes' centres, in pixels.
    public let interEyeDistance: Double
    /// How far the landmarks are from those of a mean face in the same position: the root of the mean square, as a share
    /// of the distance of the eyes in the mean face. What is no face, or is seen wrongly, is far from it.
    public let deviation: Double

    /// Nil when the landmarks lie in one point.
    public init?(landmarks: [Point], layout: LandmarkLayout) {
        let mean = layout.meanLandmarks
        guard landmarks.count == mean.count, let fit = SimilarityFit(from: mean, to: landmarks) else { return nil }
        let scale = (fit.cosine * fit.cosine + fit.sine * fit.sine).squareRoot()
        let meanEyes = layout.eyes(mean), eyes = layout.eyes(landmarks)
        let meanDistance = meanEyes.left.distance(to: meanEyes.right)
        interEyeDistance = eyes.left.distance(to: eyes.right)
        guard scale > 1e-6, scale.isFinite, interEyeDistance > 1e-6 else { return nil }
        roll = atan2(fit.sine, fit.cosine) * 180 / .pi
        let square = zip(mean, landmarks).reduce(0.0) { sum, pair in
            let offset = pair.1.distance(to: fit.applied(to: pair.0))
            return sum + offset * offset
        }
        deviation = (square / Double(mean.count)).squareRoot() / (scale * meanDistance)

        // Along the line of the eyes, where the nose is from the middle between them: it stands out from the plane of
        // the eyes, so that it moves to the side that the head turns to.
        let middle = Point(x: (eyes.left.x + eyes.right.x) / 2, y: (eyes.left.y + eyes.right.y) / 2)
        let along = Point(
            x: (eyes.right.x - eyes.left.x) / interEyeDistance, y: (eyes.right.y - eyes.left.y) / interEyeDistance)
        let nose = landmarks[layout.nose]
        let offset = ((nose.x - middle.x) * along.x + (nose.y - middle.y) * along.y) / interEyeDistance
        yaw = atan(offset / layout.noseProtrusion) * 180 / .pi
    }
}

extension DetectedFace {
    /// Nil when the landmarks lie in one point.
    public var geometry: FaceGeometry? { FaceGeometry(landmarks: landmarks, layout: landmarkLayout) }
}

extension LandmarkLayout {
    /// The landmarks of a mean face that is upright and looks into the camera, in a unit of their own.
    var meanLandmarks: [Point] {
        switch self {
        case .eyesNoseMouth: ArcFaceAligner.standardLandmarks
        case .eyeCornersNose: FaceChip.meanLandmarks
        }
    }

    /// The index of the nose.
    var nose: Int {
        switch self {
        case .eyesNoseMouth: 2
        case .eyeCornersNose: 4
        }
    }

    /// How far the nose's landmark stands out from the eyes, as a share of their distance: the tip, and the base, of a
    /// mean head.
    var noseProtrusion: Double {
        switch self {
        case .eyesNoseMouth: 0.5
        case .eyeCornersNose: 0.3
        }
    }

    /// The centres of both eyes, as the picture shows them when the head is upright.
    func eyes(_ landmarks: [Point]) -> (left: Point, right: Point) {
        func middle(_ a: Point, _ b: Point) -> Point { Point(x: (a.x + b.x) / 2, y: (a.y + b.y) / 2) }
        return switch self {
        case .eyesNoseMouth: (landmarks[0], landmarks[1])
        case .eyeCornersNose: (middle(landmarks[2], landmarks[3]), middle(landmarks[0], landmarks[1]))
        }
    }
}
