// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `io.likeness.Verification.Enroll`: adds one sample to an identity.
public struct Enroll: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "Enroll"
    package static let rules = MethodRules(role: .enrollSelf, stop: .refuses, audit: .withTheChange)

    public let identity: String
    public let image: String
    public let modality: Modality?
    public let largest: Bool?

    public init(identity: String, image: String, modality: Modality? = nil, largest: Bool? = nil) {
        self.identity = identity
        self.image = image
        self.modality = modality
        self.largest = largest
    }

    package var subject: String? { identity }
    package static func outcome(of reply: Reply) -> String? { "sample \(reply.sample)" }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let identity: String
        public let sample: Int
        public let samples: Int
        public let measurements: [WireMeasurement]
        public let warnings: [WireWarning]
        public let model: String

        public init(
            identity: String,
            sample: Int,
            samples: Int,
            measurements: [WireMeasurement],
            warnings: [WireWarning],
            model: String
        ) {
            self.identity = identity
            self.sample = sample
            self.samples = samples
            self.measurements = measurements
            self.warnings = warnings
            self.model = model
        }
    }
}

/// `io.likeness.Verification.Remove`: removes one sample, or the identity with all of them.
public struct Remove: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "Remove"
    package static let rules = MethodRules(role: .enrollSelf, stop: .refuses, audit: .withTheChange)

    public let identity: String
    public let sample: Int?

    public init(identity: String, sample: Int? = nil) {
        self.identity = identity
        self.sample = sample
    }

    package var subject: String? { identity }
    package static func outcome(of reply: Reply) -> String? { "\(reply.removed) removed" }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let removed: Int
        public let remaining: Int

        public init(removed: Int, remaining: Int) {
            self.removed = removed
            self.remaining = remaining
        }
    }
}

/// `io.likeness.Verification.Describe`: tells what is enrolled for one identity.
public struct Describe: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "Describe"
    package static let rules = MethodRules(role: .enrollSelf)

    public let identity: String

    public init(identity: String) {
        self.identity = identity
    }

    package var subject: String? { identity }

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let identity: WireIdentity
        public let samples: [WireSample]
        public let model: String

        public init(identity: WireIdentity, samples: [WireSample], model: String) {
            self.identity = identity
            self.samples = samples
            self.model = model
        }
    }
}

/// `io.likeness.Verification.List`: lists the identities by name, in pages when called with `more`.
public struct List: LikenessMethod, Hashable {
    package static let interface = InterfaceNames.verification
    package static let method = "List"
    package static let rules = MethodRules(role: .enroll)

    public init() {}

    /// What the daemon answers.
    public struct Reply: Sendable, Hashable, Codable {
        public let identities: [WireIdentity]

        public init(identities: [WireIdentity]) {
            self.identities = identities
        }
    }
}

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
