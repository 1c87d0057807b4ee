// SPDX-License-Identifier: Apache-2.0

/// The mean of a loss over a batch's episodes, whose rows are not compared with one another: signatures of two data
/// sets are told apart by paper and script, and nothing about hands would be learnt from them.
///
/// A batch of one episode is given to the loss as it is.
public struct PerEpisodeLoss: EmbeddingLoss {
    private let loss: any EmbeddingLoss

    public init(_ loss: any EmbeddingLoss) {
        self.loss = loss
    }

    public var parameters: [Parameter] { loss.parameters }

    public func evaluate(_ batch: EmbeddingBatch) throws(TrainingError) -> LossValue {
        guard let episodes = batch.episodes else { return try loss.evaluate(batch) }
        let members = Dictionary(grouping: 0..<batch.count) { episodes[$0] }.sorted { $0.key < $1.key }.map(\.value)
        let share = 1 / Double(max(members.count, 1))
        var sum = 0.0, gradient = Array(repeating: 0.0, count: batch.values.count)
        for rows in members {
            let value = try loss.evaluate(try batch.rows(rows), weight: Float(share))
            sum += share * Double(value.loss)
            for (position, row) in rows.enumerated() {
                for column in 0..<batch.dimension {
                    gradient[row * batch.dimension + column] =
                        share * Double(value.gradient[position * batch.dimension + column])
                }
            }
        }
        return try LossValue(checking: sum, gradient: gradient)
    }
}

extension EmbeddingBatch {
    /// Some rows of the batch, and the pairs between them.
    ///
    /// - Precondition: `rows` name rows of the batch, each once.
    func rows(_ rows: [Int]) throws(TrainingError) -> EmbeddingBatch {
        let positions = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($1, $0) })
        return try EmbeddingBatch(
            values: rows.flatMap { values[$0 * dimension..<($0 + 1) * dimension] }, dimension: dimension,
            labels: rows.map { labels[$0] },
            isForgery: rows.map { isForgery[$0] },
            pairs: pairs?.compactMap { pair in
                guard let first = positions[pair.first], let second = positions[pair.second] else { return nil }
                return LabeledPair(first: first, second: second, isSame: pair.isSame)
            })
    }
}
