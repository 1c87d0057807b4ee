// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import ProgramHarness
import Recognition
import Testing

@Suite struct VerificationProtocolTests {
    /// A: 4 genuine and 2 forgeries, B: 2 genuine, C: 1 genuine and 1 forgery; in two dimensions.
    private func small() throws -> LabeledEmbeddings {
        try LabeledEmbeddings(
            values: [
                0, 0, 0, 1, 1, 0, 1, 1, /* forgeries */ 2, 0, 0, 3, /* B */ 5, 5, 6, 5, /* C */ -4, 0, /* forgery */ -4,
                1,
            ],
            dimension: 2, identities: [0, 0, 0, 0, 0, 0, 1, 1, 2, 2],
            isForgery: [false, false, false, false, true, true, false, false, false, true])
    }

    @Test func comparisonsAreThoseCountedByHand() throws {
        let results = try VerificationProtocol(
            referenceCounts: [3, 1, 5, 1], draws: 2, rule: .mean, bootstrap: .none
        ).evaluate(small())
        #expect(results.map(\.referenceCount) == [1, 3, 5])
        let (one, three, five) = (results[0], results[1], results[2])
        // A and B are enrolled; C's only sample is a probe.
        #expect(one.identityCount == 2 && one.excludedCount == 1)
        #expect(one.trials.genuine.count == 2 * (3 + 1))
        #expect(one.trials.random.count == 2 * (3 + 5))
        #expect(one.trials.skilled.count == 2 * 2)
        #expect(one.random?.impostorCount == 8 && one.random?.genuineCount == 4 && one.skilled?.impostorCount == 2)
        #expect(three.identityCount == 1 && three.excludedCount == 2)
        #expect(
            three.trials.genuine.count == 2 && three.trials.random.count == 2 * 3 && three.trials.skilled.count == 2 * 2
        )
        #expect(five.identityCount == 0 && five.excludedCount == 3)
        #expect(five.random == nil && five.skilled == nil && five.trials.genuine.isEmpty)
    }

    @Test(arguments: IdentityReference.Rule.allKinds)
    func distancesAreThoseOfTheReferencesThatADaemonWouldMake(rule: IdentityReference.Rule) throws {
        let samples = try random(identities: 9, genuine: 6, forgeries: 3, dimension: 19, seed: 3)
        for result in try VerificationProtocol(draws: 3, rule: rule, bootstrap: .none).evaluate(samples) {
            let trials = result.trials
            #expect(trials.genuine.count == 3 * 9 * (6 - result.referenceCount))
            for trial in trials.genuine + trials.random + trials.skilled {
                let rows = result.references(of: trial)
                #expect(Set(rows).count == result.referenceCount)
                #expect(rows.allSatisfy { samples.identities[$0] == Int(trial.identity) && !samples.isForgery[$0] })
                #expect(!rows.contains(Int(trial.probe)))
                let reference = try IdentityReference(samples: rows.map { try embedding(samples, $0) }, rule: rule)
                #expect(
                    abs(try reference.distance(to: embedding(samples, Int(trial.probe))) - Double(trial.distance))
                        < 1e-5)
            }
            let isOwn = { (trial: VerificationTrial) in samples.identities[Int(trial.probe)] == Int(trial.identity) }
            let isForged = { (trial: VerificationTrial) in samples.isForgery[Int(trial.probe)] }
            #expect(trials.genuine.allSatisfy { isOwn($0) && !isForged($0) })
            #expect(trials.random.allSatisfy { !isOwn($0) && !isForged($0) })
            #expect(trials.skilled.allSatisfy { isOwn($0) && isForged($0) })
        }
    }

    @Test func theSeedAloneDecidesTheDraws() throws {
        let samples = try random(identities: 12, genuine: 6, forgeries: 2, dimension: 8, seed: 4)
        func distances(_ seed: UInt64) throws -> [VerificationTrial] {
            try VerificationProtocol(referenceCounts: [3], draws: 2, seed: seed, rule: .mean, bootstrap: .none)
                .evaluate(samples).flatMap(\.trials.genuine)
        }
        #expect(try distances(7) == distances(7))
        #expect(try distances(7) != distances(8))
        // Two draws differ, too.
        let both = try distances(7)
        #expect(both.filter { $0.draw == 0 }.map(\.probe) != both.filter { $0.draw == 1 }.map(\.probe))
    }

    @Test func randomImpostorsAreBoundedAndSpreadOverReferences() throws {
        let samples = try random(identities: 20, genuine: 5, forgeries: 0, dimension: 4, seed: 5)
        let result = try #require(
            VerificationProtocol(
                referenceCounts: [1], draws: 2, rule: .mean, bootstrap: .none, maximumRandomTrials: 20 * 2 * 7
            ).evaluate(samples).first)
        #expect(result.trials.random.count == 20 * 2 * 7)
        for identity in 0..<20 as Range<Int32> {
            let trials = result.trials.random.filter { $0.identity == identity }
            #expect(trials.count == 14)
            #expect(Set(trials.filter { $0.draw == 0 }.map(\.probe)).count == 7)
        }
        #expect(result.skilled == nil && result.random?.impostorCount == 140)
    }

    @Test func separableIdentitiesHaveNoErrorsAndMixedOnesHalf() throws {
        let apart = try random(identities: 15, genuine: 6, forgeries: 0, dimension: 8, seed: 6, spread: 0.001)
        for result in try VerificationProtocol(draws: 2, rule: .mean, bootstrap: .none).evaluate(apart) {
            #expect(result.random?.equalErrorRate.rate == 0)
        }
        let mixed = try random(identities: 30, genuine: 8, forgeries: 0, dimension: 4, seed: 7, spread: 1000)
        for result in try VerificationProtocol(draws: 2, rule: .mean, bootstrap: .none).evaluate(mixed) {
            #expect(abs((result.random?.equalErrorRate.rate ?? 0) - 0.5) < 0.05)
        }
    }

    @Test func whatIsNoNumberIsInfinitelyFar() throws {
        let samples = try LabeledEmbeddings(
            values: [0, 0.1, .nan, 5, 5.1, .infinity], dimension: 1, identities: [0, 0, 0, 1, 1, 1],
            isForgery: Array(repeating: false, count: 6))
        let result = try #require(
            VerificationProtocol.quick(rule: .mean).evaluate(samples).first)
        #expect(result.trials.genuine.contains { $0.distance == .infinity })
        #expect(!result.trials.genuine.contains { $0.distance.isNaN })
        #expect(result.random != nil)
    }

    @Test func tooLittleOrMismatchedIsATypedError() throws {
        #expect(throws: EvaluationError.self) {
            try LabeledEmbeddings(values: [1, 2, 3], dimension: 2, identities: [0], isForgery: [false])
        }
        #expect(throws: EvaluationError.self) {
            try LabeledEmbeddings(values: [1, 2], dimension: 2, identities: [0], isForgery: [])
        }
        #expect(throws: EvaluationError.self) {
            try LabeledEmbeddings(values: [1, 2], dimension: 2, identities: [-1], isForgery: [true])
        }
        #expect(throws: EvaluationError.self) {
            try LabeledEmbeddings(
                [Fixtures.embedding([1]), Fixtures.embedding([1], model: 2)], identities: [0, 0],
                isForgery: [false, false])
        }
        for (identities, forged) in [
            ([], []), ([0, 0, 0], [false, false, false]), ([0, 1], [false, false]), ([0, 0], [false, true]),
        ] {
            let samples = try LabeledEmbeddings(
                values: identities.map(Float.init), dimension: 1, identities: identities, isForgery: forged)
            #expect(throws: EvaluationError.self) { try VerificationProtocol(rule: .mean).evaluate(samples) }
        }
    }

    @Test(.enabled(if: TestEnvironment.isOptimized, "numerics are slow without optimisation"))
    func fiveHundredIdentitiesTakeSeconds() throws {
        let samples = try random(identities: 500, genuine: 10, forgeries: 10, dimension: 128, seed: 8, spread: 2)
        let begun = ContinuousClock.now
        let results = try VerificationProtocol(rule: .normalizedMean).evaluate(samples)
        #expect(results.allSatisfy { $0.random?.interval != nil && $0.skilled?.interval != nil })
        #expect(ContinuousClock.now - begun < .seconds(60))
    }

    private func embedding(_ samples: LabeledEmbeddings, _ row: Int) throws -> Embedding {
        try Fixtures.embedding(Array(samples.values[row * samples.dimension..<(row + 1) * samples.dimension]))
    }

    /// Identities around places of their own; forgeries are further from them.
    private func random(
        identities: Int, genuine: Int, forgeries: Int, dimension: Int, seed: UInt64, spread: Float = 1
    ) throws -> LabeledEmbeddings {
        var generator = SeededGenerator(seed: seed)
        var values: [Float] = [], labels: [Int] = [], isForgery: [Bool] = []
        for identity in 0..<identities {
            let center = (0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) }
            for sample in 0..<genuine + forgeries {
                let isForged = sample >= genuine
                values += center.map { $0 + (isForged ? 2 : 1) * spread * Float.random(in: -1...1, using: &generator) }
                labels.append(identity)
                isForgery.append(isForged)
            }
        }
        return try LabeledEmbeddings(values: values, dimension: dimension, identities: labels, isForgery: isForgery)
    }
}
