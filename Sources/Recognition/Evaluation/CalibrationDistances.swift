import Biometrics

/// Distances of probes to references of several numbers of samples; no comparison counts twice.
struct CalibrationDistances {
    /// The numbers of samples for which there are distances of both kinds.
    let sampleCounts: [Int]
    let evaluations: [Int: Evaluation]
    /// The distances of skilled forgeries to the references of those they imitate, by the number of samples.
    private let skilled: [Int: [Double]]

    /// - Parameters:
    ///   - samples: the embeddings of each person, in a fixed order.
    ///   - forgeries: those of skilled forgeries of each person, in the same order; empty for none at all.
    init(
        samples: [[Embedding]], forgeries: [[Embedding]] = [], sampleCounts: [Int], rule: IdentityReference.Rule
    ) throws(IncomparableEmbeddings) {
        var evaluations: [Int: Evaluation] = [:], skilled: [Int: [Double]] = [:]
        for count in sampleCounts {
            let (genuine, impostor) = count == 1
                ? try Self.pairs(samples) : try Self.comparisons(samples, sampleCount: count, rule: rule)
            guard !genuine.isEmpty, !impostor.isEmpty else { continue }
            evaluations[count] = Evaluation(genuine: genuine, impostor: impostor)
            skilled[count] = try Self.skilled(samples, forgeries, sampleCount: count, rule: rule)
        }
        self.evaluations = evaluations
        self.skilled = skilled
        self.sampleCounts = sampleCounts.filter { evaluations[$0] != nil }
    }

    private typealias Distances = (genuine: [Double], impostor: [Double])

    /// Between single samples the distance is the same both ways, so that each pair counts once.
    private static func pairs(_ samples: [[Embedding]]) throws(IncomparableEmbeddings) -> Distances {
        let labelled = samples.enumerated().flatMap { person, embeddings in embeddings.map { (person, $0) } }
        var distances: Distances = ([], [])
        for (index, first) in labelled.enumerated() {
            for second in labelled[(index + 1)...] {
                let distance = Double(try EmbeddingPair(first.1, second.1).distance)
                if first.0 == second.0 { distances.genuine.append(distance) } else { distances.impostor.append(distance) }
            }
        }
        return distances
    }

    /// References of consecutive samples, none in two of them.
    private static func comparisons(
        _ samples: [[Embedding]], sampleCount: Int, rule: IdentityReference.Rule
    ) throws(IncomparableEmbeddings) -> Distances {
        var distances: Distances = ([], [])
        for (person, embeddings) in samples.enumerated() {
            for start in stride(from: 0, through: embeddings.count - sampleCount, by: sampleCount) {
                let enrolled = start..<start + sampleCount
                let reference = try IdentityReference(samples: Array(embeddings[enrolled]), rule: rule)
                for (other, probes) in samples.enumerated() {
                    for (index, probe) in probes.enumerated() {
                        if other != person {
                            distances.impostor.append(try reference.distance(to: probe))
                        } else if !enrolled.contains(index) {
                            distances.genuine.append(try reference.distance(to: probe))
                        }
                    }
                }
            }
        }
        return distances
    }

    /// Each forgery against each reference of the person it imitates.
    private static func skilled(
        _ samples: [[Embedding]], _ forgeries: [[Embedding]], sampleCount: Int, rule: IdentityReference.Rule
    ) throws(IncomparableEmbeddings) -> [Double] {
        var distances: [Double] = []
        for (embeddings, forgeries) in zip(samples, forgeries) where !forgeries.isEmpty {
            for start in stride(from: 0, through: embeddings.count - sampleCount, by: sampleCount) {
                let reference = try IdentityReference(samples: Array(embeddings[start..<start + sampleCount]), rule: rule)
                for forgery in forgeries { distances.append(try reference.distance(to: forgery)) }
            }
        }
        return distances
    }

    /// The largest share of skilled forgeries, over the numbers of samples, that match at a threshold; nil without any.
    private func skilledFalseMatchRate(at threshold: Double) -> Double? {
        skilled.values.filter { !$0.isEmpty }
            .map { distances in Double(distances.count { $0 <= threshold }) / Double(distances.count) }.max()
    }

    /// The calibration that holds for all numbers of samples.
    func calibration(set: String, rates: [Double]) throws(CalibrationError) -> Calibration {
        let all = sampleCounts.compactMap { evaluations[$0] }
        let fitted = try Calibration.fit(
            genuine: all.flatMap(\.genuine), impostor: all.flatMap(\.impostor), set: set, rates: rates)
        let points = rates.map { rate in
            let point = all.map { $0.operatingPoint(falseMatchRate: rate) }.min { $0.threshold < $1.threshold }
                ?? OperatingPoint(falseMatchRate: rate, threshold: 0, upperBound: 1)
            return OperatingPoint(
                falseMatchRate: rate, threshold: point.threshold, upperBound: point.upperBound,
                skilledFalseMatchRate: skilledFalseMatchRate(at: point.threshold))
        }
        return try Calibration(
            a: fitted.a, d0: fitted.d0, operatingPoints: points, set: set, genuineCount: fitted.genuineCount,
            impostorCount: fitted.impostorCount)
    }
}
