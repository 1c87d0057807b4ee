// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Cuts the upright, centred chip that an embedding network wants out of a photograph.
public protocol FaceAligner: Sendable {
    /// The landmarks it can align by.
    var landmarkLayout: LandmarkLayout { get }
    /// The side of the square chip, in pixels.
    var chipSize: Int { get }

    /// The chip of `face`, cut from the picture in which it was located, at that picture's full resolution.
    ///
    /// - Throws: ``RecognitionError/landmarksUnusable(_:)`` when the points determine no alignment, or an
    ///   ``ImagingError`` of the picture.
    func chip(of face: DetectedFace, in picture: any PictureSource) throws -> RGBImage
}
