// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// The answer to "is this probe of that identity?", with all it rests on.
public struct Decision: Sendable, Hashable {
    public enum Result: String, Sendable, Hashable, CaseIterable {
        case match
        case noMatch = "no_match"
        /// The probe's quality supports neither.
        case inconclusive
    }

    public let result: Result
    /// The probe's distance to the identity.
    public let distance: Double
    /// The calibrated probability of *same* at equal priors, in [0, 1].
    public let score: Double
    /// The score from which on the probe matches; what ``OperatingPoint/threshold`` is as a score.
    public let threshold: Double
    public let operatingPoint: OperatingPoint
    /// The model that made the embeddings.
    public let model: ModelDigest

    /// - Parameter isProbeAcceptable: whether the probe keeps its quality limits; if not, the result is
    ///   *inconclusive* whatever the distance.
    public init(
        distance: Double, isProbeAcceptable: Bool, calibration: Calibration, operatingPoint: OperatingPoint,
        model: ModelDigest
    ) {
        self.distance = distance
        self.operatingPoint = operatingPoint
        self.model = model
        score = calibration.score(distance: distance)
        threshold = calibration.score(distance: operatingPoint.threshold)
        if !isProbeAcceptable {
            result = .inconclusive
        } else {
            // By distance, which is exact where scores have saturated. What is not a number never matches.
            result = distance <= operatingPoint.threshold ? .match : .noMatch
        }
    }
}
