// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging
import LikenessInterface
import Recognition
import Wording

/// Every face of a picture: where it is, what was measured on it, and what would be refused.
public struct DetectionReport: Sendable, Encodable {
    /// A point of the picture, the centre of whose top-left pixel is (0, 0).
    public struct Location: Sendable, Encodable {
        public let x: Double
        public let y: Double
    }

    public struct Box: Sendable, Encodable {
        public let left: Double
        public let top: Double
        public let width: Double
        public let height: Double
    }

    public struct Face: Sendable, Encodable {
        public let box: Box
        public let landmarks: [Location]
        /// What the landmarks are: a ``LandmarkLayout``.
        public let landmarkLayout: String
        public let measurements: [WireMeasurement]
        /// Whether a decision may rest on it.
        public let acceptable: Bool
        /// Why not, with what to do.
        public let complaints: [String]

        private enum CodingKeys: String, CodingKey {
            case box, landmarks, landmarkLayout = "landmark_layout", measurements, acceptable, complaints
        }
    }

    public let image: String
    public let width: Int
    public let height: Int
    public let model: String
    /// Whether verification and enrolment would refuse the picture, because it shows nobody or several people.
    public let refusal: String?
    /// By falling size.
    public let faces: [Face]

    /// - Parameters:
    ///   - samples: of the picture's faces, by falling size.
    ///   - image: the picture's name, for messages.
    public init(_ samples: [PreparedSample], of picture: any PictureSource, image: String, model: ModelManifest) {
        self.image = image
        width = picture.width
        height = picture.height
        self.model = model.name
        faces = samples.compactMap { sample in
            sample.face.map { face in
                Face(
                    box: Box(
                        left: face.box.left, top: face.box.top, width: face.box.width, height: face.box.height),
                    landmarks: face.landmarks.map { Location(x: $0.x, y: $0.y) },
                    landmarkLayout: face.landmarkLayout.rawValue,
                    measurements: sample.measurements.map(WireMeasurement.init), acceptable: sample.isAcceptable,
                    complaints: sample.defects.map(\.description))
            }
        }
        refusal =
            switch samples.first?.facesFound ?? 0 {
            case 0: RecognitionError.noFace.description
            case 1: nil
            case let count: RecognitionError.severalFaces(count: count).description
            }
    }

    public var text: String {
        let found = NumberText.count(faces.count, "face")
        let head = "\(image): \(width)×\(height) pixels, \(found)\n"
        return head + (refusal.map { "  refused: \(PrintableText.of($0))\n" } ?? "")
            + faces.enumerated().map { text(of: $0.element, number: $0.offset + 1) }.joined()
    }

    private func text(of face: Face, number: Int) -> String {
        let values = face.measurements.map { "\($0.quantity) \(NumberText.decimal($0.value))" }.joined(separator: ", ")
        let size = "\(Int(face.box.width.rounded()))×\(Int(face.box.height.rounded()))"
        let place = "\(Int(face.box.left.rounded())), \(Int(face.box.top.rounded()))"
        return "  face \(number): \(size) at \(place): \(face.acceptable ? "usable" : "not usable")\n    \(values)\n"
            + face.complaints.map { "    \(PrintableText.of($0))\n" }.joined()
    }
}
