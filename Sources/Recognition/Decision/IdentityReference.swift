// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// The samples of an identity as one thing that a probe has a distance to.
public struct IdentityReference: Sendable {
    /// How the distance to several samples is taken.
    public struct Rule: Sendable, Hashable {
        /// What a probe is compared with.
        public enum Point: String, Sendable, Hashable, CaseIterable {
            /// The mean embedding, brought back to length 1: for models whose embeddings have length 1.
            case normalizedMean = "normalised-mean"
            /// The mean embedding: for models whose embeddings have any length.
            case mean
            /// The nearest sample.
            case minimum
        }

        public let point: Point
        /// How far one's own samples usually are from their mean; where it is stated, a distance counts by the spread
        /// of the samples that it is to. See ``ReferenceSpread``.
        public let spread: ReferenceSpread?
        /// How a distance counts by the number of samples; nil takes it as it is.
        public let countScale: SampleCountScale?

        /// - Parameter spread: for samples of length 1.
        public init(_ point: Point, spread: ReferenceSpread? = nil, countScale: SampleCountScale? = nil) {
            self.point = point
            self.spread = spread
            self.countScale = countScale
        }

        public static let normalizedMean = Rule(.normalizedMean)
        public static let mean = Rule(.mean)
        public static let minimum = Rule(.minimum)

        /// `normalised-mean`, or `normalised-mean, by spread`, or `mean, by number`.
        public var name: String {
            point.rawValue + (spread == nil ? "" : ", by spread") + (countScale == nil ? "" : ", by number")
        }
    }

    public let rule: Rule
    /// What a probe is compared with: the mean, or every sample.
    public let references: [Embedding]
    /// What a Euclidean distance is multiplied by; 1 unless the rule counts by spread or by number.
    public let scale: Double

    /// - Throws: ``IncomparableEmbeddings`` when the samples are not all of one model.
    public init(samples: [Embedding], rule: Rule) throws(IncomparableEmbeddings) {
        self.rule = rule
        if let first = samples.first {
            for sample in samples.dropFirst() {
                _ = try EmbeddingPair(first, sample)
            }
        }
        let values = samples.map { $0.values[...] }
        scale = rule.scale(of: values)
        references =
            samples.first.map { first in
                rule.vectors(of: values).compactMap { Embedding(values: $0, model: first.model) }
            } ?? []
    }

    /// The distance of a probe; infinite to an identity without samples.
    ///
    /// - Throws: ``IncomparableEmbeddings`` when another model made the probe.
    public func distance(to probe: Embedding) throws(IncomparableEmbeddings) -> Double {
        var nearest = Double.infinity
        for reference in references {
            nearest = min(nearest, Double(try EmbeddingPair(probe, reference).distance))
        }
        return nearest * scale
    }
}

extension IdentityReference.Rule {
    /// What a probe is compared with: one vector, or each of the samples.
    func vectors(of samples: [ArraySlice<Float>]) -> [[Float]] {
        guard !samples.isEmpty else { return [] }
        return switch point {
        case .minimum: samples.map(Array.init)
        case .mean, .normalizedMean: [Self.mean(of: samples, toLengthOne: point == .normalizedMean)]
        }
    }

    /// What Euclidean distances to the samples are multiplied by.
    func scale(of samples: [ArraySlice<Float>]) -> Double {
        (spread?.scale(of: samples) ?? 1) * (countScale?.scale(of: samples) ?? 1)
    }

    /// The mean of rows of one length; nothing without rows. A mean of length 0 has no direction and stays as it is.
    private static func mean(of rows: [ArraySlice<Float>], toLengthOne: Bool) -> [Float] {
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
