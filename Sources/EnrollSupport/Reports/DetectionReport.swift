// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging
import LikenessInterface
import Recognition
import Wording

/// Every face of a picture: where it is, what was measured on it, and what would be refused.
public struct DetectionReport: Sendable, Encodable {
    public let image: String
    public let width: Int
    public let height: Int
    public let model: String
    /// Whether verification and enrolment would refuse the picture, because it shows nobody or several people.
    public let refusal: String?
    /// How many faces were found; ``faces`` holds the largest of them.
    public let found: Int
    /// By falling size, as the daemon's `Detect` tells them.
    public let faces: [WireFace]

    /// - Parameter image: the picture's name, for messages.
    public init(_ prepared: PreparedFaces, of picture: any PictureSource, image: String, model: ModelManifest) {
        self.image = image
        width = picture.width
        height = picture.height
        self.model = model.name
        found = prepared.found
        faces = prepared.faces.compactMap { prepared in
            prepared.face.map { WireFace($0, prepared.sample) }
        }
        refusal = prepared.refusal?.description
    }

    public var text: String {
        let told = found > faces.count ? ", of which the \(faces.count) largest are told" : ""
        let head = "\(image): \(width)×\(height) pixels, \(NumberText.count(found, "face"))\(told)\n"
        return head + (refusal.map { "  refused: \(PrintableText.of($0))\n" } ?? "")
            + faces.enumerated().map { text(of: $0.element, number: $0.offset + 1) }.joined()
    }

    private func text(of face: WireFace, number: Int) -> String {
        let values = face.measurements.map { "\($0.quantity) \(NumberText.decimal($0.value))" }.joined(separator: ", ")
        let size = "\(NumberText.whole(face.box.width))×\(NumberText.whole(face.box.height))"
        let place = "\(NumberText.whole(face.box.left)), \(NumberText.whole(face.box.top))"
        let landmarks = face.landmarks.map { "\(NumberText.whole($0.x)), \(NumberText.whole($0.y))" }
        return "  face \(number): \(size) at \(place): \(face.acceptable ? "usable" : "not usable")\n"
            + "    \(face.landmarkLayout) at \(landmarks.joined(separator: "; "))\n    \(values)\n"
            + face.complaints.map { "    \(PrintableText.of($0))\n" }.joined()
    }
}

extension WireFace {
    fileprivate init(_ face: DetectedFace, _ sample: Result<PreparedSample, RecognitionError>) {
        let measurements: [WireMeasurement], complaints: [String]
        switch sample {
        case .success(let sample):
            (measurements, complaints) = (
                sample.measurements.map(WireMeasurement.init), sample.defects.map(\.description)
            )
        case .failure(let problem): (measurements, complaints) = ([], [problem.description])
        }
        self.init(
            box: WireBox(left: face.box.left, top: face.box.top, width: face.box.width, height: face.box.height),
            landmarks: face.landmarks.map { WirePoint(x: $0.x, y: $0.y) }, landmarkLayout: face.landmarkLayout.rawValue,
            measurements: measurements, complaints: complaints)
    }
}
