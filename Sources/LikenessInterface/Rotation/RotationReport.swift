// SPDX-License-Identifier: Apache-2.0

/// `Refusal` of `io.likeness.Admin`: a sample that a model made nothing of.
public struct WireRefusal: Sendable, Hashable, Codable {
    public let identity: String
    public let sample: Int
    public let reason: String

    public init(identity: String, sample: Int, reason: String) {
        self.identity = identity
        self.sample = sample
        self.reason = reason
    }
}

/// `Separation` of `io.likeness.Admin`: how well one model tells the identities of a gallery apart.
public struct WireSeparation: Sendable, Hashable, Codable {
    public let genuinePairs: Int
    public let impostorPairs: Int
    /// In [0, 1]; nil where there are no pairs of either kind.
    public let equalErrorRate: Double?
    /// The 95 % confidence interval of the rate, by drawing identities with replacement.
    public let lower: Double?
    public let upper: Double?

    private enum CodingKeys: String, CodingKey {
        case genuinePairs = "genuine_pairs"
        case impostorPairs = "impostor_pairs"
        case equalErrorRate = "equal_error_rate"
        case lower
        case upper
    }

    public init(
        genuinePairs: Int,
        impostorPairs: Int,
        equalErrorRate: Double? = nil,
        lower: Double? = nil,
        upper: Double? = nil
    ) {
        self.genuinePairs = genuinePairs
        self.impostorPairs = impostorPairs
        self.equalErrorRate = equalErrorRate
        self.lower = lower
        self.upper = upper
    }
}

/// `Disagreement` of `io.likeness.Admin`: an identity whose own samples no longer all match one another.
public struct WireDisagreement: Sendable, Hashable, Codable {
    public let identity: String
    public let sample: Int?
    /// Like the threshold, nil for a caller without the grant *score*.
    public let distance: Double?
    /// A distance too.
    public let threshold: Double?

    public init(identity: String, sample: Int? = nil, distance: Double?, threshold: Double?) {
        self.identity = identity
        self.sample = sample
        self.distance = distance
        self.threshold = threshold
    }
}

/// `RotationReport` of `io.likeness.Admin`: what a rotation found before its activation.
public struct WireRotationReport: Sendable, Hashable, Codable {
    /// How many refusals and disagreements are told one by one.
    public static let listed = 100

    public let samples: Int
    public let embedded: Int
    public let refused: Int
    /// At most ``listed`` of them.
    public let refusals: [WireRefusal]
    public let before: WireSeparation
    public let after: WireSeparation
    public let disagreeing: Int
    /// At most ``listed`` of them.
    public let disagreements: [WireDisagreement]
    public let equalErrorRateRise: Double?
    public let maxDrop: Double
    public let acceptable: Bool
    public let objections: [String]

    private enum CodingKeys: String, CodingKey {
        case samples
        case embedded
        case refused
        case refusals
        case before
        case after
        case disagreeing
        case disagreements
        case equalErrorRateRise = "equal_error_rate_rise"
        case maxDrop = "max_drop"
        case acceptable
        case objections
    }

    public init(
        samples: Int,
        embedded: Int,
        refused: Int,
        refusals: [WireRefusal],
        before: WireSeparation,
        after: WireSeparation,
        disagreeing: Int,
        disagreements: [WireDisagreement],
        equalErrorRateRise: Double? = nil,
        maxDrop: Double,
        acceptable: Bool,
        objections: [String]
    ) {
        self.samples = samples
        self.embedded = embedded
        self.refused = refused
        self.refusals = refusals
        self.before = before
        self.after = after
        self.disagreeing = disagreeing
        self.disagreements = disagreements
        self.equalErrorRateRise = equalErrorRateRise
        self.maxDrop = maxDrop
        self.acceptable = acceptable
        self.objections = objections
    }
}
