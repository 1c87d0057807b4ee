// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `io.likeness.Verification.Detect`: finds the faces of a picture.
public struct Detect: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "Detect"
    package static let rules = MethodRules(role: .compare, stop: .refuses, audit: .whereConfigured)

    public let image: String
    /// The user for whom a relay asks, by number; nil for the caller itself.
    public let user: Int?

    public init(image: String, user: Int? = nil) {
        self.image = image
        self.user = user
    }

    package static func outcome(of reply: Reply) -> String? { "\(reply.found) found" }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        /// The picture's size in pixels, upright.
        public let width: Int
        public let height: Int
        /// How many faces were found; ``faces`` holds the largest of them.
        public let found: Int
        /// Why the picture is refused where one face is asked for; nil where it is not.
        public let refusal: String?
        /// By falling size.
        public let faces: [WireFace]
        public let model: String

        public init(width: Int, height: Int, found: Int, refusal: String?, faces: [WireFace], model: String) {
            self.width = width
            self.height = height
            self.found = found
            self.refusal = refusal
            self.faces = faces
            self.model = model
        }
    }
}

/// `io.likeness.Verification.Compare`: compares two pictures with one another.
public struct Compare: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "Compare"
    package static let rules = MethodRules(role: .compare, stop: .refuses, audit: .whereConfigured)

    public let first: String
    public let second: String
    public let modality: Modality?
    public let operatingPoint: Double?
    public let largest: Bool?
    /// The user for whom a relay asks, by number; nil for the caller itself.
    public let user: Int?

    private enum CodingKeys: String, CodingKey {
        case first
        case second
        case modality
        case operatingPoint = "operating_point"
        case largest
        case user
    }

    public init(
        first: String, second: String, modality: Modality? = nil, operatingPoint: Double? = nil, largest: Bool? = nil,
        user: Int? = nil
    ) {
        self.first = first
        self.second = second
        self.modality = modality
        self.operatingPoint = operatingPoint
        self.largest = largest
        self.user = user
    }

    package static func outcome(of reply: Reply) -> String? { reply.result.rawValue }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let result: WireResult
        /// Like the score and the threshold, nil for a caller without the grant *score*.
        public let distance: Double?
        public let score: Double?
        public let threshold: Double?
        public let operatingPoint: Double
        /// The share of skilled forgeries that match there; nil where none were measured.
        public let skilledFalseMatchRate: Double?
        public let first: WireMeasuredPicture
        public let second: WireMeasuredPicture
        public let message: String
        public let model: String

        private enum CodingKeys: String, CodingKey {
            case result
            case distance
            case score
            case threshold
            case operatingPoint = "operating_point"
            case skilledFalseMatchRate = "skilled_false_match_rate"
            case first
            case second
            case message
            case model
        }

        public init(
            result: WireResult, distance: Double?, score: Double?, threshold: Double?, operatingPoint: Double,
            skilledFalseMatchRate: Double? = nil, first: WireMeasuredPicture, second: WireMeasuredPicture,
            message: String, model: String
        ) {
            self.result = result
            self.distance = distance
            self.score = score
            self.threshold = threshold
            self.operatingPoint = operatingPoint
            self.skilledFalseMatchRate = skilledFalseMatchRate
            self.first = first
            self.second = second
            self.message = message
            self.model = model
        }
    }
}

/// `MeasuredPicture` of `io.likeness.Verification`: what was measured on one of two pictures.
public struct WireMeasuredPicture: Sendable, Hashable, Codable {
    public let measurements: [WireMeasurement]
    /// Those that are out of their limits.
    public let unacceptable: [WireMeasurement]

    public init(measurements: [WireMeasurement], unacceptable: [WireMeasurement]) {
        self.measurements = measurements
        self.unacceptable = unacceptable
    }
}
