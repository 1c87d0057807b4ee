// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `io.likeness.Verification.Verify`: compares a probe with one identity.
public struct Verify: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "Verify"
    package static let rules = MethodRules(role: .verifySelf, stop: .refuses, audit: .whereConfigured)

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

    package var subject: String? { identity }
    package static func outcome(of reply: Reply) -> String? { reply.result.rawValue }

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

/// `io.likeness.Verification.Identify`: finds the identities nearest to a probe.
public struct Identify: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "Identify"
    package static let rules = MethodRules(role: .verify, stop: .refuses, audit: .whereConfigured)

    /// How many candidates a caller may ask for.
    public static let limits = 1...100
    /// How many candidates an answer holds at most when the caller does not say.
    public static let defaultLimit = 5

    public let image: String
    public let modality: Modality?
    public let operatingPoint: Double?
    /// The false-positive identification rate that chooses the threshold; nil for one by ``operatingPoint``.
    public let identificationRate: Double?
    public let limit: Int?
    public let largest: Bool?
    /// The user for whom a relay asks, by number; nil for the caller itself.
    public let user: Int?

    private enum CodingKeys: String, CodingKey {
        case image
        case modality
        case operatingPoint = "operating_point"
        case identificationRate = "false_positive_identification_rate"
        case limit
        case largest
        case user
    }

    public init(
        image: String,
        modality: Modality? = nil,
        operatingPoint: Double? = nil,
        identificationRate: Double? = nil,
        limit: Int? = nil,
        largest: Bool? = nil,
        user: Int? = nil
    ) {
        self.image = image
        self.modality = modality
        self.operatingPoint = operatingPoint
        self.identificationRate = identificationRate
        self.limit = limit
        self.largest = largest
        self.user = user
    }

    package static func subject(of reply: Reply) -> String? {
        reply.result == .match ? reply.candidates.first?.identity : nil
    }
    package static func outcome(of reply: Reply) -> String? { reply.result.rawValue }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let result: WireResult
        /// For a caller without the grant *score* only the identities that match.
        public let candidates: [WireCandidate]
        /// Nil for a caller without the grant *score*.
        public let threshold: Double?
        public let operatingPoint: Double
        /// The share of skilled forgeries that match there; nil where none were measured.
        public let skilledFalseMatchRate: Double?
        /// How often a stranger is taken for somebody there; nil from a daemon that does not tell.
        public let falsePositiveIdentification: WireIdentificationRate?
        public let measurements: [WireMeasurement]
        public let unacceptable: [WireMeasurement]
        public let message: String
        public let model: String
        public let generation: Int

        private enum CodingKeys: String, CodingKey {
            case result
            case candidates
            case threshold
            case operatingPoint = "operating_point"
            case skilledFalseMatchRate = "skilled_false_match_rate"
            case falsePositiveIdentification = "false_positive_identification"
            case measurements
            case unacceptable
            case message
            case model
            case generation
        }

        public init(
            result: WireResult,
            candidates: [WireCandidate],
            threshold: Double?,
            operatingPoint: Double,
            skilledFalseMatchRate: Double? = nil,
            falsePositiveIdentification: WireIdentificationRate? = nil,
            measurements: [WireMeasurement],
            unacceptable: [WireMeasurement],
            message: String,
            model: String,
            generation: Int
        ) {
            self.result = result
            self.candidates = candidates
            self.threshold = threshold
            self.operatingPoint = operatingPoint
            self.skilledFalseMatchRate = skilledFalseMatchRate
            self.falsePositiveIdentification = falsePositiveIdentification
            self.measurements = measurements
            self.unacceptable = unacceptable
            self.message = message
            self.model = model
            self.generation = generation
        }
    }
}

/// `IdentificationRate` of `io.likeness.Verification`: how often a search takes a stranger for somebody.
public struct WireIdentificationRate: Sendable, Hashable, Codable {
    /// The false-positive identification rate, 1 − (1 − FMR)^N.
    public let rate: Double
    /// N times the upper end of the FMR's 95 % interval, at most 1.
    public let upperBound: Double
    /// N: how many references the probe was compared with.
    public let references: Int

    private enum CodingKeys: String, CodingKey {
        case rate
        case upperBound = "upper_bound"
        case references
    }

    public init(rate: Double, upperBound: Double, references: Int) {
        self.rate = rate
        self.upperBound = upperBound
        self.references = references
    }
}
