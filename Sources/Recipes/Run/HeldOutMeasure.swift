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
        if case .identities(let labels, _, _) = content { Set(labels).count } else { 0 }
    }

    private enum Content {
        case identities(labels: [Int], isForgery: [Bool], rule: IdentityReference.Rule)
        /// Rows of ``images``.
        case pairs([LabelledPair])
    }

    /// Of identities; turned and mirrored ones are no people and are left out. Nil when there are none.
    init?(_ table: IdentityTable, source: TrainingImages, rule: IdentityReference.Rule) {
        let identities = table.identities.filter { $0.name == $0.original }
        guard !identities.isEmpty else { return nil }
        var images: [Int] = [], labels: [Int] = [], isForgery: [Bool] = []
        for (label, identity) in identities.enumerated() {
            images += identity.genuine + identity.forgeries
            labels += Array(repeating: label, count: identity.genuine.count + identity.forgeries.count)
            isForgery += identity.genuine.map { _ in false } + identity.forgeries.map { _ in true }
        }
        self.source = source
        self.images = images
        content = .identities(labels: labels, isForgery: isForgery, rule: rule)
    }

    /// Of the pairs of a list over its cache.
    init(_ list: PairList, source: TrainingImages) {
        let used = Set(list.pairs.flatMap { [$0.first, $0.second] }).sorted()
        let rows = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($1, $0) })
        self.source = source
        images = used
        content = .pairs(list.pairs.map { LabelledPair(first: rows[$0.first] ?? 0, second: rows[$0.second] ?? 0, isSame: $0.isSame) })
    }

    /// The names of what ``figures(_:)`` can say.
    var names: [String] {
        switch content {
        case .pairs: [Self.pairs]
        case .identities(_, let isForgery, _): isForgery.contains(true) ? [Self.skilled, Self.random] : [Self.random]
        }
    }

    /// What an epoch is judged by: one reference of each identity, drawn a few times.
    func figures(_ values: [Float]) throws(EvaluationError) -> [String: Double] {
        let dimension = values.count / max(images.count, 1)
        switch content {
        case .pairs:
            return [Self.pairs: try pairEvaluation(values)?.rates.equalErrorRate.rate].compactMapValues { $0 }
        case .identities(let labels, let isForgery, let rule):
            let measuring = VerificationProtocol(referenceCounts: [1], draws: 3, rule: rule, bootstrap: .none, maximumRandomTrials: 200_000)
            let samples = try LabelledEmbeddings(values: values, dimension: dimension, identities: labels, isForgery: isForgery)
            guard let result = try measuring.evaluate(samples).first else { return [:] }
            return [Self.skilled: result.skilled?.equalErrorRate.rate, Self.random: result.random?.equalErrorRate.rate].compactMapValues { $0 }
        }
    }

    /// What is reported in the end: 1, 3 and 5 references with intervals; empty for listed pairs.
    func results(_ values: [Float], draws: Int, bootstrap: BootstrapSettings) throws(EvaluationError) -> [VerificationResult] {
        guard case .identities(let labels, let isForgery, let rule) = content else { return [] }
        let dimension = values.count / max(images.count, 1)
        let samples = try LabelledEmbeddings(values: values, dimension: dimension, identities: labels, isForgery: isForgery)
        return try VerificationProtocol(draws: draws, rule: rule, bootstrap: bootstrap).evaluate(samples)
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
