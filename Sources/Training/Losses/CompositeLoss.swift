// SPDX-License-Identifier: Apache-2.0

/// A weighted sum of losses of one batch.
public struct CompositeLoss: EmbeddingLoss {
    public struct Term {
        public let weight: Float
        public let loss: any EmbeddingLoss

        public init(weight: Float, loss: any EmbeddingLoss) {
            self.weight = weight
            self.loss = loss
        }
    }

    public let terms: [Term]

    /// - Throws: ``TrainingError/invalidInput(reason:)`` when there is no term, a weight is not above 0, or two terms
    ///   have parameters of one name.
    public init(_ terms: [Term]) throws(TrainingError) {
        guard !terms.isEmpty else { throw .invalidInput(reason: "the loss has no terms") }
        if let term = terms.first(where: { !($0.weight > 0 && $0.weight.isFinite) }) {
            throw .invalidInput(reason: "a term of the loss has the weight \(term.weight), and it has to be above 0")
        }
        let names = terms.flatMap { $0.loss.parameters.map(\.name) }
        guard Set(names).count == names.count else {
            throw .invalidInput(reason: "two terms of the loss have parameters of one name")
        }
        self.terms = terms
    }

    public var parameters: [Parameter] { terms.flatMap(\.loss.parameters) }

    public func evaluate(_ batch: EmbeddingBatch) throws(TrainingError) -> LossValue {
        var loss = 0.0
        var gradient = Array(repeating: 0.0, count: batch.values.count)
        for term in terms {
            let value = try term.loss.evaluate(batch, weight: term.weight), weight = Double(term.weight)
            loss += weight * Double(value.loss)
            for position in gradient.indices { gradient[position] += weight * Double(value.gradient[position]) }
        }
        return try LossValue(checking: loss, gradient: gradient)
    }
}

extension EmbeddingLoss {
    /// The unweighted value; what the loss adds to gradients of its parameters is weighted.
    func evaluate(_ batch: EmbeddingBatch, weight: Float) throws(TrainingError) -> LossValue {
        let parameters = parameters, earlier = parameters.map(\.gradient)
        for parameter in parameters { parameter.clearGradient() }
        defer {
            for (parameter, earlier) in zip(parameters, earlier) {
                for position in earlier.indices {
                    parameter.gradient[position] = earlier[position] + weight * parameter.gradient[position]
                }
            }
        }
        return try evaluate(batch)
    }
}
