// SPDX-License-Identifier: Apache-2.0

import Biometrics
import LikenessInterface
import Recognition

/// What a worker is asked to make of an image.
package struct ProbeRequest: Sendable {
    /// What the image is for.
    package enum Purpose: Sendable {
        /// It is to be stored: low quality is refused before it is embedded, and what a gallery keeps is made.
        case enrollment
        /// It is to be compared: low quality is measured, and the answer is the caller's.
        case comparison
        /// It is what a gallery has kept: the face that it was kept for is taken, no matter who else is on it.
        case importing
        /// Its faces are to be told, the largest ``PreparedFaces/limit`` of them, and not compared.
        case detection
        /// Each of these faces is to be compared.
        case groupComparison

        /// Whether it is answered with a probe for each face in place of one.
        var isOfEveryFace: Bool { self == .detection || self == .groupComparison }
    }

    let modality: Modality
    /// The base64 encoding of an image file.
    package let image: String
    /// Whether the largest of several faces is taken; of what a gallery has kept, the one that it was kept for is taken
    /// anyway.
    let takesLargestFace: Bool
    let purpose: Purpose
    /// The user whose share of the queue and of the workers it takes.
    var caller: UInt32
    /// Counts the faces of a picture of which every face is asked for; nil where nobody wants to know.
    let faces: LookedAtFaces?

    package init(
        modality: Modality, image: String, takesLargestFace: Bool, purpose: Purpose, caller: UInt32 = 0,
        faces: LookedAtFaces? = nil
    ) {
        self.modality = modality
        self.image = image
        self.takesLargestFace = takesLargestFace
        self.purpose = purpose
        self.caller = caller
        self.faces = faces
    }
}

/// What a worker made of an image.
package struct ProbedPicture: Sendable {
    /// The picture's size in pixels, upright.
    let width: Int
    let height: Int
    /// How many faces were found in it, and why it is refused where one is asked for.
    let found: Int
    let refusal: RecognitionError?
    /// The one that was asked for, or the largest by falling size.
    package let probes: [Probe]
    let model: ModelDigest

    /// The one probe of a request for one.
    ///
    /// - Throws: ``ServiceFailure/internal(message:)`` where there is none.
    package var probe: Probe {
        get throws(ServiceFailure) {
            guard let first = probes.first else { throw .internal(message: "a worker made nothing of a picture") }
            return first
        }
    }
}

/// A face or signature of an image, as a worker made it.
package struct Probe: Sendable {
    /// Nil where a picture that is not acceptable shows nothing to embed, as blank paper does, and where nothing is to
    /// be compared.
    package let embedding: Embedding?
    /// Where it is; nil for what is no face.
    let face: DetectedFace?
    /// Why nothing can be made of this face among several.
    let problem: RecognitionError?
    let measurements: [QualityMeasurement]
    /// What a gallery keeps of it; nil for a probe that is only compared.
    let stored: StoredForm?

    /// The forms in which a sample is kept and known again.
    struct StoredForm: Sendable {
        /// The part of the picture that another model can prepare, as a PNG or JPEG file, and its size in pixels.
        let image: [UInt8]
        let width: Int
        let height: Int
        /// SHA-256 of the file that was sent.
        let original: [UInt8]
    }

    /// Whether a decision may rest on it.
    var isAcceptable: Bool { problem == nil && unacceptable.isEmpty }

    /// The measurements that do not keep their limits.
    var unacceptable: [QualityMeasurement] { measurements.filter { !$0.isAcceptable } }
}
