// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// `OperatingPoint` of `io.likeness.Admin`. Rates and thresholds are in [0, 1].
public struct WireOperatingPoint: Sendable, Hashable, Codable {
    public let falseMatchRate: Double
    /// Nil for a caller without the grant *score*.
    public let threshold: Double?
    public let upperBound: Double
    /// The share of skilled forgeries that match; nil where none were measured.
    public let skilledFalseMatchRate: Double?

    private enum CodingKeys: String, CodingKey {
        case falseMatchRate = "false_match_rate"
        case threshold
        case upperBound = "upper_bound"
        case skilledFalseMatchRate = "skilled_false_match_rate"
    }

    public init(falseMatchRate: Double, threshold: Double?, upperBound: Double, skilledFalseMatchRate: Double? = nil) {
        self.falseMatchRate = falseMatchRate
        self.threshold = threshold
        self.upperBound = upperBound
        self.skilledFalseMatchRate = skilledFalseMatchRate
    }
}

/// `Model` of `io.likeness.Admin`.
public struct WireModel: Sendable, Hashable, Codable {
    public let digest: String
    public let name: String
    public let version: String
    public let modality: Modality
    public let embeddingSize: Int
    public let calibrationSet: String
    public let operatingPoints: [WireOperatingPoint]
    /// The false-match rate of the point that decides when a caller names none; nil where nothing is decided by the
    /// model.
    public let operatingPoint: Double?

    private enum CodingKeys: String, CodingKey {
        case digest
        case name
        case version
        case modality
        case embeddingSize = "embedding_size"
        case calibrationSet = "calibration_set"
        case operatingPoints = "operating_points"
        case operatingPoint = "operating_point"
    }

    public init(
        digest: String,
        name: String,
        version: String,
        modality: Modality,
        embeddingSize: Int,
        calibrationSet: String,
        operatingPoints: [WireOperatingPoint],
        operatingPoint: Double? = nil
    ) {
        self.digest = digest
        self.name = name
        self.version = version
        self.modality = modality
        self.embeddingSize = embeddingSize
        self.calibrationSet = calibrationSet
        self.operatingPoints = operatingPoints
        self.operatingPoint = operatingPoint
    }
}
