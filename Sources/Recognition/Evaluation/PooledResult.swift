// SPDX-License-Identifier: Apache-2.0

/// What was measured on one set of identities among several. Its impostors are of the same set: people of different
/// sets are told apart by script and scanner.
public struct SetResults: Sendable {
    public let name: String
    /// One for each number of references.
    public let results: [VerificationResult]

    public init(name: String, results: [VerificationResult]) {
        self.name = name
        self.results = results
    }
}

/// The errors against one kind of impostor over several sets, each of which weighs the same, with one threshold for
/// all.
public struct PooledErrorRates: Sendable {
    public let evaluation: PooledEvaluation
    public let equalErrorRate: EqualErrorRate
    /// Over the identities of each set. Nil where it was not asked for, or a set has one identity only.
    public let interval: BootstrapInterval?
    public let points: [FalseMatchPoint]
    /// As ``ErrorRates/impostorCount``, of all sets.
    public let impostorCount: Int
    public let genuineCount: Int
    /// The sets that have such impostors, by name.
    public let sets: [String]

    /// Nil when no set has both kinds of comparison; those that lack one are left out.
    init?(
        _ sets: [(name: String, result: VerificationResult)], skilled: Bool, bootstrap: BootstrapSettings,
        rates: [Double] = ErrorRates.standardRates
    ) {
        let measured = sets.compactMap { name, result in
            (skilled ? result.skilled : result.random).map { (name, result, $0) }
        }
        guard let evaluation = PooledEvaluation(measured.map(\.2.evaluation)), let equal = evaluation.equalErrorRate
        else { return nil }
        self.evaluation = evaluation
        equalErrorRate = equal
        self.sets = measured.map(\.0)
        impostorCount = measured.reduce(0) { $0 + $1.2.impostorCount }
        genuineCount = measured.reduce(0) { $0 + $1.2.genuineCount }
        if measured.count == 1, let only = measured.first {
            interval = only.2.interval
        } else if bootstrap.resamples > 1 {
            let trials = measured.map {
                SubsetBootstrap.Trials(
                    genuine: $0.1.trials.genuine, impostor: skilled ? $0.1.trials.skilled : $0.1.trials.random)
            }
            interval = SubsetBootstrap(trials).interval(bootstrap, unit: .identities)
        } else {
            interval = nil
        }
        let counts = measured.map { (impostor: $0.2.impostorCount, genuine: $0.2.genuineCount) }
        points = rates.map { rate in
            let threshold = evaluation.threshold(falseMatchRate: rate)
            func mean(_ bound: (Int) -> Double) -> Double {
                counts.indices.reduce(0) { $0 + bound($1) } / Double(counts.count)
            }
            return FalseMatchPoint(
                falseMatchRate: rate, threshold: threshold,
                falseNonMatchRate: evaluation.falseNonMatchRate(at: threshold),
                falseMatchRateUpperBound: mean {
                    ErrorRates.upperBound(
                        rate: evaluation.sets[$0].falseMatchRate(at: threshold), trials: counts[$0].impostor)
                },
                falseNonMatchRateUpperBound: mean {
                    ErrorRates.upperBound(
                        rate: evaluation.sets[$0].falseNonMatchRate(at: threshold), trials: counts[$0].genuine)
                },
                isSupported: mean { 3 / Double(max(counts[$0].impostor, 1)) } <= rate)
        }
    }
}

/// What was measured with references of one number of samples over several sets.
public struct PooledResult: Sendable {
    public let referenceCount: Int
    /// Identities that were enrolled, of all sets.
    public let identityCount: Int
    /// Identities that have too few genuine samples, of all sets.
    public let excludedCount: Int
    /// How often references were drawn, in the set where that was most.
    public let draws: Int
    public let random: PooledErrorRates?
    public let skilled: PooledErrorRates?

    /// One for each number of references that a set was measured with, in rising order.
    public static func all(_ sets: [SetResults], bootstrap: BootstrapSettings = BootstrapSettings()) -> [PooledResult] {
        let counts = Set(sets.flatMap { $0.results.map(\.referenceCount) }).sorted()
        return concurrentMap(counts.count) { position in
            let results = sets.compactMap { set in
                set.results.first { $0.referenceCount == counts[position] }.map { (name: set.name, result: $0) }
            }
            return PooledResult(
                referenceCount: counts[position], identityCount: results.reduce(0) { $0 + $1.result.identityCount },
                excludedCount: results.reduce(0) { $0 + $1.result.excludedCount },
                draws: results.map(\.result.draws).max() ?? 0,
                random: PooledErrorRates(results, skilled: false, bootstrap: bootstrap),
                skilled: PooledErrorRates(results, skilled: true, bootstrap: bootstrap))
        }
    }
}
