// SPDX-License-Identifier: Apache-2.0

/// Draws pairs of one identity together and others at least a margin apart (Hadsell, Chopra and LeCun,
/// *Dimensionality Reduction by Learning an Invariant Mapping*, 2006): ½·mean( y·d² + (1 − y)·max(m − d, 0)² ), d being
/// the Euclidean distance and y 1 for a pair of one identity, else 0.
///
/// The mean is over the batch's pairs as they state themselves; where it has none, over all pairs of rows of which
/// something is known. Two different embeddings that coincide have no direction to part in: their derivative is zero.
/// A batch without pairs has the loss 0.
public struct ContrastiveLoss: EmbeddingLoss, Sendable, Hashable {
    public let margin: Float

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when the margin is not above 0.
    public init(margin: Float = 1) throws(TrainingError) {
        guard margin.isFinite, margin > 0 else {
            throw .invalidInput(reason: "the margin of the contrastive loss is \(margin), and has to be above 0")
        }
        self.margin = margin
    }

    public func evaluate(_ batch: EmbeddingBatch) throws(TrainingError) -> LossValue {
        var rows = try EmbeddingRows(batch)
        let pairs = batch.pairs ?? Self.knownPairs(batch)
        guard !pairs.isEmpty else { return .nothing(batch) }
        let share = 1 / Double(pairs.count), margin = Double(margin)
        var loss = 0.0
        for pair in pairs {
            let squared = rows.squaredDistance(pair.first, pair.second)
            if pair.isSame {
                loss += share / 2 * squared
                rows.addDifference(pair.first, pair.second, times: share)
            } else {
                let distance = squared.squareRoot(), lack = margin - distance
                guard lack > 0 else { continue }
                loss += share / 2 * lack * lack
                rows.add(.euclidean, pair.first, pair.second, distance: distance, times: -share * lack)
            }
        }
        return try rows.value(loss: loss)
    }

    private static func knownPairs(_ batch: EmbeddingBatch) -> [LabeledPair] {
        var pairs: [LabeledPair] = []
        for first in 0..<batch.count {
            for second in first + 1..<max(batch.count, first + 1) {
                switch batch.relation(first, second) {
                case .same: pairs.append(LabeledPair(first: first, second: second, isSame: true))
                case .different: pairs.append(LabeledPair(first: first, second: second, isSame: false))
                case .unknown: break
                }
            }
        }
        return pairs
    }
}
