// SPDX-License-Identifier: Apache-2.0

/// `io.likeness.Verification.Verify`: compares a probe with one identity.
public enum VerifyMethod {
    /// The fully qualified name of the method.
    public static let name = "io.likeness.Verification.Verify"

    /// What the caller sends.
    public struct Parameters: Sendable, Hashable, Codable {
        public let identity: String
        public let image: String
        public let operatingPoint: Double?
        public let largest: Bool?
        /// The user for whom a relay asks, by number; nil for the caller itself.
        public let user: Int?

        private enum CodingKeys: String, CodingKey {
            case identity
            case image
            case operatingPoint = "operating_point"
            case largest
            case user
        }

        public init(
            identity: String, image: String, operatingPoint: Double? = nil, largest: Bool? = nil, user: Int? = nil
        ) {
            self.identity = identity
            self.image = image
            self.operatingPoint = operatingPoint
            self.largest = largest
            self.user = user
        }
    }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let identity: String
        public let result: WireResult
        /// Like the score and the threshold, nil for a caller without the grant *score*.
        public let distance: Double?
        public let score: Double?
        public let threshold: Double?
        public let operatingPoint: Double
        /// The share of skilled forgeries that match there; nil where none were measured.
        public let skilledFalseMatchRate: Double?
        public let measurements: [WireMeasurement]
        public let unacceptable: [WireMeasurement]
        public let message: String
        public let model: String
        public let generation: Int

        private enum CodingKeys: String, CodingKey {
            case identity
            case result
            case distance
            case score
            case threshold
            case operatingPoint = "operating_point"
            case skilledFalseMatchRate = "skilled_false_match_rate"
            case measurements
            case unacceptable
            case message
            case model
            case generation
        }

        public init(
            identity: String,
            result: WireResult,
            distance: Double?,
            score: Double?,
            threshold: Double?,
            operatingPoint: Double,
            skilledFalseMatchRate: Double? = nil,
            measurements: [WireMeasurement],
            unacceptable: [WireMeasurement],
            message: String,
            model: String,
            generation: Int
        ) {
            self.identity = identity
            self.result = result
            self.distance = distance
            self.score = score
            self.threshold = threshold
            self.operatingPoint = operatingPoint
            self.skilledFalseMatchRate = skilledFalseMatchRate
            self.measurements = measurements
            self.unacceptable = unacceptable
            self.message = message
            self.model = model
            self.generation = generation
        }
    }
}
