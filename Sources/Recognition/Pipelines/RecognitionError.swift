// SPDX-License-Identifier: Apache-2.0

import Imaging
import NeuralNet

/// Why an image has no embedding.
///
/// A face that is too small, blurred or dark is no error: ``PreparedSample/defects`` says so, and the caller
/// decides (enrolment refuses it, verification answers *inconclusive*).
public enum RecognitionError: Error, Sendable, Equatable {
    /// The file is not an image we read, or exceeds the limits.
    case imageRejected(ImagingError)
    /// The detector found no face.
    case noFace
    /// The detector found more than one face, and the caller did not ask for the largest.
    case severalFaces(count: Int)
    /// The landmarks determine no alignment; the text says why.
    case landmarksUnusable(String)
    /// A prepared image does not have the size the network takes: it was prepared for another model.
    case wrongSampleSize(width: Int, height: Int, expectedWidth: Int, expectedHeight: Int)
    /// The network answered with a value that is not a finite number, or with a zero vector that cannot be normalised.
    case embeddingUnusable(String)
    /// The engine refused or failed.
    case network(NetworkError)
    /// Anything else; a defect of this program.
    case internalFailure(String)
}

extension RecognitionError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .imageRejected(let error):
            error.description
        case .noFace:
            "no face was found in this image; a mask, dark glasses, darkness and a turned head hide one: use a photograph that shows the whole face from the front, in good light"
        case .severalFaces(let count):
            "the image shows \(count) faces; crop it to one person"
        case .landmarksUnusable(let reason):
            "the face was found but cannot be aligned: \(reason); use a photograph that shows the face from the front"
        case .wrongSampleSize(let width, let height, let expectedWidth, let expectedHeight):
            "the prepared image has \(width)×\(height) pixels and this model takes \(expectedWidth)×\(expectedHeight); prepare it again with this model"
        case .embeddingUnusable(let reason):
            "the network's output cannot be used: \(reason)"
        case .network(let error):
            error.description
        case .internalFailure(let text):
            "recognition failed: \(text)"
        }
    }

    /// Turns whatever a detector or aligner threw into this error.
    static func wrapping(_ error: any Error) -> RecognitionError {
        switch error {
        case let error as RecognitionError: error
        case let error as ImagingError: .imageRejected(error)
        case let error as NetworkError: .network(error)
        default: .internalFailure("\(error)")
        }
    }
}
