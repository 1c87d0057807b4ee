// SPDX-License-Identifier: Apache-2.0

/// Two rows of a batch, and whether they are known to show the same.
public struct LabeledPair: Sendable, Hashable, Codable {
    public let first: Int
    public let second: Int
    /// Whether both are genuine samples of one identity.
    public let isSame: Bool

    public init(first: Int, second: Int, isSame: Bool) {
        self.first = first
        self.second = second
        self.isSame = isSame
    }
}

/// What is known of two rows of a batch.
public enum PairRelation: Sendable, Hashable {
    /// Both are genuine and of one identity.
    case same
    /// Of two identities, or a genuine sample and a forgery of it.
    case different
    /// Two forgeries of one identity: they may or may not be of one hand, so nothing is to be learnt from them.
    case unknown
}

/// What a network made of a batch, and what is known of each row.
public struct EmbeddingBatch: Sendable, Equatable {
    /// N×D, row by row, N being ``count`` and D ``dimension``.
    public let values: [Float]
    public let count: Int
    public let dimension: Int
    /// The identity that each row shows, or that it pretends to show; N of them.
    public let labels: [Int]
    /// Whether each row is a forgery of its label; N of them.
    public let isForgery: [Bool]
    /// The pairs to learn from, where the batch was drawn as pairs; nil where every pair of rows may be used.
    public let pairs: [LabeledPair]?
    /// The number of each row's episode, where the batch has several that are not compared with one another; nil where
    /// it is one.
    public let episodes: [Int]?

    /// - Parameter isForgery: nil when every row is genuine.
    /// - Throws: ``TrainingError/invalidInput(reason:)`` where the numbers do not agree, or a pair names a row that
    ///   there is not.
    public init(
        values: [Float], dimension: Int, labels: [Int], isForgery: [Bool]? = nil, pairs: [LabeledPair]? = nil,
        episodes: [Int]? = nil
    ) throws(TrainingError) {
        let count = labels.count
        guard dimension > 0, case let (needed, overflows) = count.multipliedReportingOverflow(by: dimension),
            !overflows,
            needed == values.count
        else {
            throw .invalidInput(
                reason: "\(values.count) values are no \(count) embeddings, one for each label, of \(dimension) values")
        }
        if let isForgery, isForgery.count != count {
            throw .invalidInput(reason: "\(isForgery.count) of \(count) embeddings are said to be genuine or forged")
        }
        if let pair = pairs?.first(where: { !(0..<count).contains($0.first) || !(0..<count).contains($0.second) }) {
            throw .invalidInput(
                reason: "a pair names the embeddings \(pair.first) and \(pair.second), and there are \(count)")
        }
        if let episodes, episodes.count != count {
            throw .invalidInput(reason: "\(episodes.count) of \(count) embeddings are said to be of an episode")
        }
        self.values = values
        self.count = count
        self.dimension = dimension
        self.labels = labels
        self.isForgery = isForgery ?? Array(repeating: false, count: count)
        self.pairs = pairs
        self.episodes = episodes
    }

    /// What labels and forgeries say of two rows, whatever ``pairs`` states.
    ///
    /// - Precondition: both are rows of the batch.
    public func relation(_ first: Int, _ second: Int) -> PairRelation {
        if labels[first] != labels[second] { return .different }
        return switch (isForgery[first], isForgery[second]) {
        case (false, false): .same
        case (true, true): .unknown
        case (false, true), (true, false): .different
        }
    }
}
