// SPDX-License-Identifier: Apache-2.0

/// All comparisons of an evaluation.
public struct VerificationTrials: Sendable {
    public internal(set) var genuine: [VerificationTrial] = []
    /// Genuine samples of other identities.
    public internal(set) var random: [VerificationTrial] = []
    /// Forgeries of the identity itself.
    public internal(set) var skilled: [VerificationTrial] = []
}

/// What was measured with references of one number of samples.
public struct VerificationResult: Sendable {
    public let referenceCount: Int
    /// Identities that were enrolled.
    public let identityCount: Int
    /// Identities that have too few genuine samples to be enrolled and leave one over.
    public let excludedCount: Int
    public let draws: Int
    public let trials: VerificationTrials
    /// Nil where there are no genuine comparisons, or no other identities.
    public let random: ErrorRates?
    /// Nil where there are no genuine comparisons, or no forgeries.
    public let skilled: ErrorRates?
    let orders: [[[Int]]]

    init(
        referenceCount: Int, identityCount: Int, excludedCount: Int, draws: Int, trials: VerificationTrials,
        orders: [[[Int]]],
        bootstrap: BootstrapSettings
    ) {
        self.referenceCount = referenceCount
        self.identityCount = identityCount
        self.excludedCount = excludedCount
        self.draws = draws
        self.trials = trials
        self.orders = orders
        let rates = concurrentMap(2) { kind in
            ErrorRates(
                genuine: trials.genuine, impostor: kind == 0 ? trials.random : trials.skilled, draws: draws,
                bootstrap: bootstrap)
        }
        (random, skilled) = (rates[0], rates[1])
    }

    /// The rows that the reference of a comparison was made of.
    public func references(of trial: VerificationTrial) -> [Int] {
        Array(orders[Int(trial.draw)][Int(trial.identity)].prefix(referenceCount))
    }
}
