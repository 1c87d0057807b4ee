// SPDX-License-Identifier: Apache-2.0

/// How embedded samples are made into references and probes (ISO/IEC 19795-1).
///
/// For a number k of references, each identity with more than k genuine samples is enrolled from the first k of a
/// random order of them, by the rule of ``IdentityReference``. Against it stand, kept apart: the identity's
/// remaining genuine samples; random impostors, the genuine samples of all others; and skilled forgeries of the
/// identity. The whole is repeated with other random orders, and the comparisons of all draws count together, with
/// one threshold for all identities. Identities of fewer samples are probes only.
///
/// The result depends on the samples, their order and the seed only, and is found on all cores.
public struct VerificationProtocol: Sendable {
    public let referenceCounts: [Int]
    /// How often references are drawn.
    public let draws: Int
    public let seed: UInt64
    public let rule: IdentityReference.Rule
    public let bootstrap: BootstrapSettings
    /// The most comparisons with random impostors for one k. Where there would be more, each reference is compared
    /// with so many impostors drawn at random.
    public let maximumRandomTrials: Int

    /// The most genuine and skilled comparisons for one k; where there would be more, there are fewer draws.
    private static let maximumProbeTrials = 4_000_000

    /// Values out of range are brought into it: counts from 1 to 1000, draws from 1 to 100.
    public init(
        referenceCounts: [Int] = Calibrator.sampleCounts, draws: Int = 10, seed: UInt64 = 1,
        rule: IdentityReference.Rule,
        bootstrap: BootstrapSettings = BootstrapSettings(), maximumRandomTrials: Int = 2_000_000
    ) {
        self.referenceCounts = Set(referenceCounts.map { min(max($0, 1), 1000) }).sorted()
        self.draws = min(max(draws, 1), 100)
        self.seed = seed
        self.rule = rule
        self.bootstrap = bootstrap
        self.maximumRandomTrials = max(maximumRandomTrials, 1)
    }

    /// One draw without an interval: what a training loop can afford after every epoch.
    public static func quick(
        referenceCount: Int = 1, seed: UInt64 = 1, rule: IdentityReference.Rule
    ) -> VerificationProtocol {
        VerificationProtocol(
            referenceCounts: [referenceCount], draws: 1, seed: seed, rule: rule, bootstrap: .none,
            maximumRandomTrials: 200_000)
    }

    /// One result for each number of references, in rising order.
    ///
    /// - Throws: ``EvaluationError/tooLittle(_:)`` when no number of references leaves a genuine comparison and one
    ///   with an impostor.
    public func evaluate(_ samples: LabeledEmbeddings) throws(EvaluationError) -> [VerificationResult] {
        var genuine = Array(repeating: [Int](), count: samples.identityCount), forgeries = genuine
        for row in 0..<samples.count {
            if samples.isForgery[row] {
                forgeries[samples.identities[row]].append(row)
            } else {
                genuine[samples.identities[row]].append(row)
            }
        }
        let distances = DistanceMatrix(samples.values, dimension: samples.dimension)
        let orders = (0..<draws).map { draw in
            genuine.enumerated().map { identity, rows in
                var random = EvaluationRandom(seed, UInt64(draw), UInt64(identity))
                return random.sample(rows, count: rows.count)
            }
        }
        let parted = (genuine: genuine, forgeries: forgeries)
        let results = concurrentMap(referenceCounts.count) { position in
            result(
                referenceCounts[position], samples: samples, genuine: parted.genuine, forgeries: parted.forgeries,
                orders: orders,
                distances: distances)
        }
        guard results.contains(where: { $0.random != nil || $0.skilled != nil }) else {
            throw .tooLittle(
                "an identity needs more genuine samples than the smallest number of references, "
                    + "\(referenceCounts.first ?? 1), and impostors: samples of others, or forgeries")
        }
        return results
    }

    private func result(
        _ count: Int, samples: LabeledEmbeddings, genuine: [[Int]], forgeries: [[Int]], orders: [[[Int]]],
        distances: DistanceMatrix
    ) -> VerificationResult {
        let enrolled = genuine.indices.filter { genuine[$0].count > count }
        let allGenuine = genuine.flatMap { $0 }
        let probesPerDraw = enrolled.reduce(0) { $0 + genuine[$1].count - count + forgeries[$1].count }
        let draws = min(draws, max(1, Self.maximumProbeTrials / max(1, probesPerDraw)))
        let probesPerReference = maximumRandomTrials / max(1, enrolled.count * draws)
        let drawn = concurrentMap(draws) { draw in
            var trials = VerificationTrials()
            for identity in enrolled {
                let order = orders[draw][identity]
                let references = order.prefix(count).map(samples.row)
                let point = rule.vectors(of: references).flatMap(distances.padded),
                    scale = Float(rule.scale(of: references))
                let compared = { (probes: [Int]) in
                    probes.map { probe in
                        VerificationTrial(
                            distance: distances.distance(from: probe, toNearestOf: point) * scale, identity: identity,
                            probe: probe,
                            draw: draw)
                    }
                }
                trials.genuine += compared(Array(order.dropFirst(count)))
                trials.skilled += compared(forgeries[identity])
                var others = allGenuine.filter { samples.identities[$0] != identity }
                if others.count > probesPerReference {
                    var random = EvaluationRandom(seed, UInt64(draw), UInt64(identity), UInt64(count))
                    others = random.sample(others, count: max(1, probesPerReference)).sorted()
                }
                trials.random += compared(others)
            }
            return trials
        }
        let trials = VerificationTrials(
            genuine: drawn.flatMap(\.genuine), random: drawn.flatMap(\.random), skilled: drawn.flatMap(\.skilled))
        return VerificationResult(
            referenceCount: count, identityCount: enrolled.count,
            excludedCount: zip(genuine, forgeries).count { !($0.isEmpty && $1.isEmpty) } - enrolled.count, draws: draws,
            trials: trials, orders: orders, bootstrap: bootstrap)
    }
}
