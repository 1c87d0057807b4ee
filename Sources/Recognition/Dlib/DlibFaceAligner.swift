// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Cuts dlib's face chip: upright, 150×150 with a margin of a quarter of the face unless stated otherwise.
///
/// Small images are enlarged first by the same rule as for detection, because dlib's users cut their chips
/// from the enlarged image.
public struct DlibFaceAligner: FaceAligner {
    public let scaling: MMODScaling
    public let chipSize: Int
    /// The margin on each side, as a share of the face's size.
    public let padding: Double

    public var landmarkLayout: LandmarkLayout { .eyeCornersNose }

    /// - Throws: ``InvalidMMODParameters`` unless the chip has 16 to 1024 pixels a side and the padding is in 0…2.
    public init(
        scaling: MMODScaling = .default, chipSize: Int = 150, padding: Double = 0.25
    ) throws(InvalidMMODParameters) {
        guard (16...1024).contains(chipSize) else {
            throw InvalidMMODParameters(reason: "the chip's size is \(chipSize), and 16…1024 pixels are possible")
        }
        guard (0...2).contains(padding) else {
            throw InvalidMMODParameters(reason: "the chip's padding is \(padding), and 0…2 is possible")
        }
        self.scaling = scaling
        self.chipSize = chipSize
        self.padding = padding
    }

    public func chip(of face: DetectedFace, in picture: any PictureSource) throws -> RGBImage {
        guard face.landmarkLayout == landmarkLayout else {
            throw RecognitionError.landmarksUnusable(
                "it has the landmarks “\(face.landmarkLayout.rawValue)”, and this alignment takes “\(landmarkLayout.rawValue)”"
            )
        }
        let working = try scaling.workingImage(of: picture)
        guard let chip = FaceChip(landmarks: face.landmarks.map(working.working), size: chipSize, padding: padding)
        else {
            throw RecognitionError.landmarksUnusable("its five landmarks lie in one place")
        }
        return try chip.cut(from: working.picture)
    }
}
