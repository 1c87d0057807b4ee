// SPDX-License-Identifier: Apache-2.0

import Biometrics

/// Embeddings of one model as rows of a matrix, with whose each is.
public struct LabeledEmbeddings: Sendable {
    /// Row by row, `count` × `dimension`.
    public let values: [Float]
    public let dimension: Int
    /// For each row its identity, from 0.
    public let identities: [Int]
    /// For each row whether somebody else made it to look like the identity's.
    public let isForgery: [Bool]
    /// One more than the largest identity.
    public let identityCount: Int

    public var count: Int { identities.count }

    /// - Throws: ``EvaluationError/mismatch(_:)`` when the lengths do not fit or an identity is negative. A value
    ///   that is no number is no error: its distances count as infinite.
    public init(values: [Float], dimension: Int, identities: [Int], isForgery: [Bool]) throws(EvaluationError) {
        guard dimension > 0, values.count == identities.count * dimension else {
            throw .mismatch("\(values.count) values are not \(identities.count) rows of \(dimension)")
        }
        guard isForgery.count == identities.count else {
            throw .mismatch("\(isForgery.count) marks of forgery for \(identities.count) rows")
        }
        guard identities.allSatisfy({ (0..<Int(Int32.max)).contains($0) }) else {
            throw .mismatch("an identity is not a number from 0")
        }
        self.values = values
        self.dimension = dimension
        self.identities = identities
        self.isForgery = isForgery
        identityCount = (identities.max() ?? -1) + 1
    }

    /// - Throws: ``EvaluationError/mismatch(_:)`` when the embeddings are not all of one model.
    public init(_ embeddings: [Embedding], identities: [Int], isForgery: [Bool]) throws(EvaluationError) {
        let dimension = embeddings.first?.values.count ?? 1
        guard embeddings.allSatisfy({ $0.values.count == dimension && $0.model == embeddings[0].model }) else {
            throw .mismatch("they are of several models")
        }
        try self.init(
            values: embeddings.flatMap(\.values), dimension: dimension, identities: identities, isForgery: isForgery)
    }

    func row(_ index: Int) -> ArraySlice<Float> { values[index * dimension..<(index + 1) * dimension] }
}
