// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Imaging
import Recognition

/// A model as the service uses it: what it is, how its distances are read, and sessions that embed.
public protocol Embedder: Sendable {
    var model: ModelDescription { get }
    /// What turns distances into decisions; nil for a model that was not calibrated.
    var calibration: Calibration? { get }
    /// How an identity's distance is taken when the mean of its samples is asked for.
    var meanRule: IdentityReference.Rule { get }
    /// Name and version of the network that it measures covered faces by; nil where that is not done.
    var faceCoverName: String? { get }

    /// What one worker embeds with. A session is used by one thread.
    func makeSession() throws(RecognitionError) -> any EmbedderSession
}

extension Embedder {
    public var faceCoverName: String? { nil }
}

extension EmbedderSession {
    public var detectionTime: Duration { .zero }
}

/// One worker's use of a model.
public protocol EmbedderSession: AnyObject {
    /// How long its detector has looked at pictures so far; zero where nothing is detected.
    var detectionTime: Duration { get }

    /// Makes a picture ready for the network, of which no more is read than that needs.
    /// - Parameter largest: whether the largest of several faces is taken instead of a refusal.
    func prepare(_ picture: any PictureSource, largest: Bool) throws(RecognitionError) -> PreparedSample

    /// Makes the largest faces of a picture ready, ``PreparedFaces/limit`` at most.
    /// - Parameter shouldStop: asked before each of them.
    func prepareAll(
        _ picture: any PictureSource, shouldStop: () -> Bool
    ) throws(RecognitionError) -> PreparedFaces

    /// Makes what a gallery has kept of an image ready for the network: the face that it was kept for, no matter who
    /// else is on it.
    func prepare(kept crop: any PictureSource) throws(RecognitionError) -> PreparedSample

    /// The embeddings of prepared samples, in their order.
    func embed(_ samples: [PreparedSample]) throws(RecognitionError) -> [Embedding]
}
