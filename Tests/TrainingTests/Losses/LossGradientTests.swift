// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

@Suite("Gradients of losses")
struct LossGradientTests {
    @Test(
        "are PyTorch's", .enabled(if: TorchReference.isPresent, "LIKENESS_PYTHON names no program"),
        arguments: LossCase.all)
    func torch(_ each: LossCase) throws {
        let batches = try (1...4).map { try LossBatches.random(seed: $0, ways: 3 + Int($0)) } + [degenerate()]
        let answers = try TorchReference.answers(try batches.map { try question(each, $0) })
        for (batch, answer) in zip(batches, answers) {
            let loss = try each.make(), value = try loss.evaluate(batch)
            let expected = try #require(answer.outputs["loss"]?.values)
            #expect(relativeError([value.loss], expected) < 1e-5)
            let gradient = try #require(answer.gradients["embeddings"]?.values)
            #expect(relativeError(value.gradient, gradient) < 1e-4)
            if let weight = loss.parameters.first {
                #expect(relativeError(weight.gradient, try #require(answer.gradients["weight"]?.values)) < 1e-4)
            }
        }
    }

    @Test("of stated pairs are PyTorch's", .enabled(if: TorchReference.isPresent, "LIKENESS_PYTHON names no program"))
    func pairs() throws {
        var random = RandomSource(seed: 9)
        let pairs = (0..<12).map { LabeledPair(first: $0, second: 23 - $0, isSame: $0 % 3 == 0) }
        let batch = try EmbeddingBatch(
            values: (0..<48).map { _ in random.normal() }, dimension: 2, labels: Array(0..<24), pairs: pairs)
        let stated = pairs.map {
            TorchAttribute.list([.integer($0.first), .integer($0.second), .integer($0.isSame ? 1 : 0)])
        }
        let answers = try TorchReference.answers([
            TorchCase(
                function: "contrastive", attributes: ["margin": 1, "pairs": .list(stated)],
                tensors: [("embeddings", TorchTensor([24, 2], batch.values))])
        ])
        let value = try ContrastiveLoss().evaluate(batch), answer = try #require(answers.first)
        #expect(relativeError([value.loss], try #require(answer.outputs["loss"]?.values)) < 1e-5)
        #expect(relativeError(value.gradient, try #require(answer.gradients["embeddings"]?.values)) < 1e-4)
    }

    @Test("are those of finite differences", arguments: LossCase.all)
    func differences(_ each: LossCase) throws {
        let batch = try LossBatches.random(seed: 3, ways: 3)
        // Mining and hinges have kinks that a longer step could pass over; a softmax of large logits loses digits to a
        // shorter one.
        let step: Float = each.function == "arcface" ? 5e-3 : 1e-3
        let loss = try each.make(), value = try loss.evaluate(batch)
        let estimated = try FiniteDifferences.gradient(at: batch.values, step: step) {
            Double(try loss.evaluate(LossBatches.with($0, like: batch)).loss)
        }
        #expect(relativeError(value.gradient, estimated) < 1e-3)
        let fresh = try each.make()
        guard let weight = fresh.parameters.first else { return }
        _ = try fresh.evaluate(batch)
        let gradient = weight.gradient
        let weightEstimated = try FiniteDifferences.gradient(at: weight.values, step: step) {
            weight.values = $0
            return Double(try fresh.evaluate(batch).loss)
        }
        #expect(relativeError(gradient, weightEstimated) < 1e-3)
    }

    /// Two of one identity that coincide, a forgery of them beside them, and large values.
    private func degenerate() throws -> EmbeddingBatch {
        let rows: [[Float]] = [
            [1, 2, 0, 0, 1], [1, 2, 0, 0, 1], [1, 2, 0.5, 0, 1], [-3, 0, 2, 1, 0], [-30, 0, 20, 10, 5],
            [4, 4, 4, -4, 1],
            [0.5, 0, 0.25, 0, 1],
        ]
        return try EmbeddingBatch(
            values: rows.flatMap { $0 }, dimension: 5, labels: [0, 0, 0, 1, 1, 1, 1],
            isForgery: [false, false, true, false, false, false, true])
    }

    private func question(_ each: LossCase, _ batch: EmbeddingBatch) throws -> TorchCase {
        var tensors = [("embeddings", TorchTensor([batch.count, batch.dimension], batch.values))]
        if let weight = try each.make().parameters.first {
            tensors.append(("weight", TorchTensor(weight.shape, weight.values)))
        }
        let known: [String: TorchAttribute] = [
            "labels": .list(batch.labels.map { .integer($0) }), "forged": .list(batch.isForgery.map { .bool($0) }),
        ]
        return TorchCase(function: each.function, attributes: each.attributes.merging(known) { $1 }, tensors: tensors)
    }
}
