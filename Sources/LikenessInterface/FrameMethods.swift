// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `io.likeness.Verification.VerifyFrames`: compares several frames of one attempt with one identity, and decides once.
public struct VerifyFrames: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "VerifyFrames"
    package static let rules = MethodRules(role: .verifySelf, stop: .refuses, audit: .whereConfigured)

    /// How many frames an attempt may have.
    public static let limits = 1...5

    public let identity: String
    /// Image files in base64, in the order in which they were taken.
    public let images: [String]
    public let operatingPoint: Double?
    public let largest: Bool?
    /// The user for whom a relay asks, by number; nil for the caller itself.
    public let user: Int?

    private enum CodingKeys: String, CodingKey {
        case identity
        case images
        case operatingPoint = "operating_point"
        case largest
        case user
    }

    public init(
        identity: String, images: [String], operatingPoint: Double? = nil, largest: Bool? = nil, user: Int? = nil
    ) {
        self.identity = identity
        self.images = images
        self.operatingPoint = operatingPoint
        self.largest = largest
        self.user = user
    }

    package var subject: String? { identity }
    package static func outcome(of reply: Reply) -> String? { reply.result.rawValue }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let identity: String
        /// That of the frames, which is the identity's.
        public let modality: Modality
        public let result: WireResult
        /// The number of the frame that the rest is about, from 1.
        public let frame: Int
        /// Like the score and the threshold, nil for a caller without the grant *score*.
        public let distance: Double?
        public let score: Double?
        public let threshold: Double?
        public let operatingPoint: Double
        /// How often an attempt with so many frames lets somebody else pass.
        public let attemptFalseMatchRate: Double
        /// The share of skilled forgeries that match there; nil where none were measured.
        public let skilledFalseMatchRate: Double?
        public let measurements: [WireMeasurement]
        public let unacceptable: [WireMeasurement]
        public let message: String
        public let model: String
        public let generation: Int

        private enum CodingKeys: String, CodingKey {
            case identity
            case modality
            case result
            case frame
            case distance
            case score
            case threshold
            case operatingPoint = "operating_point"
            case attemptFalseMatchRate = "attempt_false_match_rate"
            case skilledFalseMatchRate = "skilled_false_match_rate"
            case measurements
            case unacceptable
            case message
            case model
            case generation
        }

        /// The decision on one frame as that of an attempt.
        ///
        /// - Parameter frame: its number, from 1.
        public init(_ decision: Verify.Reply, modality: Modality, frame: Int) {
            identity = decision.identity
            self.modality = modality
            result = decision.result
            self.frame = frame
            distance = decision.distance
            score = decision.score
            threshold = decision.threshold
            operatingPoint = decision.operatingPoint
            attemptFalseMatchRate = decision.operatingPoint
            skilledFalseMatchRate = decision.skilledFalseMatchRate
            measurements = decision.measurements
            unacceptable = decision.unacceptable
            message = decision.message
            model = decision.model
            generation = decision.generation
        }
    }
}
