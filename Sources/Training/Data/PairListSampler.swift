// SPDX-License-Identifier: Apache-2.0

/// The pairs of a list, all of them in random order, then all of them in another.
///
/// Every batch has the same number of pairs: one that spans the end of a round begins the next round.
public struct PairListSampler: BatchSampler {
    public let batchesPerEpoch: Int
    public private(set) var state: SamplerState
    private let pairs: [LabeledPair]
    private let labels: [Int]
    private let pairsPerBatch: Int

    /// - Parameter list: Its images are those of the cache; see ``PairList/placed(in:)``.
    /// - Throws: ``DataSetError/tooLittle(reason:)`` when the list has no pairs.
    public init(_ list: PairList, pairsPerBatch: Int, seed: UInt64) throws(DataSetError) {
        precondition(pairsPerBatch > 0)
        guard !list.pairs.isEmpty else {
            throw .tooLittle(reason: "there are no pairs to train on; add rows to the list")
        }
        pairs = list.pairs
        labels = list.labels
        self.pairsPerBatch = pairsPerBatch
        batchesPerEpoch = (pairs.count + pairsPerBatch - 1) / pairsPerBatch
        state = SamplerState(
            kind: "pair list", random: RandomSource(seed: seed), decks: [ShuffledDeck(count: pairs.count)])
    }

    public mutating func next() -> TrainingBatch {
        let drawn = (0..<pairsPerBatch).map { _ in pairs[state.decks[0].draw(&state.random)] }
        let images = drawn.flatMap { [$0.first, $0.second] }
        return TrainingBatch(
            images: images, labels: images.map { labels[$0] }, isForgery: images.map { _ in false },
            pairs: drawn.indices.map { LabeledPair(first: 2 * $0, second: 2 * $0 + 1, isSame: drawn[$0].isSame) })
    }

    public mutating func restore(_ state: SamplerState) throws(DataSetError) {
        try self.state.replace(with: state)
    }
}
