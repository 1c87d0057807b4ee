// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

@Suite("Losses")
struct LossTests {
    @Test("Batches from which nothing can be learnt have the loss 0 and no gradient", arguments: LossCase.all)
    func nothing(_ each: LossCase) throws {
        // With a margin around classes there is always something to learn of a genuine sample.
        let isClassifying = each.function == "arcface"
        let row: [Float] = [1, 2, 3, 4, 5]
        var batches = [
            try EmbeddingBatch(values: [], dimension: 5, labels: []),
            try EmbeddingBatch(values: row + row, dimension: 5, labels: [1, 1], isForgery: [true, true]),
        ]
        if !isClassifying { batches.append(try EmbeddingBatch(values: row, dimension: 5, labels: [3])) }
        for batch in batches {
            let value = try each.make().evaluate(batch)
            #expect(value == LossValue(loss: 0, gradient: Array(repeating: 0, count: batch.values.count)))
        }
    }

    @Test("Embeddings that coincide, or are zero, leave loss and gradient finite", arguments: LossCase.all)
    func collapsed(_ each: LossCase) throws {
        let labels = [0, 0, 0, 1, 1, 1], forged = [false, false, true, false, false, true]
        for value in [Float(0), 1, 1e-30, 1e15] {
            let loss = try each.make()
            let found = try loss.evaluate(
                EmbeddingBatch(
                    values: Array(repeating: value, count: 30), dimension: 5, labels: labels, isForgery: forged))
            #expect(found.loss.isFinite && found.gradient.allSatisfy(\.isFinite))
            #expect(loss.parameters.allSatisfy { $0.gradient.allSatisfy(\.isFinite) })
            if value == 0, each.function != "arcface" { #expect(found.gradient.allSatisfy { $0 == 0 }) }
        }
    }

    @Test("Embeddings that are no numbers are a divergence", arguments: LossCase.all)
    func notANumber(_ each: LossCase) throws {
        for bad in [Float.nan, .infinity] {
            let batch = try EmbeddingBatch(values: [1, 1, 1, 1, 1, 1, bad, 1, 1, 1], dimension: 5, labels: [0, 0])
            #expect(throws: TrainingError.diverged(reason: "an embedding holds what is no finite number")) {
                try each.make().evaluate(batch)
            }
        }
    }

    @Test("Pairs are the same, different, or two forgeries of which nothing is known")
    func relations() throws {
        let batch = try EmbeddingBatch(
            values: Array(repeating: 0, count: 5), dimension: 1, labels: [4, 4, 4, 4, 5],
            isForgery: [false, false, true, true, true])
        #expect(batch.relation(0, 1) == .same)
        #expect(batch.relation(0, 2) == .different)
        #expect(batch.relation(2, 3) == .unknown)
        #expect(batch.relation(3, 4) == .different)
        #expect(batch.relation(1, 4) == .different)
    }

    @Test("A batch whose numbers do not agree is refused")
    func mismatch() {
        for (values, labels, forged, pairs) in [
            (5, 2, 2, []), (4, 2, 1, []), (4, 2, 2, [LabeledPair(first: 0, second: 2, isSame: true)]),
            (4, 2, 2, [LabeledPair(first: -1, second: 0, isSame: true)]),
        ] as [(Int, Int, Int, [LabeledPair])] {
            #expect(throws: TrainingError.self) {
                try EmbeddingBatch(
                    values: Array(repeating: 0, count: values), dimension: 2, labels: Array(0..<labels),
                    isForgery: Array(repeating: false, count: forged), pairs: pairs)
            }
        }
    }

    @Test("The contrastive loss draws a pair together and parts another up to the margin, to the last digit")
    func contrastive() throws {
        let pairs = [
            LabeledPair(first: 0, second: 1, isSame: true), LabeledPair(first: 0, second: 2, isSame: false),
            LabeledPair(first: 1, second: 3, isSame: false),
        ]
        let batch = try EmbeddingBatch(
            values: [0, 0, 3, 4, 0, 0.5, 3, 9], dimension: 2, labels: [0, 0, 1, 2], pairs: pairs)
        let value = try ContrastiveLoss().evaluate(batch)
        // d = 5, 0.5 and 5: ½ · (25 + 0.25 + 0) / 3.
        #expect(abs(value.loss - 25.25 / 6) < 1e-6)
        let expected: [Float] = [-1, -4.0 / 3 + 0.5 / 3, 1, 4.0 / 3, 0, -0.5 / 3, 0, 0]
        for (found, expected) in zip(value.gradient, expected) { #expect(abs(found - expected) < 1e-6) }
    }

    @Test("A forgery near the references costs more than one far away")
    func forgery() throws {
        func loss(at position: Float) throws -> Float {
            try PrototypicalLoss(supportCount: 1).evaluate(
                EmbeddingBatch(
                    values: [0, 1, position], dimension: 1, labels: [0, 0, 0], isForgery: [false, false, true])
            ).loss
        }
        #expect(try loss(at: 0.5) > loss(at: 2))
        #expect(try loss(at: 2) > loss(at: 4))
    }

    @Test("Labels beyond the classes, and embeddings of another size, are refused")
    func classes() throws {
        var random = RandomSource(seed: 1)
        let loss = try ArcFaceLoss(classCount: 3, dimension: 2, random: &random)
        for batch in [
            try EmbeddingBatch(values: [1, 1], dimension: 2, labels: [3]),
            try EmbeddingBatch(values: [1, 1], dimension: 2, labels: [-1]),
            try EmbeddingBatch(values: [1, 1, 1], dimension: 3, labels: [0]),
        ] {
            #expect(throws: TrainingError.self) { try loss.evaluate(batch) }
        }
    }

    @Test("A sum of losses weighs values, gradients and what is added to the parameters' gradients")
    func composite() throws {
        let batch = try LossBatches.random(seed: 6)
        var random = RandomSource(seed: 2), again = random
        let alone = try ArcFaceLoss(classCount: 7, dimension: 5, random: &random)
        let part = try ArcFaceLoss(classCount: 7, dimension: 5, random: &again)
        let triplet = try TripletLoss(mining: .batchHard)
        let sum = try CompositeLoss([.init(weight: 0.5, loss: part), .init(weight: 2, loss: triplet)])
        part.weight.gradient[3] = 10
        let first = try alone.evaluate(batch), second = try triplet.evaluate(batch), value = try sum.evaluate(batch)
        #expect(abs(value.loss - (0.5 * first.loss + 2 * second.loss)) < 1e-5)
        for position in value.gradient.indices {
            #expect(
                abs(value.gradient[position] - (0.5 * first.gradient[position] + 2 * second.gradient[position])) < 1e-5)
        }
        for position in part.weight.gradient.indices {
            #expect(
                abs(part.weight.gradient[position] - (0.5 * alone.weight.gradient[position] + (position == 3 ? 10 : 0)))
                    < 1e-5)
        }
        #expect(sum.parameters.map(\.name) == ["arcface.weight"])
        #expect(throws: TrainingError.self) { try CompositeLoss([]) }
        #expect(throws: TrainingError.self) { try CompositeLoss([.init(weight: 0, loss: triplet)]) }
        #expect(throws: TrainingError.self) {
            try CompositeLoss([.init(weight: 1, loss: part), .init(weight: 1, loss: alone)])
        }
    }

    @Test("Settings that make no sense are refused")
    func settings() {
        #expect(throws: TrainingError.self) { try ContrastiveLoss(margin: 0) }
        #expect(throws: TrainingError.self) { try ContrastiveLoss(margin: .nan) }
        #expect(throws: TrainingError.self) { try TripletLoss(mining: .semiHard, margin: .hinge(-1)) }
        #expect(throws: TrainingError.self) { try PrototypicalLoss(supportCount: 0) }
        #expect(throws: TrainingError.self) { try PrototypicalLoss(supportCount: 1, scale: .infinity) }
        #expect(throws: TrainingError.self) { try NPairLoss(temperature: 0) }
        #expect(throws: TrainingError.self) { try NPairLoss(regularisation: -1) }
        var random = RandomSource(seed: 1)
        #expect(throws: TrainingError.self) { try ArcFaceLoss(classCount: 0, dimension: 2, random: &random) }
        #expect(throws: TrainingError.self) { try ArcFaceLoss(classCount: 2, dimension: 2, margin: 2, random: &random) }
        #expect(throws: TrainingError.self) {
            try ArcFaceLoss(classCount: 2, dimension: 2, labelSmoothing: 1, random: &random)
        }
    }
}
