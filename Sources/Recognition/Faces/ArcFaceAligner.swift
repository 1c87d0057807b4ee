// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Aligns a face as ArcFace (Deng et al. 2019) and the networks trained like it expect: the similarity that
/// brings the five landmarks nearest to standard places, in the sense of least squares.
public struct ArcFaceAligner: FaceAligner {
    public let chipSize: Int

    public var landmarkLayout: LandmarkLayout { .eyesNoseMouth }

    /// Left eye, right eye, tip of the nose, left and right corner of the mouth in a chip of 112×112 pixels.
    public static let standardLandmarks = [
        Point(x: 38.2946, y: 51.6963), Point(x: 73.5318, y: 51.5014), Point(x: 56.0252, y: 71.7366),
        Point(x: 41.5493, y: 92.3655), Point(x: 70.7299, y: 92.2041),
    ]
    static let standardSize = 112.0

    /// - Parameter chipSize: the side of the chip in pixels; the standard places grow with it.
    public init(chipSize: Int) {
        self.chipSize = chipSize
    }

    public func chip(of face: DetectedFace, in picture: any PictureSource) throws -> RGBImage {
        guard face.landmarkLayout == landmarkLayout else {
            throw RecognitionError.landmarksUnusable(
                "it has the landmarks “\(face.landmarkLayout.rawValue)”, and this alignment takes “\(landmarkLayout.rawValue)”"
            )
        }
        let factor = Double(chipSize) / Self.standardSize
        let positions = Self.standardLandmarks.map { Point(x: $0.x * factor, y: $0.y * factor) }
        guard let toChip = AffineTransform.similarity(from: face.landmarks, to: positions), let toImage = toChip.inverse
        else {
            throw RecognitionError.landmarksUnusable("its five landmarks lie in one place")
        }
        return try picture.chip(under: toImage, size: chipSize)
    }
}
