// SPDX-License-Identifier: Apache-2.0

/// The faces of a picture, each made ready for the network as far as that goes.
public struct PreparedFaces: Sendable {
    /// The most faces that are made ready. Each may be looked at again and turned, which takes as long as a picture of
    /// one face does: a picture of hundreds would take minutes.
    public static let limit = 32

    /// One of them.
    public struct Face: Sendable {
        /// Where it is, as it was seen last; nil for what is no face.
        public let face: DetectedFace?
        /// What the network takes, or why it can take nothing: ``RecognitionError/landmarksUnusable(_:)``.
        public let sample: Result<PreparedSample, RecognitionError>

        public init(face: DetectedFace?, sample: Result<PreparedSample, RecognitionError>) {
            self.face = face
            self.sample = sample
        }

        /// A face of which there is a sample.
        public init(_ sample: PreparedSample) {
            self.init(face: sample.face, sample: .success(sample))
        }

        /// Whether a decision may rest on it.
        public var isAcceptable: Bool { (try? sample.get().isAcceptable) ?? false }
    }

    /// By falling size: the largest of those that were found.
    public let faces: [Face]
    /// How many were found.
    public let found: Int
    /// How many of those are no mere bystanders: at least a third as large as the largest.
    public let counted: Int

    public init(faces: [Face], found: Int, counted: Int) {
        self.faces = faces
        self.found = found
        self.counted = counted
    }

    /// Why a picture of these is refused where one face is asked for; nil where it is not.
    public var refusal: RecognitionError? {
        switch counted {
        case 0: .noFace
        case 1: nil
        case let count: .severalFaces(count: count)
        }
    }
}
