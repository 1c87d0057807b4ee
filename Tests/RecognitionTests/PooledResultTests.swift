// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Recognition
import Testing

/// Figures over several sets.
@Suite struct PooledResultTests {
    /// Identities around places of their own, `spread` wide, with forgeries twice as wide.
    private func samples(
        identities: Int, genuine: Int, forgeries: Int, spread: Float, seed: UInt64
    ) throws -> LabeledEmbeddings {
        var generator = SeededGenerator(seed: seed)
        var values: [Float] = [], labels: [Int] = [], isForgery: [Bool] = []
        for identity in 0..<identities {
            let center = (0..<4).map { _ in Float.random(in: -1...1, using: &generator) }
            for sample in 0..<genuine + forgeries {
                let isForged = sample >= genuine
                values += center.map { $0 + (isForged ? 2 : 1) * spread * Float.random(in: -1...1, using: &generator) }
                labels.append(identity)
                isForgery.append(isForged)
            }
        }
        return try LabeledEmbeddings(values: values, dimension: 4, identities: labels, isForgery: isForgery)
    }

    private func set(
        _ name: String, identities: Int = 10, genuine: Int = 6, forgeries: Int = 4, spread: Float = 0.5, seed: UInt64
    ) throws -> SetResults {
        let samples = try samples(
            identities: identities, genuine: genuine, forgeries: forgeries, spread: spread, seed: seed)
        return SetResults(
            name: name,
            results: try VerificationProtocol(
                referenceCounts: [1, 3], draws: 2, rule: .mean, bootstrap: BootstrapSettings(resamples: 50)
            )
            .evaluate(samples))
    }

    @Test func `one set is what it is by itself`() throws {
        let alone = try set("alone", seed: 1)
        let pooled = PooledResult.all([alone], bootstrap: BootstrapSettings(resamples: 50))
        #expect(pooled.map(\.referenceCount) == [1, 3])
        for (found, own) in zip(pooled, alone.results) {
            #expect(found.random?.equalErrorRate == own.random?.equalErrorRate)
            #expect(found.skilled?.equalErrorRate == own.skilled?.equalErrorRate)
            #expect(found.skilled?.interval == own.skilled?.interval && found.skilled?.interval != nil)
            #expect(found.random?.points == own.random?.points)
            #expect(found.identityCount == own.identityCount)
        }
    }

    @Test func `a set of many people weighs what a set of few does`() throws {
        let small = try set("small", identities: 6, spread: 0.2, seed: 2)
        let large = try set("large", identities: 60, spread: 0.8, seed: 3)
        let pooled = try #require(PooledResult.all([small, large], bootstrap: .none).first?.random)
        let rates = pooled.evaluation
        for threshold in [0.2, 0.5, 1, 1.5] {
            let own = try [small, large].map { try #require($0.results[0].random).evaluation }
            #expect(
                abs(
                    rates.falseMatchRate(at: threshold)
                        - (own[0].falseMatchRate(at: threshold) + own[1].falseMatchRate(at: threshold)) / 2) < 1e-12)
            #expect(
                abs(
                    rates.falseNonMatchRate(at: threshold)
                        - (own[0].falseNonMatchRate(at: threshold) + own[1].falseNonMatchRate(at: threshold)) / 2)
                    < 1e-12)
        }
        let equal = pooled.equalErrorRate
        #expect(abs(rates.falseMatchRate(at: equal.threshold) - equal.rate) < 0.01)
        #expect(abs(rates.falseNonMatchRate(at: equal.threshold) - equal.rate) < 0.02)
        for rate in [0.1, 0.01] {
            let threshold = rates.threshold(falseMatchRate: rate)
            #expect(rates.falseMatchRate(at: threshold) <= rate)
            #expect(rates.falseMatchRate(at: threshold.nextUp) > rate)
        }
        // The same people twice over say nothing new.
        let doubled = try #require(PooledResult.all([small, small], bootstrap: .none).first?.random)
        #expect(abs(doubled.equalErrorRate.rate - (small.results[0].random?.equalErrorRate.rate ?? -1)) < 1e-12)
    }

    @Test func `a set without forgeries is in no figure of forgeries`() throws {
        let without = try set("without", forgeries: 0, seed: 4), with = try set("with", seed: 5)
        let pooled = try #require(PooledResult.all([without, with], bootstrap: .none).first)
        #expect(pooled.random?.sets == ["without", "with"])
        #expect(pooled.skilled?.sets == ["with"])
        #expect(pooled.skilled?.equalErrorRate == with.results[0].skilled?.equalErrorRate)
        #expect(PooledResult.all([without], bootstrap: .none).first?.skilled == nil)
        #expect(PooledResult.all([]).isEmpty)
    }

    @Test func `the interval draws the identities of each set by themselves`() throws {
        let sets = try [
            set("one", identities: 12, spread: 0.4, seed: 6), set("two", identities: 30, spread: 0.7, seed: 7),
        ]
        let settings = BootstrapSettings(resamples: 300)
        let pooled = try #require(PooledResult.all(sets, bootstrap: settings).first?.skilled)
        let interval = try #require(pooled.interval)
        #expect(interval.low < pooled.equalErrorRate.rate && pooled.equalErrorRate.rate < interval.high)
        #expect(interval.resamples == 300 && interval.unit == .identities)
        #expect(try #require(PooledResult.all(sets, bootstrap: settings).first?.skilled?.interval) == interval)
    }

    @Test func `a rate that the smallest set cannot tell is not supported`() throws {
        let small = try set("small", identities: 4, seed: 8), large = try set("large", identities: 60, seed: 9)
        let random = try #require(PooledResult.all([small, large], bootstrap: .none).first?.random)
        // 4 × 3 × 6 impostors of one draw, and 60 × 59 × 6: (3/72 + 3/21240) / 2 is the least that can be told.
        #expect(random.impostorCount == 72 + 21_240)
        #expect(random.points.map(\.isSupported) == [true, false, false, false])
        #expect(random.points.allSatisfy { $0.falseMatchRateUpperBound > 0.02 })
    }
}
