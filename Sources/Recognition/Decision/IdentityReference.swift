import Biometrics

/// The samples of an identity as one thing that a probe has a distance to.
public struct IdentityReference: Sendable {
    /// How the distance to several samples is taken.
    public enum Rule: String, Sendable, Hashable, CaseIterable {
        /// The distance to the mean embedding, brought back to length 1: for models whose embeddings have length 1.
        case normalisedMean = "normalised-mean"
        /// The distance to the mean embedding: for models whose embeddings have any length.
        case mean
        /// The distance to the nearest sample.
        case minimum
    }

    public let rule: Rule
    /// What a probe is compared with: the mean, or every sample.
    public let references: [Embedding]

    /// - Throws: ``IncomparableEmbeddings`` when the samples are not all of one model.
    public init(samples: [Embedding], rule: Rule) throws(IncomparableEmbeddings) {
        self.rule = rule
        if let first = samples.first {
            for sample in samples.dropFirst() {
                _ = try EmbeddingPair(first, sample)
            }
        }
        switch rule {
        case .minimum: references = samples
        case .mean: references = Self.mean(of: samples, toLengthOne: false).map { [$0] } ?? []
        case .normalisedMean: references = Self.mean(of: samples, toLengthOne: true).map { [$0] } ?? []
        }
    }

    /// The distance of a probe; infinite to an identity without samples.
    ///
    /// - Throws: ``IncomparableEmbeddings`` when another model made the probe.
    public func distance(to probe: Embedding) throws(IncomparableEmbeddings) -> Double {
        var nearest = Double.infinity
        for reference in references {
            nearest = min(nearest, Double(try EmbeddingPair(probe, reference).distance))
        }
        return nearest
    }

    private static func mean(of samples: [Embedding], toLengthOne: Bool) -> Embedding? {
        guard let first = samples.first else { return nil }
        return Embedding(values: mean(of: samples.map { $0.values[...] }, toLengthOne: toLengthOne), model: first.model)
    }

    /// The mean of rows of one length; nothing without rows. A mean of length 0 has no direction and stays as it is.
    static func mean(of rows: [ArraySlice<Float>], toLengthOne: Bool) -> [Float] {
        guard let first = rows.first else { return [] }
        var sums = Array(repeating: 0.0, count: first.count)
        for row in rows {
            for (index, value) in row.enumerated() { sums[index] += Double(value) }
        }
        var scale = 1 / Double(rows.count)
        if toLengthOne {
            let length = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
            if length > 0 { scale = 1 / length }
        }
        return sums.map { Float($0 * scale) }
    }
}
