// SPDX-License-Identifier: Apache-2.0

/// A loss of a batch, and its derivative.
public struct LossValue: Sendable, Equatable {
    public let loss: Float
    /// The derivative with respect to every value of the batch's embeddings: N×D, row by row.
    public let gradient: [Float]

    public init(loss: Float, gradient: [Float]) {
        self.loss = loss
        self.gradient = gradient
    }
}

/// Says how far embeddings are from what they should be.
public protocol EmbeddingLoss {
    /// What the loss itself learns, such as the centres of classes; to be handed to the optimiser with the network's.
    var parameters: [Parameter] { get }

    /// The loss and its gradient; derivatives of ``parameters`` are added to their gradients.
    ///
    /// Both are finite wherever the embeddings are: where nothing can be learnt from a batch, both are zero.
    ///
    /// - Throws: ``TrainingError/invalidInput(reason:)`` when the batch is not one the loss can be computed of,
    ///   ``TrainingError/diverged(reason:)`` when an embedding or the loss is no finite number.
    func evaluate(_ batch: EmbeddingBatch) throws(TrainingError) -> LossValue
}

extension EmbeddingLoss {
    public var parameters: [Parameter] { [] }
}
