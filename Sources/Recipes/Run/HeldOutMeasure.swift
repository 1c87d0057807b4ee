// SPDX-License-Identifier: Apache-2.0

import Recognition
import Training

/// Measures a network on identities, or on listed pairs, that it did not learn from.
struct HeldOutMeasure {
    /// Names of figures, the columns of `metrics.csv`.
    static let skilled = "skilled_eer"
    static let random = "random_eer"
    static let pairs = "pairs_eer"

    let source: TrainingImages
    /// Indices into the source's cache, the rows of what is measured.
    let images: [Int]
    private let content: Content

    /// How many identities there are; 0 for listed pairs.
    var identityCount: Int {
        if case .identities(let sets, _) = content { sets.reduce(0) { $0 + Set($1.labels).count } } else { 0 }
    }

    private enum Content {
        /// One after another in the rows.
        case identities([IdentitySet], rule: IdentityReference.Rule)
        /// Rows of ``images``.
        case pairs([LabeledPair])
    }

    /// The identities of one source. Impostors are of the same: others are told apart by script and scanner.
    private struct IdentitySet {
        let name: String
        var labels: [Int] = []
        var isForgery: [Bool] = []
    }

    /// Of identities; turned and mirrored ones are no people and are left out. Nil when there are none.
    ///
    /// - Parameter sets: the sources of identities, by the identities' names.
    init?(_ table: IdentityTable, source: TrainingImages, rule: IdentityReference.Rule, sets: [String: String]) {
        let identities = table.identities.filter { $0.name == $0.original }
        guard !identities.isEmpty else { return nil }
        var images: [Int] = [], measured: [IdentitySet] = []
        for (name, members) in Dictionary(grouping: identities, by: { sets[$0.name] ?? "" }).sorted(by: {
            $0.key < $1.key
        }) {
            var set = IdentitySet(name: name)
            for (label, identity) in members.enumerated() {
                images += identity.genuine + identity.forgeries
                set.labels += Array(repeating: label, count: identity.genuine.count + identity.forgeries.count)
                set.isForgery += identity.genuine.map { _ in false } + identity.forgeries.map { _ in true }
            }
            measured.append(set)
        }
        self.source = source
        self.images = images
        content = .identities(measured, rule: rule)
    }

    /// Of the pairs of a list over its cache.
    init(_ list: PairList, source: TrainingImages) {
        let used = Set(list.pairs.flatMap { [$0.first, $0.second] }).sorted()
        let rows = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
        self.source = source
        images = used
        content = .pairs(
            list.pairs.map { LabeledPair(first: rows[$0.first] ?? 0, second: rows[$0.second] ?? 0, isSame: $0.isSame) }
        )
    }

    /// The names of what ``figures(_:)`` can say.
    var names: [String] {
        switch content {
        case .pairs: [Self.pairs]
        case .identities(let sets, _):
            sets.contains { $0.isForgery.contains(true) } ? [Self.skilled, Self.random] : [Self.random]
        }
    }

    /// What an epoch is judged by: one reference of each identity, drawn a few times.
    func figures(_ values: [Float]) throws(EvaluationError) -> [String: Double] {
        switch content {
        case .pairs:
            return [Self.pairs: try pairEvaluation(values)?.rates.equalErrorRate.rate].compactMapValues { $0 }
        case .identities(_, let rule):
            let measuring = VerificationProtocol(
                referenceCounts: [1], draws: 3, rule: rule, bootstrap: .none, maximumRandomTrials: 200_000)
            guard
                let result = PooledResult.all(try measured(values, by: measuring).map(\.results), bootstrap: .none)
                    .first
            else { return [:] }
            return [Self.skilled: result.skilled?.equalErrorRate.rate, Self.random: result.random?.equalErrorRate.rate]
                .compactMapValues { $0 }
        }
    }

    /// What is reported in the end, for each source: 1, 3 and 5 references with intervals; empty for listed pairs.
    func results(_ values: [Float], draws: Int, bootstrap: BootstrapSettings) throws(EvaluationError) -> [MeasuredSet] {
        guard case .identities(_, let rule) = content else { return [] }
        return try measured(values, by: VerificationProtocol(draws: draws, rule: rule, bootstrap: bootstrap))
    }

    /// What was measured on one source, and on how many samples.
    struct MeasuredSet {
        let results: SetResults
        let sampleCount: Int

        func part(references count: Int) -> VerificationResult.Part? {
            results.results.first { $0.referenceCount == count }.map {
                VerificationResult.Part($0, sampleCount: sampleCount)
            }
        }
    }

    /// A source of which there is too little is left out, unless it is the only one.
    private func measured(
        _ values: [Float], by measuring: VerificationProtocol
    ) throws(EvaluationError) -> [MeasuredSet] {
        guard case .identities(let sets, _) = content else { return [] }
        let dimension = values.count / max(images.count, 1)
        var found: [MeasuredSet] = [], problem: EvaluationError?, first = 0
        for set in sets {
            let rows = first..<first + set.labels.count
            first = rows.upperBound
            let samples = try LabeledEmbeddings(
                values: Array(values[rows.lowerBound * dimension..<rows.upperBound * dimension]), dimension: dimension,
                identities: set.labels, isForgery: set.isForgery)
            do throws(EvaluationError) {
                found.append(
                    MeasuredSet(
                        results: SetResults(name: set.name, results: try measuring.evaluate(samples)),
                        sampleCount: rows.count))
            } catch {
                problem = error
            }
        }
        if found.isEmpty, let problem { throw problem }
        return found
    }

    /// The errors over listed pairs; nil for identities.
    func pairEvaluation(_ values: [Float]) throws(EvaluationError) -> PairEvaluation? {
        guard case .pairs(let pairs) = content else { return nil }
        let dimension = values.count / max(images.count, 1)
        let distances = pairs.map { pair in
            var sum: Float = 0
            for place in 0..<dimension {
                let difference = values[pair.first * dimension + place] - values[pair.second * dimension + place]
                sum += difference * difference
            }
            return sum.squareRoot()
        }
        return try PairEvaluation(distances: distances, isSame: pairs.map(\.isSame), bootstrap: .none)
    }

    /// The measurement as a training stage makes it.
    var evaluation: HeldOutEvaluation {
        HeldOutEvaluation(source: source, images: images) { values in try figures(values) }
    }
}

extension TrainingRecipe.Metric {
    /// The figures whose mean it is; empty for the loss.
    var figures: [String] {
        switch self {
        case .skilled: [HeldOutMeasure.skilled]
        case .random: [HeldOutMeasure.random]
        case .mean: [HeldOutMeasure.skilled, HeldOutMeasure.random]
        case .pairs: [HeldOutMeasure.pairs]
        case .loss: []
        }
    }
}
