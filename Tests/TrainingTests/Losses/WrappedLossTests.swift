// SPDX-License-Identifier: Apache-2.0

import Testing
import Training

@Suite("Losses of parts and of episodes")
struct WrappedLossTests {
    /// Of six values, three genuine samples and a forgery of each of three identities.
    private func batch(seed: UInt64, episodes: [Int]? = nil) throws -> EmbeddingBatch {
        var random = RandomSource(seed: seed)
        return try EmbeddingBatch(
            values: (0..<12 * 6).map { _ in random.normal() }, dimension: 6, labels: (0..<12).map { $0 / 4 },
            isForgery: (0..<12).map { $0 % 4 == 3 }, episodes: episodes)
    }

    private func replacing(_ values: [Float], in batch: EmbeddingBatch) throws -> EmbeddingBatch {
        try EmbeddingBatch(
            values: values, dimension: batch.dimension, labels: batch.labels, isForgery: batch.isForgery,
            episodes: batch.episodes)
    }

    @Test func partsAreEveryNthValueAtLengthOneAndTheirMeanCountsByItsWeight() throws {
        let whole = try batch(seed: 1), loss = try VerificationLoss()
        var expected = Double(try loss.evaluate(whole).loss)
        for part in 0..<2 {
            let rows = (0..<12).map { row in (0..<3).map { whole.values[row * 6 + $0 * 2 + part] } }
            let directions = rows.flatMap { row in
                let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return row.map { $0 / length }
            }
            let own = try EmbeddingBatch(
                values: directions, dimension: 3, labels: whole.labels, isForgery: whole.isForgery)
            expected += 0.75 / 2 * Double(try loss.evaluate(own).loss)
        }
        let found = try PartsLoss(loss, count: 2, weight: 0.75).evaluate(whole).loss
        #expect(abs(Double(found) - expected) < 1e-5 * abs(expected))
    }

    @Test func theGradientOfPartsIsThatOfFiniteDifferences() throws {
        // Of length 1, as a network's are: of longer ones the loss is so large that its differences are lost in its
        // last digits.
        let drawn = try batch(seed: 2),
            loss = try PartsLoss(VerificationLoss(references: .varied), count: 2, weight: 0.5)
        let whole = try replacing(
            (0..<12).flatMap { row in
                let values = drawn.values[row * 6..<row * 6 + 6],
                    length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
                return values.map { $0 / length }
            }, in: drawn)
        let value = try loss.evaluate(whole)
        let estimated = try FiniteDifferences.gradient(at: whole.values, step: 2e-3) {
            Double(try loss.evaluate(replacing($0, in: whole)).loss)
        }
        #expect(relativeError(value.gradient, estimated) < 1e-3)
    }

    @Test func partsThatDoNotDivideAnEmbeddingAreRefused() throws {
        let loss = try PartsLoss(VerificationLoss(), count: 4, weight: 1)
        #expect(throws: TrainingError.self) { try loss.evaluate(batch(seed: 3)) }
        #expect(throws: TrainingError.self) { try PartsLoss(VerificationLoss(), count: 0, weight: 1) }
    }

    @Test func episodesAreNotComparedWithOneAnother() throws {
        let episodes = (0..<12).map { $0 < 8 ? 5 : 2 }
        let mixed = try batch(seed: 4, episodes: episodes), loss = try VerificationLoss()
        let first = try mixed.part(0..<8), second = try mixed.part(8..<12)
        let values = [try loss.evaluate(first), try loss.evaluate(second)]
        let found = try PerEpisodeLoss(loss).evaluate(mixed)
        #expect(abs(found.loss - (values[0].loss + values[1].loss) / 2) < 1e-5)
        #expect(relativeError(found.gradient, (values[0].gradient + values[1].gradient).map { $0 / 2 }) < 1e-6)
        // Without episodes it is the loss itself.
        #expect(try PerEpisodeLoss(loss).evaluate(batch(seed: 4)) == loss.evaluate(batch(seed: 4)))
    }

    @Test func aLossThatLearnsGetsTheMeanOfItsEpisodesGradients() throws {
        let episodes = (0..<12).map { $0 / 4 }
        let mixed = try batch(seed: 5, episodes: episodes)
        func made() throws -> ArcFaceLoss {
            var random = RandomSource(seed: 3)
            return try ArcFaceLoss(
                classCount: 3, dimension: 6, scale: 4, margin: 0.2, labelSmoothing: 0, random: &random)
        }
        let apart = try made(), together = try made()
        for episode in 0..<3 { _ = try apart.evaluate(mixed.part(4 * episode..<4 * episode + 4)) }
        _ = try PerEpisodeLoss(together).evaluate(mixed)
        let expected = try #require(apart.parameters.first).gradient.map { $0 / 3 }
        #expect(relativeError(try #require(together.parameters.first).gradient, expected) < 1e-5)
    }
}

extension EmbeddingBatch {
    fileprivate func part(_ rows: Range<Int>) throws -> EmbeddingBatch {
        try EmbeddingBatch(
            values: Array(values[rows.lowerBound * dimension..<rows.upperBound * dimension]), dimension: dimension,
            labels: Array(labels[rows]), isForgery: Array(isForgery[rows]))
    }
}
