// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging

/// An image made ready for the network: the aligned face, the signature on its canvas, the scaled glyph.
///
/// Its ``image`` is all that an embedding depends on. Only a model with the same input can embed that again, so that a
/// gallery keeps what ``source(in:)`` makes.
public struct PreparedSample: Sendable {
    /// What the network sees, before normalisation. A grey modality has equal channels.
    public let image: RGBImage
    /// What was measured on the way, each with its limits.
    public let measurements: [QualityMeasurement]
    /// How many faces the detector found; 1 for other modalities and for a sample read back.
    public let facesFound: Int
    /// The face the chip was cut from, in coordinates of the original image.
    public let face: DetectedFace?
    /// The part of the original image that another model needs.
    public let region: SourceRegion

    public init(
        image: RGBImage, measurements: [QualityMeasurement], facesFound: Int = 1, face: DetectedFace? = nil,
        region: SourceRegion = .whole
    ) {
        self.image = image
        self.measurements = measurements
        self.facesFound = facesFound
        self.face = face
        self.region = region
    }

    /// Whether every measurement keeps its limits.
    public var isAcceptable: Bool { measurements.allSatisfy(\.isAcceptable) }

    /// The measurements that do not keep their limits.
    public var unacceptable: [QualityMeasurement] { measurements.filter { !$0.isAcceptable } }

    /// The same, as typed outcomes with words for a person.
    public var defects: [QualityDefect] { unacceptable.compactMap(QualityDefect.init) }
}
