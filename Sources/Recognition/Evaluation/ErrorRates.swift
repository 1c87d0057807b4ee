// SPDX-License-Identifier: Apache-2.0

/// How often genuine probes are refused when a given share of impostors gets through, and what that is worth.
public struct FalseMatchPoint: Sendable, Hashable {
    /// The false match rate that the threshold is to keep.
    public let falseMatchRate: Double
    public let threshold: Double
    public let falseNonMatchRate: Double
    /// What the false match rate at the threshold is at most, with 95 % confidence (Clopper and Pearson). Without a
    /// false match it is about 3 in the number of comparisons: the rule of three.
    public let falseMatchRateUpperBound: Double
    /// Likewise of the false non-match rate.
    public let falseNonMatchRateUpperBound: Double
    /// Whether there are impostors enough to tell: 3 in their number is at most the rate. If not, the threshold is
    /// only the strictest that was seen.
    public let isSupported: Bool
}

/// The errors against one kind of impostor, with one threshold for all identities.
public struct ErrorRates: Sendable {
    /// The rates that errors are stated at.
    public static let standardRates = [1e-1, 1e-2, 1e-3, 1e-4]

    public let evaluation: Evaluation
    public let equalErrorRate: EqualErrorRate
    /// Nil where it was not asked for, or there is one identity only.
    public let interval: BootstrapInterval?
    public let points: [FalseMatchPoint]
    /// Impostor comparisons that do not repeat an image against another draw of one identity's references: what
    /// bounds rest on.
    public let impostorCount: Int
    public let genuineCount: Int

    /// Nil when one kind of comparison is missing.
    ///
    /// - Parameter draws: how often each image was compared with references of one identity.
    init?(
        genuine: [VerificationTrial], impostor: [VerificationTrial], draws: Int = 1, bootstrap: BootstrapSettings,
        unit: BootstrapInterval.Unit = .identities, rates: [Double] = standardRates
    ) {
        let evaluation = Evaluation(
            genuine: genuine.map { Double($0.distance) }, impostor: impostor.map { Double($0.distance) })
        guard let equal = evaluation.equalErrorRate else { return nil }
        self.evaluation = evaluation
        equalErrorRate = equal
        interval =
            bootstrap.resamples > 1
            ? SubsetBootstrap(genuine: genuine, impostor: impostor).interval(bootstrap, unit: unit) : nil
        let impostorCount = impostor.count / max(draws, 1), genuineCount = genuine.count / max(draws, 1)
        self.impostorCount = impostorCount
        self.genuineCount = genuineCount
        points = rates.map { rate in
            let threshold = evaluation.threshold(falseMatchRate: rate)
            let match = evaluation.falseMatchRate(at: threshold), miss = evaluation.falseNonMatchRate(at: threshold)
            return FalseMatchPoint(
                falseMatchRate: rate, threshold: threshold, falseNonMatchRate: miss,
                falseMatchRateUpperBound: Self.upperBound(rate: match, trials: impostorCount),
                falseNonMatchRateUpperBound: Self.upperBound(rate: miss, trials: genuineCount),
                isSupported: rate * Double(impostorCount) >= 3)
        }
    }

    /// Events of several draws are rounded up to what one draw would have had.
    static func upperBound(rate: Double, trials: Int) -> Double {
        BinomialInterval.upperBound(events: Int((rate * Double(trials) - 1e-9).rounded(.up)), trials: trials)
    }
}
