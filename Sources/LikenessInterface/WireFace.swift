// SPDX-License-Identifier: Apache-2.0

/// `Box` of `io.likeness.Verification`: a part of a picture, in its pixels. It may reach over the edge.
public struct WireBox: Sendable, Hashable, Codable {
    public let left: Double
    public let top: Double
    public let width: Double
    public let height: Double

    public init(left: Double, top: Double, width: Double, height: Double) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }
}

/// `Point` of `io.likeness.Verification`: the centre of the top-left pixel is (0, 0).
public struct WirePoint: Sendable, Hashable, Codable {
    public let x: Double
    public let y: Double

    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

/// `Face` of `io.likeness.Verification`: where a face is, what was measured on it, and whether a decision may rest on
/// it.
public struct WireFace: Sendable, Hashable, Codable {
    public let box: WireBox
    public let landmarks: [WirePoint]
    /// What the landmarks are: `eyes-nose-mouth` or `eye-corners-nose`.
    public let landmarkLayout: String
    public let measurements: [WireMeasurement]
    public let acceptable: Bool
    /// Why not, each with what to do.
    public let complaints: [String]

    private enum CodingKeys: String, CodingKey {
        case box, landmarks, landmarkLayout = "landmark_layout", measurements, acceptable, complaints
    }

    /// - Parameter complaints: an acceptable face has none.
    public init(
        box: WireBox, landmarks: [WirePoint], landmarkLayout: String, measurements: [WireMeasurement],
        complaints: [String]
    ) {
        self.box = box
        self.landmarks = landmarks
        self.landmarkLayout = landmarkLayout
        self.measurements = measurements
        self.complaints = complaints
        acceptable = complaints.isEmpty
    }
}
