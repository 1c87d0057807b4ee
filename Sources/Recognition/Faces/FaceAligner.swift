// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Cuts the upright, centred chip that an embedding network wants out of a photograph.
public protocol FaceAligner: Sendable {
    /// The landmarks it can align by.
    var landmarkLayout: LandmarkLayout { get }
    /// The side of the square chip, in pixels.
    var chipSize: Int { get }

    /// The chip of `face`, cut from the image in which it was located, at that image's full resolution.
    ///
    /// - Throws: ``RecognitionError/landmarksUnusable(_:)`` when the points determine no alignment.
    func chip(of face: DetectedFace, in image: RGBImage) throws -> RGBImage
}
