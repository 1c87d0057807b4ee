// SPDX-License-Identifier: Apache-2.0

/// How well distances tell the same person from different people (ISO/IEC 19795-1).
///
/// A pair matches when its distance is at most the threshold.
public struct Evaluation: Sendable {
    /// Distances in rising order; a failure to acquire that is counted as one is infinitely far.
    public let genuine: [Double]
    public let impostor: [Double]
    /// Comparisons that never came to a distance, because an image could not be acquired.
    public let genuineFailures: Int
    public let impostorFailures: Int

    /// - Parameters:
    ///   - genuine: distances between samples of one person; those that are not a number count as infinite.
    ///   - impostor: distances between samples of different people, likewise.
    ///   - genuineFailures: genuine comparisons lost to failures to acquire.
    ///   - impostorFailures: impostor comparisons lost to failures to acquire.
    public init(genuine: [Double], impostor: [Double], genuineFailures: Int = 0, impostorFailures: Int = 0) {
        self.genuine = genuine.map { $0.isNaN ? .infinity : $0 }.sorted()
        self.impostor = impostor.map { $0.isNaN ? .infinity : $0 }.sorted()
        self.genuineFailures = max(0, genuineFailures)
        self.impostorFailures = max(0, impostorFailures)
    }

    /// The same with every failure to acquire as a comparison that never matches: what a user meets at the door
    /// (false rejection and false acceptance rates).
    public var countingFailures: Evaluation {
        Evaluation(
            genuine: genuine + Array(repeating: .infinity, count: genuineFailures),
            impostor: impostor + Array(repeating: .infinity, count: impostorFailures))
    }

    /// The share of impostor pairs that match at a threshold; 0 when there are none.
    public func falseMatchRate(at threshold: Double) -> Double {
        impostor.isEmpty ? 0 : Double(Self.count(of: impostor, upTo: threshold)) / Double(impostor.count)
    }

    /// The share of genuine pairs that do not match at a threshold; 0 when there are none.
    public func falseNonMatchRate(at threshold: Double) -> Double {
        genuine.isEmpty ? 0 : Double(genuine.count - Self.count(of: genuine, upTo: threshold)) / Double(genuine.count)
    }

    /// How many of rising values are at most a limit.
    private static func count(of values: [Double], upTo limit: Double) -> Int {
        var low = 0, high = values.count
        while low < high {
            let middle = (low + high) / 2
            if values[middle] <= limit { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The largest threshold whose measured false match rate is at most `rate`.
    ///
    /// With fewer than 1/rate impostor pairs that is just below the nearest of them: the set cannot tell more.
    /// Without any pair it is 0.
    public func threshold(falseMatchRate rate: Double) -> Double {
        guard !impostor.isEmpty else { return 0 }
        let allowed = Int((min(max(rate, 0), 1) * Double(impostor.count) * (1 + 1e-12)).rounded(.down))
        guard allowed < impostor.count else { return impostor[impostor.count - 1] }
        return impostor[allowed].nextDown
    }

    /// The threshold for a rate, with the confidence bound of what was measured there.
    public func operatingPoint(falseMatchRate rate: Double) -> OperatingPoint {
        let threshold = threshold(falseMatchRate: rate)
        return OperatingPoint(
            falseMatchRate: rate, threshold: threshold, upperBound: falseMatchRateUpperBound(at: threshold))
    }

    /// The upper end of the one-sided Clopper–Pearson interval of the false match rate at a threshold.
    public func falseMatchRateUpperBound(at threshold: Double, confidence: Double = 0.95) -> Double {
        BinomialInterval.upperBound(
            events: Self.count(of: impostor, upTo: threshold), trials: impostor.count, confidence: confidence)
    }

    /// The same of the false non-match rate.
    public func falseNonMatchRateUpperBound(at threshold: Double, confidence: Double = 0.95) -> Double {
        BinomialInterval.upperBound(
            events: genuine.count - Self.count(of: genuine, upTo: threshold), trials: genuine.count,
            confidence: confidence)
    }
}
