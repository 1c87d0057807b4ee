// SPDX-License-Identifier: Apache-2.0

import Imaging

/// The immutable part of a face detector with its landmarks; every worker makes its own session of it.
public protocol FaceLocator: Sendable {
    /// What the landmarks of the faces it finds are.
    var landmarkLayout: LandmarkLayout { get }
    /// The shorter side of the smallest face that it finds, in pixels of the picture that its network sees.
    var smallestFace: Double { get }
    /// The longer side of the smallest picture that its network is shown, in pixels; smaller ones are enlarged.
    var minimumSide: Int { get }
    /// The longer side of the first copy of a large picture that its network is shown, in pixels.
    var firstSide: Int { get }
    /// The longer side of the largest picture that its network sees at once, in pixels; larger ones are seen in tiles.
    var maximumSide: Int { get }
    /// From this confidence on a face stands as it was found, and does not lie on its side or on its head; nil where the
    /// detector may be as sure of a face that does.
    var uprightConfidence: Double? { get }

    /// - Throws: ``RecognitionError`` or a ``NetworkError`` when no session can be made.
    func makeSession() throws -> any FaceLocatorSession
}

/// One worker's detector with its buffers. Not `Sendable`: use it from one thread.
public protocol FaceLocatorSession: AnyObject {
    /// Finds the faces of a picture of any size.
    ///
    /// The session itself chooses the size it looks at (it shrinks photographs and enlarges small images as
    /// its model states) and answers in coordinates of `picture`, of which it reads no more than it needs.
    ///
    /// - Returns: the faces by falling confidence; empty when there is none.
    /// - Throws: ``RecognitionError``, a ``NetworkError``, or an ``ImagingError`` of the picture.
    func locate(in picture: any PictureSource) throws -> [DetectedFace]

    /// Finds the faces of a picture in a copy of it whose longer side has so many pixels, or as near to it as the network
    /// allows.
    ///
    /// - Parameter longerSide: at least 1; the work grows with its square.
    /// - Returns: as ``locate(in:)`` does, in coordinates of `picture`.
    func locate(in picture: any PictureSource, longerSide: Int) throws -> [DetectedFace]
}
