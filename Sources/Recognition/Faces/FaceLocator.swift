// SPDX-License-Identifier: Apache-2.0

import Imaging

/// The immutable part of a face detector with its landmarks; every worker makes its own session of it.
public protocol FaceLocator: Sendable {
    /// What the landmarks of the faces it finds are.
    var landmarkLayout: LandmarkLayout { get }

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
}
