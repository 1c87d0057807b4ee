// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `ModelIdentity` of `io.likeness.Admin`: what is left of a model once it is no longer loaded.
public struct WireModelIdentity: Sendable, Hashable, Codable {
    public let digest: String
    public let name: String
    public let version: String
    public let modality: Modality
    public let embeddingSize: Int

    private enum CodingKeys: String, CodingKey {
        case digest
        case name
        case version
        case modality
        case embeddingSize = "embedding_size"
    }

    public init(digest: String, name: String, version: String, modality: Modality, embeddingSize: Int) {
        self.digest = digest
        self.name = name
        self.version = version
        self.modality = modality
        self.embeddingSize = embeddingSize
    }
}

/// `Generation` of `io.likeness.Admin`: one embedding of every sample of a modality, all by one model.
public struct WireGeneration: Sendable, Hashable, Codable {
    /// Where a generation is in its life.
    public enum State: String, Sendable, Hashable, Codable, CaseIterable {
        case building
        case active
        case retired
    }

    public let id: Int
    public let model: WireModelIdentity
    public let state: State
    /// Seconds since 1970-01-01T00:00:00Z.
    public let created: Int
    public let samples: Int
    /// How many samples its model made nothing of.
    public let refused: Int

    public init(id: Int, model: WireModelIdentity, state: State, created: Int, samples: Int, refused: Int) {
        self.id = id
        self.model = model
        self.state = state
        self.created = created
        self.samples = samples
        self.refused = refused
    }
}

/// `Rotation` of `io.likeness.Admin`: where a rotation is, or how it ended.
public struct WireRotation: Sendable, Hashable, Codable {
    /// What a rotation does, or how it ended.
    public enum Phase: String, Sendable, Hashable, Codable, CaseIterable {
        case embedding
        case measuring
        case activated
        /// The end of a dry run.
        case measured
        case refused
        case failed
        case cancelled

        /// Whether nothing follows.
        public var isEnd: Bool {
            switch self {
            case .embedding, .measuring: false
            case .activated, .measured, .refused, .failed, .cancelled: true
            }
        }
    }

    public let modality: Modality
    public let from: WireModelIdentity?
    public let to: WireModelIdentity
    public let dryRun: Bool
    public let phase: Phase
    public let done: Int
    public let total: Int
    public let secondsLeft: Double?
    public let message: String
    public let report: WireRotationReport?
    public let resumed: Bool

    private enum CodingKeys: String, CodingKey {
        case modality
        case from
        case to
        case dryRun = "dry_run"
        case phase
        case done
        case total
        case secondsLeft = "seconds_left"
        case message
        case report
        case resumed
    }

    public init(
        modality: Modality,
        from: WireModelIdentity? = nil,
        to: WireModelIdentity,
        dryRun: Bool,
        phase: Phase,
        done: Int,
        total: Int,
        secondsLeft: Double? = nil,
        message: String,
        report: WireRotationReport? = nil,
        resumed: Bool
    ) {
        self.modality = modality
        self.from = from
        self.to = to
        self.dryRun = dryRun
        self.phase = phase
        self.done = done
        self.total = total
        self.secondsLeft = secondsLeft
        self.message = message
        self.report = report
        self.resumed = resumed
    }
}

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
