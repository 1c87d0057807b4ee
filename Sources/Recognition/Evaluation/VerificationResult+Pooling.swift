// SPDX-License-Identifier: Apache-2.0

extension VerificationResult {
    /// What one model measured on its own samples, to be taken together with others.
    public struct Part: Sendable {
        public let result: VerificationResult
        /// How many samples it was measured on.
        public let sampleCount: Int

        public init(_ result: VerificationResult, sampleCount: Int) {
            self.result = result
            self.sampleCount = sampleCount
        }
    }

    /// The parts of a cross-validation as one result, with one threshold for all of them: each part's identities were
    /// measured by the model that did not see them. Identities and samples are numbered part after part.
    ///
    /// - Returns: nil when there are no parts, or they differ in the number of references or of draws.
    public static func pooled(
        _ parts: [Part], bootstrap: BootstrapSettings = BootstrapSettings()
    ) -> VerificationResult? {
        guard let first = parts.first?.result,
            parts.allSatisfy({ $0.result.referenceCount == first.referenceCount && $0.result.draws == first.draws })
        else { return nil }
        var trials = VerificationTrials(), orders = Array(repeating: [[Int]](), count: first.orders.count)
        var identities = 0, samples = 0
        for part in parts {
            func moved(_ trial: VerificationTrial) -> VerificationTrial {
                VerificationTrial(
                    distance: trial.distance, identity: Int(trial.identity) + identities,
                    probe: Int(trial.probe) + samples,
                    draw: Int(trial.draw))
            }
            trials.genuine += part.result.trials.genuine.map(moved)
            trials.random += part.result.trials.random.map(moved)
            trials.skilled += part.result.trials.skilled.map(moved)
            for (draw, order) in part.result.orders.enumerated() {
                orders[draw] += order.map { rows in rows.map { $0 + samples } }
            }
            identities += part.result.orders.first?.count ?? 0
            samples += part.sampleCount
        }
        return VerificationResult(
            referenceCount: first.referenceCount, identityCount: parts.reduce(0) { $0 + $1.result.identityCount },
            excludedCount: parts.reduce(0) { $0 + $1.result.excludedCount }, draws: first.draws, trials: trials,
            orders: orders,
            bootstrap: bootstrap)
    }
}
