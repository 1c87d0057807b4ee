// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Classifies queries by the nearest prototype (Snell, Swersky and Zemel, *Prototypical Networks for Few-shot
/// Learning*, 2017).
///
/// The first ``supportCount`` genuine samples of each label, in the order of the batch, are its support, and their mean
/// its prototype; the other genuine samples are queries, and there are as many ways as there are labels with a genuine
/// sample. The loss is the mean over the queries of the cross-entropy of a softmax over −``scale`` · (squared Euclidean
/// distance to each prototype).
///
/// Forgeries of a query's label compete with it for its prototype: the softmax of the query has, beside the ways, the
/// term −``scale`` · (squared distance of the forgery to that prototype) for each of them. What is learnt is what
/// verification asks: that a forgery be farther from the references than a genuine sample is. A batch without queries,
/// or with a single way and no forgery, has the loss 0. Pairs that the batch states are not looked at.
public struct PrototypicalLoss: EmbeddingLoss, Sendable, Hashable {
    public let supportCount: Int
    public let scale: Float

    /// - Parameters:
    ///   - supportCount: the samples of a prototype.
    ///   - scale: 1 for embeddings of any length; embeddings of length 1, which are at most 2 apart, need about 10.
    /// - Throws: ``TrainingError/invalidInput(reason:)`` when one is not above 0.
    public init(supportCount: Int, scale: Float = 1) throws(TrainingError) {
        guard supportCount > 0 else {
            throw .invalidInput(reason: "the prototypes are of \(supportCount) samples, and need at least 1")
        }
        guard scale > 0, scale.isFinite else {
            throw .invalidInput(reason: "the scale of the prototypical loss is \(scale), and has to be above 0")
        }
        self.supportCount = supportCount
        self.scale = scale
    }

    private struct Way {
        let label: Int
        var support: [Int] = []
        var queries: [Int] = []
        var forgeries: [Int] = []
    }

    public func evaluate(_ batch: EmbeddingBatch) throws(TrainingError) -> LossValue {
        let embeddings = try EmbeddingRows(batch).values
        let ways = ways(of: batch), queryCount = ways.reduce(0) { $0 + $1.queries.count }
        guard queryCount > 0 else { return .nothing(batch) }
        let dimension = batch.dimension, scale = Double(scale), share = 1 / Double(queryCount)
        let prototypes = ways.map { way in
            (0..<dimension).map { position in
                way.support.reduce(0.0) { $0 + embeddings[$1 * dimension + position] } / Double(way.support.count)
            }
        }
        func squaredDistance(_ row: Int, _ prototype: [Double]) -> Double {
            var sum = 0.0
            for position in 0..<dimension {
                let difference = embeddings[row * dimension + position] - prototype[position]
                sum += difference * difference
            }
            return sum
        }
        var loss = 0.0
        var gradient = Array(repeating: 0.0, count: embeddings.count)
        var prototypeGradients = Array(repeating: Array(repeating: 0.0, count: dimension), count: ways.count)
        /// Passes on the derivative with respect to one logit.
        func add(_ row: Int, _ way: Int, _ slope: Double) {
            if slope == 0 { return }
            for position in 0..<dimension {
                let change = -2 * scale * slope * (embeddings[row * dimension + position] - prototypes[way][position])
                gradient[row * dimension + position] += change
                prototypeGradients[way][position] -= change
            }
        }
        for (own, way) in ways.enumerated() where !way.queries.isEmpty {
            let forgeryLogits = way.forgeries.map { -scale * squaredDistance($0, prototypes[own]) }
            for query in way.queries {
                let logits = prototypes.map { -scale * squaredDistance(query, $0) } + forgeryLogits
                let softmax = Softmax(logits)
                loss += share * (softmax.logSum - logits[own])
                for other in ways.indices {
                    add(query, other, share * (softmax.probabilities[other] - (other == own ? 1 : 0)))
                }
                for (index, forgery) in way.forgeries.enumerated() {
                    add(forgery, own, share * softmax.probabilities[ways.count + index])
                }
            }
        }
        for (way, slopes) in zip(ways, prototypeGradients) {
            for row in way.support {
                for position in 0..<dimension {
                    gradient[row * dimension + position] += slopes[position] / Double(way.support.count)
                }
            }
        }
        return try LossValue(checking: loss, gradient: gradient)
    }

    /// In the order in which labels first have a genuine sample.
    private func ways(of batch: EmbeddingBatch) -> [Way] {
        var ways: [Way] = [], positions: [Int: Int] = [:]
        for row in 0..<batch.count where !batch.isForgery[row] {
            let position = positions[batch.labels[row], default: ways.count]
            if position == ways.count {
                positions[batch.labels[row]] = position
                ways.append(Way(label: batch.labels[row]))
            }
            if ways[position].support.count < supportCount {
                ways[position].support.append(row)
            } else {
                ways[position].queries.append(row)
            }
        }
        for row in 0..<batch.count where batch.isForgery[row] {
            if let position = positions[batch.labels[row]] { ways[position].forgeries.append(row) }
        }
        return ways
    }
}

/// exp xᵢ / Σ exp xⱼ and ln Σ exp xⱼ, without overflow.
struct Softmax {
    let probabilities: [Double]
    let logSum: Double

    /// - Precondition: there is a value.
    init(_ values: [Double]) {
        let largest = values.reduce(-Double.infinity, max)
        let powers = values.map { exp($0 - largest) }
        let sum = powers.reduce(0, +)
        probabilities = powers.map { $0 / sum }
        logSum = largest + log(sum)
    }
}
