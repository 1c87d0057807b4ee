// SPDX-License-Identifier: Apache-2.0

/// How well distances tell the same person from different people over several sets, each of which weighs the same
/// however many comparisons it has: every rate is the mean of the sets' own at one threshold.
public struct PooledEvaluation: Sendable {
    /// One at least, and each has comparisons of both kinds.
    public let sets: [Evaluation]

    /// Nil when a set lacks a kind of comparison, or there is no set.
    public init?(_ sets: [Evaluation]) {
        guard !sets.isEmpty, sets.allSatisfy({ !$0.genuine.isEmpty && !$0.impostor.isEmpty }) else { return nil }
        self.sets = sets
    }

    /// Of sets of which only the impostors count; nil when one has none.
    init?(impostorsOf sets: [Evaluation]) {
        guard !sets.isEmpty, sets.allSatisfy({ !$0.impostor.isEmpty }) else { return nil }
        self.sets = sets
    }

    public var genuineCount: Int { sets.reduce(0) { $0 + $1.genuine.count } }
    public var impostorCount: Int { sets.reduce(0) { $0 + $1.impostor.count } }

    public func falseMatchRate(at threshold: Double) -> Double { mean { $0.falseMatchRate(at: threshold) } }

    public func falseNonMatchRate(at threshold: Double) -> Double { mean { $0.falseNonMatchRate(at: threshold) } }

    /// The mean of the upper bounds of each set's own rate, which is no less than an upper bound of the mean.
    public func falseMatchRateUpperBound(at threshold: Double) -> Double {
        mean { $0.falseMatchRateUpperBound(at: threshold) }
    }

    /// Where both mean rates are equal.
    public var equalErrorRate: EqualErrorRate? {
        EqualErrorRate(
            distances: sets.flatMap { [$0.genuine, $0.impostor] }, falseMatchRate: falseMatchRate(at:),
            falseNonMatchRate: falseNonMatchRate(at:))
    }

    /// The largest threshold whose mean false match rate is at most `rate`.
    public func threshold(falseMatchRate rate: Double) -> Double {
        if sets.count == 1 { return sets[0].threshold(falseMatchRate: rate) }
        let allowed = min(max(rate, 0), 1) * (1 + 1e-12)
        let nearest = sets.compactMap { set in
            let position = set.impostor.partitioningIndex { falseMatchRate(at: $0) > allowed }
            return position < set.impostor.count ? set.impostor[position] : nil
        }.min()
        return nearest?.nextDown ?? sets.compactMap(\.impostor.last).max() ?? 0
    }

    /// The threshold for a rate, with the confidence bound of what was measured there.
    public func operatingPoint(falseMatchRate rate: Double) -> OperatingPoint {
        let threshold = threshold(falseMatchRate: rate)
        return OperatingPoint(
            falseMatchRate: rate, threshold: threshold, upperBound: falseMatchRateUpperBound(at: threshold))
    }

    private func mean(_ rate: (Evaluation) -> Double) -> Double {
        sets.count == 1 ? rate(sets[0]) : sets.reduce(0) { $0 + rate($1) } / Double(sets.count)
    }
}
