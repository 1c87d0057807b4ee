// SPDX-License-Identifier: Apache-2.0

import Recognition

/// The errors against one kind of impostor, as `--json` prints them.
///
/// `comparisons` with impostors; `independent_comparisons`, those of one draw, which bounds rest on;
/// `equal_error_rate` and its `threshold`, a distance; `interval` {`low`, `high`, `confidence`, `resamples`, `over`
/// (`identities` or `pairs`)} or null; `points`, for each false match rate the `threshold` that keeps it, the
/// `false_non_match_rate` there, what both are at most with 95 % confidence, and whether the claim is `supported` by
/// comparisons enough (the rule of three).
public struct EvaluatedErrors: Sendable, Encodable {
    public struct Interval: Sendable, Encodable {
        public let low: Double
        public let high: Double
        public let confidence: Double
        public let resamples: Int
        public let over: String
    }

    public struct Point: Sendable, Encodable {
        public let falseMatchRate: Double
        public let threshold: Double
        public let falseNonMatchRate: Double
        public let falseNonMatchUpperBound: Double
        public let falseMatchUpperBound: Double
        public let supported: Bool

        private enum CodingKeys: String, CodingKey {
            case falseMatchRate = "false_match_rate", threshold, falseNonMatchRate = "false_non_match_rate"
            case falseNonMatchUpperBound = "false_non_match_upper_bound", falseMatchUpperBound =
                "false_match_upper_bound", supported
        }
    }

    public let comparisons: Int
    public let independentComparisons: Int
    public let equalErrorRate: Double
    public let threshold: Double
    public let interval: Interval?
    public let points: [Point]

    private enum CodingKeys: String, CodingKey {
        case comparisons, independentComparisons = "independent_comparisons", equalErrorRate = "equal_error_rate",
            threshold, interval
        case points
    }

    init(_ rates: ErrorRates) {
        self.init(
            rates.equalErrorRate, comparisons: rates.evaluation.impostor.count, independent: rates.impostorCount,
            interval: rates.interval,
            points: rates.points)
    }

    /// Of several sets, each of which weighs the same.
    init(_ rates: PooledErrorRates) {
        self.init(
            rates.equalErrorRate, comparisons: rates.evaluation.impostorCount, independent: rates.impostorCount,
            interval: rates.interval,
            points: rates.points)
    }

    private init(
        _ equal: EqualErrorRate, comparisons: Int, independent: Int, interval: BootstrapInterval?,
        points: [FalseMatchPoint]
    ) {
        self.comparisons = comparisons
        independentComparisons = independent
        equalErrorRate = equal.rate
        threshold = equal.threshold
        self.interval = interval.map {
            Interval(
                low: $0.low, high: $0.high, confidence: $0.confidence, resamples: $0.resamples, over: $0.unit.rawValue)
        }
        self.points = points.map {
            Point(
                falseMatchRate: $0.falseMatchRate, threshold: $0.threshold, falseNonMatchRate: $0.falseNonMatchRate,
                falseNonMatchUpperBound: $0.falseNonMatchRateUpperBound,
                falseMatchUpperBound: $0.falseMatchRateUpperBound,
                supported: $0.isSupported)
        }
    }
}

/// What the threshold that a model's own calibration sets for a false match rate does on other data. Rates of kinds
/// that there are not are null.
public struct ModelThreshold: Sendable, Encodable {
    /// What the calibration promises.
    public let falseMatchRate: Double
    /// A distance.
    public let threshold: Double
    public let falseNonMatchRate: Double
    public let randomFalseMatchRate: Double?
    public let skilledFalseMatchRate: Double?

    private enum CodingKeys: String, CodingKey {
        case falseMatchRate = "false_match_rate", threshold, falseNonMatchRate = "false_non_match_rate"
        case randomFalseMatchRate = "random_false_match_rate", skilledFalseMatchRate = "skilled_false_match_rate"
    }

    static func all(_ calibration: Calibration?, random: ErrorRates?, skilled: ErrorRates?) -> [ModelThreshold] {
        guard let genuine = random ?? skilled else { return [] }
        return all(
            calibration, falseNonMatchRate: genuine.evaluation.falseNonMatchRate(at:),
            random: random.map { $0.evaluation.falseMatchRate(at:) },
            skilled: skilled.map { $0.evaluation.falseMatchRate(at:) })
    }

    static func all(_ calibration: Calibration?, pooled: PooledResult) -> [ModelThreshold] {
        guard let genuine = pooled.random ?? pooled.skilled else { return [] }
        return all(
            calibration, falseNonMatchRate: genuine.evaluation.falseNonMatchRate(at:),
            random: pooled.random.map { $0.evaluation.falseMatchRate(at:) },
            skilled: pooled.skilled.map { $0.evaluation.falseMatchRate(at:) })
    }

    private typealias Rate = (_ threshold: Double) -> Double

    private static func all(
        _ calibration: Calibration?, falseNonMatchRate: Rate, random: Rate?, skilled: Rate?
    ) -> [ModelThreshold] {
        (calibration?.operatingPoints ?? []).map { point in
            ModelThreshold(
                falseMatchRate: point.falseMatchRate, threshold: point.threshold,
                falseNonMatchRate: falseNonMatchRate(point.threshold),
                randomFalseMatchRate: random?(point.threshold), skilledFalseMatchRate: skilled?(point.threshold))
        }
    }
}
