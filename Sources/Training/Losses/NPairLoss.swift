// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Wants an anchor more like each sample of its identity than like all others together (Sohn, *Improved Deep Metric
/// Learning with Multi-class N-pair Loss Objective*, 2016), over all pairs that a batch holds.
///
/// For every anchor *a* and positive *p*: ln( 1 + Σₙ exp((s(a, n) − s(a, p)) / τ) ), the sum being over all negatives
/// *n* of *a*, and the loss the mean over all (*a*, *p*). *s* is the cosine or the inner product; τ is ``temperature``.
/// With two samples of each identity this is Sohn's loss, with both samples of the others as negatives. To it comes
/// ``regularisation`` · (mean squared length of the embeddings), with which Sohn keeps inner products small; it is left
/// out with the cosine, which does not depend on lengths.
///
/// A forgery is never an anchor, and is a negative for every genuine sample. A batch without a pair of one identity, or
/// without a negative, has the loss 0, and so has all that a vector of zeros is part of with the cosine: it has no
/// direction, its cosine is 0 and its derivative zero. Pairs that the batch states are not looked at.
public struct NPairLoss: EmbeddingLoss, Sendable, Hashable {
    public enum Similarity: String, Sendable, Hashable, Codable, CaseIterable {
        case cosine
        case innerProduct = "inner-product"
    }

    public let similarity: Similarity
    public let temperature: Float
    public let regularisation: Float

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when the temperature is not above 0, or the regularisation
    ///   below 0.
    public init(
        similarity: Similarity = .cosine, temperature: Float = 0.1, regularisation: Float = 0
    ) throws(TrainingError) {
        guard temperature > 0, temperature.isFinite else {
            throw .invalidInput(reason: "the temperature of the N-pair loss is \(temperature), and has to be above 0")
        }
        guard regularisation >= 0, regularisation.isFinite else {
            throw .invalidInput(
                reason: "the regularisation of the N-pair loss is \(regularisation), and has to be 0 or more")
        }
        self.similarity = similarity
        self.temperature = temperature
        self.regularisation = regularisation
    }

    public func evaluate(_ batch: EmbeddingBatch) throws(TrainingError) -> LossValue {
        let rows = try EmbeddingRows(batch), count = batch.count, dimension = batch.dimension
        let lengths = Self.lengths(rows)
        var directions = rows.values
        if similarity == .cosine {
            for row in 0..<count {
                for position in row * dimension..<(row + 1) * dimension {
                    directions[position] =
                        Normalization.isDirected(lengths[row]) ? directions[position] / lengths[row] : 0
                }
            }
        }
        let (loss, slopes, pairCount) = mine(batch, directions)
        guard pairCount > 0 else { return .nothing(batch) }
        // Each similarity is symmetrical: its slope reaches both rows.
        var gradient = Array(repeating: 0.0, count: directions.count)
        for first in 0..<count {
            for second in 0..<count where slopes[first * count + second] != 0 {
                let slope = slopes[first * count + second] / Double(pairCount)
                for position in 0..<dimension {
                    gradient[first * dimension + position] += slope * directions[second * dimension + position]
                    gradient[second * dimension + position] += slope * directions[first * dimension + position]
                }
            }
        }
        var total = loss / Double(pairCount)
        switch similarity {
        case .cosine:
            for row in 0..<count {
                Normalization.pullBack(
                    &gradient, row * dimension..<(row + 1) * dimension, direction: directions, length: lengths[row])
            }
        case .innerProduct:
            let factor = Double(regularisation) / Double(count)
            for row in 0..<count { total += factor * lengths[row] * lengths[row] }
            for position in gradient.indices { gradient[position] += 2 * factor * rows.values[position] }
        }
        return try LossValue(checking: total, gradient: gradient)
    }

    /// The sum over anchors and positives, its derivative with respect to each similarity (anchor × other), and how
    /// many anchors and positives there are.
    private func mine(_ batch: EmbeddingBatch, _ directions: [Double]) -> (loss: Double, slopes: [Double], pairs: Int) {
        let count = batch.count, dimension = batch.dimension, temperature = Double(temperature)
        var loss = 0.0, pairs = 0
        var slopes = Array(repeating: 0.0, count: count * count)
        for anchor in 0..<count where !batch.isForgery[anchor] {
            let similarities = directions.withUnsafeBufferPointer { directions in
                (0..<count).map { other in
                    var sum = 0.0
                    for position in 0..<dimension {
                        sum += directions[anchor * dimension + position] * directions[other * dimension + position]
                    }
                    return sum / temperature
                }
            }
            let others = (0..<count).filter { $0 != anchor }
            let negatives = others.filter { batch.relation(anchor, $0) == .different }
            if negatives.isEmpty { continue }
            for positive in others where batch.relation(anchor, positive) == .same {
                let softmax = Softmax([similarities[positive]] + negatives.map { similarities[$0] })
                loss += softmax.logSum - similarities[positive]
                pairs += 1
                slopes[anchor * count + positive] += (softmax.probabilities[0] - 1) / temperature
                for (index, negative) in negatives.enumerated() {
                    slopes[anchor * count + negative] += softmax.probabilities[index + 1] / temperature
                }
            }
        }
        return (loss, slopes, pairs)
    }

    private static func lengths(_ rows: EmbeddingRows) -> [Double] {
        (0..<rows.count).map { row in
            var sum = 0.0
            for position in row * rows.dimension..<(row + 1) * rows.dimension {
                sum += rows.values[position] * rows.values[position]
            }
            return sum.squareRoot()
        }
    }
}
