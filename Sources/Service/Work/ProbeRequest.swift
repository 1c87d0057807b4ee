// SPDX-License-Identifier: Apache-2.0

import Biometrics

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

    package init(modality: Modality, image: String, takesLargestFace: Bool, purpose: Purpose, caller: UInt32 = 0) {
        self.modality = modality
        self.image = image
        self.takesLargestFace = takesLargestFace
        self.purpose = purpose
        self.caller = caller
    }
}

/// What a worker made of an image.
package struct Probe: Sendable {
    /// Nil where a picture that is not acceptable shows nothing to embed, as blank paper does.
    package let embedding: Embedding?
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

    /// The measurements that do not keep their limits.
    var unacceptable: [QualityMeasurement] { measurements.filter { !$0.isAcceptable } }
}
