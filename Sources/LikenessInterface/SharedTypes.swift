// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `QualityMeasurement` of `io.likeness.Verification`.
public struct WireMeasurement: Sendable, Hashable, Codable {
    public let quantity: String
    public let value: Double
    public let minimum: Double?
    public let maximum: Double?

    public init(quantity: String, value: Double, minimum: Double? = nil, maximum: Double? = nil) {
        self.quantity = quantity
        self.value = value
        self.minimum = minimum
        self.maximum = maximum
    }

    public init(_ measurement: QualityMeasurement) {
        self.init(
            quantity: measurement.quantity.rawValue, value: measurement.value,
            minimum: measurement.minimum, maximum: measurement.maximum)
    }
}

/// `Warning` of `io.likeness.Verification`: something to look at; it never stops an enrolment.
public struct WireWarning: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable {
        /// This very image is enrolled already.
        case duplicateSample = "duplicate_sample"
        /// The sample is within the threshold of another identity.
        case nearIdentity = "near_identity"
        /// The sample is not within the threshold of the identity's other samples.
        case unlikeOwnSamples = "unlike_own_samples"
    }

    public let kind: Kind
    public let message: String
    public let identity: String?
    public let sample: Int?
    public let distance: Double?

    public init(kind: Kind, message: String, identity: String? = nil, sample: Int? = nil, distance: Double? = nil) {
        self.kind = kind
        self.message = message
        self.identity = identity
        self.sample = sample
        self.distance = distance
    }
}

/// `Identity` of `io.likeness.Verification`. Times are seconds since 1970-01-01T00:00:00Z.
public struct WireIdentity: Sendable, Hashable, Codable {
    public let name: String
    public let modality: Modality
    public let samples: Int
    public let enrolled: Int
    public let updated: Int

    public init(name: String, modality: Modality, samples: Int, enrolled: Int, updated: Int) {
        self.name = name
        self.modality = modality
        self.samples = samples
        self.enrolled = enrolled
        self.updated = updated
    }
}

/// `Sample` of `io.likeness.Verification`.
public struct WireSample: Sendable, Hashable, Codable {
    public let number: Int
    public let enrolled: Int
    public let width: Int
    public let height: Int
    public let measurements: [WireMeasurement]

    public init(number: Int, enrolled: Int, width: Int, height: Int, measurements: [WireMeasurement]) {
        self.number = number
        self.enrolled = enrolled
        self.width = width
        self.height = height
        self.measurements = measurements
    }
}

/// `Candidate` of `io.likeness.Verification`.
public struct WireCandidate: Sendable, Hashable, Codable {
    public let identity: String
    /// Like the score, nil for a caller without the grant *score*.
    public let distance: Double?
    public let score: Double?

    public init(identity: String, distance: Double? = nil, score: Double? = nil) {
        self.identity = identity
        self.distance = distance
        self.score = score
    }
}

/// The three-way result of a comparison.
public enum WireResult: String, Sendable, Hashable, Codable {
    case match
    case noMatch = "no_match"
    case inconclusive
}
