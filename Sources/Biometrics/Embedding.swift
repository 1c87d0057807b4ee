// SPDX-License-Identifier: Apache-2.0

/// What a network made of one prepared image, together with the model that made it.
///
/// An embedding has no distance of its own: distances exist only on ``EmbeddingPair``, which cannot be
/// made from embeddings of two models.
public struct Embedding: Sendable, Hashable {
    /// The coordinates, one per output of the network. All are finite.
    public let values: [Float]
    /// The model that made it.
    public let model: ModelDigest

    /// Returns nil when `values` is empty or holds a value that is not finite.
    public init?(values: [Float], model: ModelDigest) {
        guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
        self.values = values
        self.model = model
    }
}

/// Two embeddings of one model: the only thing that has a distance.
public struct EmbeddingPair: Sendable {
    public let first: Embedding
    public let second: Embedding

    /// - Throws: ``IncomparableEmbeddings`` when the models or the sizes differ.
    public init(_ first: Embedding, _ second: Embedding) throws(IncomparableEmbeddings) {
        guard first.model == second.model, first.values.count == second.values.count else {
            throw IncomparableEmbeddings(first: first.model, second: second.model)
        }
        self.first = first
        self.second = second
    }

    /// The Euclidean distance, at least 0.
    public var distance: Float {
        var sum: Float = 0
        for index in first.values.indices {
            let difference = first.values[index] - second.values[index]
            sum += difference * difference
        }
        return sum.squareRoot()
    }
}

/// The refusal to compare embeddings that two different models made.
public struct IncomparableEmbeddings: Error, Equatable, CustomStringConvertible {
    public let first: ModelDigest
    public let second: ModelDigest

    public init(first: ModelDigest, second: ModelDigest) {
        self.first = first
        self.second = second
    }

    public var description: String {
        "embeddings of model \(first.short) and model \(second.short) cannot be compared; re-embed one of them with the other's model"
    }
}
