// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Wants an anchor nearer to samples of its identity than to anything else.
///
/// Triplets come from the whole batch by ``EmbeddingBatch/relation(_:_:)``; pairs that it states are not looked at. A
/// forgery has no positives and is never an anchor, and it is a negative for every genuine sample. Of equals the first
/// in the batch is taken. A batch without a triplet has the loss 0. Where two embeddings coincide, their Euclidean
/// distance has no derivative, and counts as constant.
public struct TripletLoss: EmbeddingLoss, Sendable, Hashable {
    public enum Mining: String, Sendable, Hashable, Codable, CaseIterable {
        /// For each anchor and positive the nearest negative that is farther than the positive; where all are nearer,
        /// the farthest (Schroff, Kalenichenko and Philbin, *FaceNet*, 2015). The loss is the mean over all such pairs.
        case semiHard = "semi-hard"
        /// For each anchor the farthest positive and the nearest negative (Hermans, Beyer and Leibe, *In Defense of the
        /// Triplet Loss*, 2017). The loss is the mean over the anchors.
        case batchHard = "batch-hard"
    }

    /// What is made of x = d(anchor, positive) − d(anchor, negative).
    public enum Margin: Sendable, Hashable, Codable {
        /// max(x + margin, 0)
        case hinge(Float)
        /// ln(1 + exp x), which never has enough
        case soft
    }

    public let mining: Mining
    public let margin: Margin
    public let distance: TrainingDistance

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when a margin is not above 0.
    public init(
        mining: Mining, margin: Margin = .hinge(0.2), distance: TrainingDistance = .euclidean
    ) throws(TrainingError) {
        if case .hinge(let margin) = margin, !(margin > 0 && margin.isFinite) {
            throw .invalidInput(reason: "the margin of the triplet loss is \(margin), and has to be above 0")
        }
        self.mining = mining
        self.margin = margin
        self.distance = distance
    }

    private struct Triplet {
        let anchor: Int
        let positive: Int
        let negative: Int
    }

    public func evaluate(_ batch: EmbeddingBatch) throws(TrainingError) -> LossValue {
        var rows = try EmbeddingRows(batch)
        let count = batch.count
        var distances = Array(repeating: 0.0, count: count * count)
        for first in 0..<count {
            for second in 0..<first {
                let found = distance.distance(squared: rows.squaredDistance(first, second))
                distances[first * count + second] = found
                distances[second * count + first] = found
            }
        }
        let triplets = (0..<count).flatMap { anchor in
            self.triplets(anchor, batch, Array(distances[anchor * count..<(anchor + 1) * count]))
        }
        guard !triplets.isEmpty else { return .nothing(batch) }
        let share = 1 / Double(triplets.count)
        var loss = 0.0
        for triplet in triplets {
            let near = distances[triplet.anchor * count + triplet.positive]
            let far = distances[triplet.anchor * count + triplet.negative]
            let (value, slope) = penalty(near - far)
            loss += share * value
            if slope == 0 { continue }
            rows.add(distance, triplet.anchor, triplet.positive, distance: near, times: share * slope)
            rows.add(distance, triplet.anchor, triplet.negative, distance: far, times: -share * slope)
        }
        return try rows.value(loss: loss)
    }

    private func penalty(_ excess: Double) -> (value: Double, slope: Double) {
        switch margin {
        case .hinge(let margin):
            let value = excess + Double(margin)
            return value > 0 ? (value, 1) : (0, 0)
        case .soft:
            // Both forms are exact; the one is used where the other's exponential would overflow.
            return excess > 0
                ? (excess + log1p(exp(-excess)), 1 / (1 + exp(-excess)))
                : (log1p(exp(excess)), exp(excess) / (1 + exp(excess)))
        }
    }

    private func triplets(_ anchor: Int, _ batch: EmbeddingBatch, _ distances: [Double]) -> [Triplet] {
        var positives: [Int] = [], negatives: [Int] = []
        for other in 0..<batch.count where other != anchor {
            switch batch.relation(anchor, other) {
            case .same: positives.append(other)
            case .different: negatives.append(other)
            case .unknown: break
            }
        }
        guard let nearest = Self.nearest(negatives, distances), let farthest = Self.farthest(negatives, distances),
            let farthestPositive = Self.farthest(positives, distances)
        else { return [] }
        switch mining {
        case .batchHard: return [Triplet(anchor: anchor, positive: farthestPositive, negative: nearest)]
        case .semiHard:
            return positives.map { positive in
                let farther = negatives.filter { distances[$0] > distances[positive] }
                return Triplet(
                    anchor: anchor, positive: positive, negative: Self.nearest(farther, distances) ?? farthest)
            }
        }
    }

    private static func nearest(_ rows: [Int], _ distances: [Double]) -> Int? {
        rows.min { distances[$0] < distances[$1] }
    }

    /// The first of equals, which `max` would not answer.
    private static func farthest(_ rows: [Int], _ distances: [Double]) -> Int? {
        rows.min { distances[$0] > distances[$1] }
    }
}
