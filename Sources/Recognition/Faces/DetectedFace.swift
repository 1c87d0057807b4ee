// SPDX-License-Identifier: Apache-2.0

import Imaging

/// One face that a detector found, in pixels of the image it was given (never of a resized copy).
///
/// The centre of the top-left pixel is (0, 0); x grows to the right, y downwards.
public struct DetectedFace: Sendable, Hashable {
    /// The face's bounding box; it may reach over the image's edge.
    public let box: Rectangle
    /// Five points, in the order that ``landmarkLayout`` states.
    public let landmarks: [Point]
    /// What the five points are.
    public let landmarkLayout: LandmarkLayout
    /// The detector's confidence on its own scale; larger is surer.
    public let confidence: Double

    public init(box: Rectangle, landmarks: [Point], landmarkLayout: LandmarkLayout, confidence: Double) {
        self.box = box
        self.landmarks = landmarks
        self.landmarkLayout = landmarkLayout
        self.confidence = confidence
    }

    /// The shorter side of the box, in pixels: what the quality limits call the face's size.
    public var size: Double { min(box.width, box.height) }
}

/// Which five points of a face a detector delivers, and in what order.
///
/// "Left" and "right" are those of the *image*, so that no reader has to turn the subject round.
public enum LandmarkLayout: String, Sendable, Hashable, CaseIterable {
    /// Left eye's centre, right eye's centre, tip of the nose, left and right corner of the mouth: YuNet,
    /// RetinaFace, MTCNN; what ArcFace alignment needs.
    case eyesNoseMouth = "eyes-nose-mouth"
    /// dlib's five points: right eye's outer and inner corner, left eye's outer and inner corner, base of the nose.
    case eyeCornersNose = "eye-corners-nose"
}

extension [DetectedFace] {
    /// Of faces in one place the surest, by falling confidence.
    ///
    /// - Parameter overlapUnion: faces that share more than this of their union are in one place.
    func distinct(overlapUnion: Double) -> [DetectedFace] {
        // More than this are noise, and the comparison is quadratic.
        let ranked = sorted { $0.confidence > $1.confidence }.prefix(5000)
        var kept: [DetectedFace] = []
        for face in ranked where kept.allSatisfy({ $0.box.intersectionOverUnion(with: face.box) <= overlapUnion }) {
            kept.append(face)
        }
        return kept
    }
}
