// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Recognition
import Testing

@Suite struct ErrorRatesTests {
    /// Normal distances, with an offset for each identity so that comparisons of one depend on each other.
    private func trials(
        _ count: Int, identities: Int, mean: Double, seed: UInt64, steps: Double = 50
    ) -> [VerificationTrial] {
        var generator = SeededGenerator(seed: seed)
        func normal() -> Double {
            (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0..<1, using: &generator) }
        }
        let offsets = (0..<identities).map { _ in 0.5 * normal() }
        return (0..<count).map { index in
            let identity = index % identities
            let distance = ((mean + offsets[identity] + normal()) * steps).rounded() / steps
            return VerificationTrial(
                distance: index == 11 ? .infinity : Float(distance), identity: identity, probe: index)
        }
    }

    private struct Work: Encodable {
        struct Row: Encodable {
            let trial: VerificationTrial

            func encode(to encoder: any Encoder) throws {
                var container = encoder.unkeyedContainer()
                if trial.distance.isFinite {
                    try container.encode(Double(trial.distance))
                } else {
                    try container.encodeNil()
                }
                try container.encode(trial.identity)
            }
        }

        let genuine: [Row]
        let impostor: [Row]
        let weights: [[Int]]
        let resamples: Int
        let confidence: Double
    }

    private struct Found: Decodable {
        let plain: Double
        let weighted: [Double]
        let low: Double
        let high: Double
    }

    @Test(.enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
    func theBootstrapIsThatOfNumPy() async throws {
        let identities = 25
        let genuine = trials(400, identities: identities, mean: 0, seed: 1, steps: 10)
        let impostor = trials(1500, identities: identities, mean: 2, seed: 2, steps: 10)
        var generator = SeededGenerator(seed: 3)
        let weights = (0..<20).map { _ in (0..<identities).map { _ in Int.random(in: 0...3, using: &generator) } }
        let folder = try TemporaryFolder()
        let work = Work(
            genuine: genuine.map(Work.Row.init), impostor: impostor.map(Work.Row.init), weights: weights,
            resamples: 1000,
            confidence: 0.95)
        try JSONEncoder().encode(work).write(to: URL(fileURLWithPath: folder.appending("work.json")))
        try await PythonReference.run(
            "evaluation_reference.py", [folder.appending("work.json"), folder.appending("found.json")])
        let found = try JSONDecoder().decode(
            Found.self, from: try Data(contentsOf: URL(fileURLWithPath: folder.appending("found.json"))))

        let evaluation = Evaluation(
            genuine: genuine.map { Double($0.distance) }, impostor: impostor.map { Double($0.distance) })
        #expect(abs(try #require(evaluation.equalErrorRate).rate - found.plain) < 1e-12)
        let bootstrap = SubsetBootstrap(genuine: genuine, impostor: impostor)
        #expect(bootstrap.groupCount == identities)
        for (weights, expected) in zip(weights, found.weighted) {
            #expect(abs(try #require(bootstrap.equalErrorRate(weights: weights)) - expected) < 1e-12)
        }
        let interval = try #require(bootstrap.interval(BootstrapSettings(resamples: 1000), unit: .identities))
        // Other random numbers: the bounds agree to the noise of 1000 resamples.
        let width = found.high - found.low
        #expect(abs(interval.low - found.low) < 0.15 * width && abs(interval.high - found.high) < 0.15 * width)
        #expect(interval.low < found.plain && found.plain < interval.high)
        #expect(interval.resamples == 1000)
    }

    @Test func moreThresholdsThanAreKeptMoveARateByLittle() throws {
        let genuine = trials(6000, identities: 40, mean: 0, seed: 4, steps: 1e6)
        let impostor = trials(20_000, identities: 40, mean: 2, seed: 5, steps: 1e6)
        let exact = try #require(
            Evaluation(genuine: genuine.map { Double($0.distance) }, impostor: impostor.map { Double($0.distance) })
                .equalErrorRate)
        #expect(Set((genuine + impostor).map(\.distance)).count > SubsetBootstrap.maximumThresholds)
        let rate = try #require(
            SubsetBootstrap(genuine: genuine, impostor: impostor).equalErrorRate(
                weights: Array(repeating: 1, count: 40)))
        #expect(abs(rate - exact.rate) < 5e-4)
    }

    @Test(arguments: [0.5, 1, 2, 3.5])
    func twoNormalDistributionsCrossAtTheirClosedForm(separation: Double) throws {
        // Quantiles of the distributions themselves: genuine at 0, impostors `separation` further.
        let deviates = (0..<4000).map { deviate((Double($0) + 0.5) / 4000) }
        let evaluation = Evaluation(genuine: deviates, impostor: deviates.map { $0 + separation })
        let expected = 0.5 * erfc(separation / 2 / 2.0.squareRoot())
        #expect(abs(try #require(evaluation.equalErrorRate).rate - expected) < 3e-4)
        for rate in [1e-1, 1e-2] {
            let miss = 0.5 * erfc((deviate(rate) + separation) / 2.0.squareRoot())
            #expect(abs(evaluation.falseNonMatchRate(at: evaluation.threshold(falseMatchRate: rate)) - miss) < 2e-3)
        }
    }

    private func deviate(_ share: Double) -> Double {
        var low = -10.0, high = 10.0
        for _ in 0..<80 {
            let middle = (low + high) / 2
            if 0.5 * erfc(-middle / 2.0.squareRoot()) < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    @Test func claimsWithoutEnoughImpostorsAreNotSupported() throws {
        let pairs = try PairEvaluation(
            distances: (0..<50).map { Float($0) / 100 } + (0..<500).map { 1 + Float($0) / 100 },
            isSame: (0..<550).map { $0 < 50 }, bootstrap: .none)
        let points = pairs.rates.points
        #expect(points.map(\.falseMatchRate) == [1e-1, 1e-2, 1e-3, 1e-4])
        // 500 impostors: 3/500 = 0.6 % is the least that can be told.
        #expect(points.map(\.isSupported) == [true, true, false, false])
        #expect(points.allSatisfy { $0.falseMatchRate < 0.1 || $0.threshold >= 1 })
        #expect(abs(points[3].falseMatchRateUpperBound - (1 - pow(0.05, 1 / 500.0))) < 1e-9)
        #expect(points[1].falseMatchRateUpperBound > 0.01)
        #expect(abs(points[0].falseNonMatchRateUpperBound - (1 - pow(0.05, 1 / 50.0))) < 1e-9)
        #expect(pairs.rates.equalErrorRate.rate == 0 && pairs.rates.interval == nil)
    }

    @Test func pairsAreResampledByIdentityWhereItIsKnown() throws {
        let genuine = trials(300, identities: 10, mean: 0, seed: 6),
            impostor = trials(300, identities: 10, mean: 1.5, seed: 7)
        let all = genuine + impostor
        let distances = all.map(\.distance), isSame = all.indices.map { $0 < 300 }
        let byIdentity = try PairEvaluation(
            distances: distances, isSame: isSame, identities: all.map { Int($0.identity) })
        let byPair = try PairEvaluation(distances: distances, isSame: isSame)
        #expect(byIdentity.rates.interval?.unit == .identities && byPair.rates.interval?.unit == .pairs)
        #expect(byIdentity.rates.equalErrorRate == byPair.rates.equalErrorRate)
        // Comparisons of one identity depend on each other here: taking them for independent looks too sure.
        let wide = try #require(byIdentity.rates.interval), narrow = try #require(byPair.rates.interval)
        #expect(wide.high - wide.low > 1.2 * (narrow.high - narrow.low))
        #expect(byIdentity.genuine.count == 300 && byIdentity.impostor.map(\.probe) == (300..<600).map(Int32.init))
    }

    @Test func pairsOfOneKindOrOfOtherLengthsAreATypedError() {
        #expect(throws: EvaluationError.self) { try PairEvaluation(distances: [1, 2], isSame: [true, true]) }
        #expect(throws: EvaluationError.self) { try PairEvaluation(distances: [], isSame: []) }
        #expect(throws: EvaluationError.self) { try PairEvaluation(distances: [1, 2], isSame: [true]) }
        #expect(throws: EvaluationError.self) {
            try PairEvaluation(distances: [1, 2], isSame: [true, false], identities: [0])
        }
        #expect(throws: EvaluationError.self) {
            try PairEvaluation(distances: [1, 2], isSame: [true, false], identities: [0, -1])
        }
        #expect(throws: EvaluationError.self) {
            try PairEvaluation(distances: [.nan, .infinity], isSame: [true, false])
        }
    }

    @Test func theDrawnCurveHasItsEndsAndIsShort() throws {
        let genuine = trials(5000, identities: 10, mean: 0, seed: 8, steps: 1e6).map { Double($0.distance) }
        let impostor = trials(90_000, identities: 10, mean: 3, seed: 9, steps: 1e6).map { Double($0.distance) }
        let evaluation = Evaluation(genuine: genuine, impostor: impostor)
        let curve = evaluation.errorTradeoff(pointCount: 1000)
        #expect(curve.count <= 1001 && curve.count > 500)
        #expect(curve.first?.falseMatchRate == 0 && curve.first?.falseNonMatchRate == 1)
        #expect(curve.contains { $0.falseMatchRate > 0 && $0.falseMatchRate < 2 / 90_000.0 })
        for (before, after) in zip(curve, curve.dropFirst()) {
            #expect(before.threshold < after.threshold && before.falseMatchRate <= after.falseMatchRate)
        }
        for point in curve { #expect(point.falseMatchRate == evaluation.falseMatchRate(at: point.threshold)) }
        #expect(Evaluation(genuine: [.infinity], impostor: []).errorTradeoff(pointCount: 100).isEmpty)
    }
}
