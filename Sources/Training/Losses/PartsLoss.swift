// SPDX-License-Identifier: Apache-2.0

/// A loss of whole embeddings, and the same loss of each of their parts, so that every part tells identities apart by
/// itself (after Lin et al., *Multi-scale and multi-region signature verification*, 2023, where each region has a loss
/// of its own).
///
/// An embedding of D values has `count` parts of D / count values: value v is of the part v mod count, as a network
/// leaves them that flattens `count` places of D / count channels. Parts are brought to length 1 before they are
/// compared.
public struct PartsLoss: EmbeddingLoss {
    private let loss: any EmbeddingLoss
    private let count: Int
    private let weight: Double

    /// - Parameters:
    ///   - count: at least 1.
    ///   - weight: what the mean over the parts counts beside the whole; not below 0.
    /// - Throws: ``TrainingError/invalidInput(reason:)`` when a number is out of range, or the loss has parameters of
    ///   its own, which are for embeddings of one size.
    public init(_ loss: any EmbeddingLoss, count: Int, weight: Double) throws(TrainingError) {
        guard count >= 1, weight >= 0, weight.isFinite else {
            throw .invalidInput(
                reason:
                    "the loss looks at \(count) parts with the weight \(weight); at least 1 and not below 0 are needed")
        }
        guard loss.parameters.isEmpty else {
            throw .invalidInput(reason: "a loss that learns centres of whole embeddings cannot look at parts of them")
        }
        self.loss = loss
        self.count = count
        self.weight = weight
    }

    public func evaluate(_ batch: EmbeddingBatch) throws(TrainingError) -> LossValue {
        let whole = try loss.evaluate(batch)
        guard count > 1, weight > 0 else { return whole }
        guard batch.dimension % count == 0 else {
            throw .invalidInput(reason: "embeddings of \(batch.dimension) values have no \(count) equal parts")
        }
        let size = batch.dimension / count, share = weight / Double(count)
        var sum = Double(whole.loss), gradient = whole.gradient.map(Double.init)
        for part in 0..<count {
            func position(_ row: Int, _ column: Int) -> Int { row * batch.dimension + column * count + part }
            let rows = (0..<batch.count).flatMap { row in (0..<size).map { batch.values[position(row, $0)] } }
            let directions = Directions(rows, dimension: size)
            let value = try loss.evaluate(
                EmbeddingBatch(
                    values: directions.values, dimension: size, labels: batch.labels, isForgery: batch.isForgery,
                    pairs: batch.pairs))
            sum += share * Double(value.loss)
            var pulled = value.gradient
            directions.pullBack(&pulled)
            for row in 0..<batch.count {
                for column in 0..<size {
                    gradient[position(row, column)] += share * Double(pulled[row * size + column])
                }
            }
        }
        return try LossValue(checking: sum, gradient: gradient)
    }
}
