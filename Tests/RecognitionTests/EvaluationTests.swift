// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Recognition
import Testing

@Suite struct EvaluationTests {
    /// Distances with many ties, as rounded random numbers.
    private func distances(count: Int, center: Double, seed: UInt64) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let sum = (0..<4).reduce(0.0) { total, _ in total + Double.random(in: 0...1, using: &generator) }
            return max(0, ((center + sum / 4 - 0.5) * 200).rounded() / 200)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func ratesAreSharesOfPairs(seed: UInt64) {
        let genuine = distances(count: 157, center: 0.4, seed: seed),
            impostor = distances(count: 311, center: 0.7, seed: seed + 100)
        let evaluation = Evaluation(genuine: genuine, impostor: impostor)
        for threshold in stride(from: 0.0, through: 1.3, by: 0.0125) {
            #expect(evaluation.falseMatchRate(at: threshold) == Double(impostor.count { $0 <= threshold }) / 311)
            #expect(evaluation.falseNonMatchRate(at: threshold) == Double(genuine.count { $0 > threshold }) / 157)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64], [0.5, 0.1, 1e-2, 1e-3])
    func theThresholdOfARateIsTheLargestThatKeepsIt(seed: UInt64, rate: Double) {
        let impostor = distances(count: 311, center: 0.7, seed: seed)
        let threshold = Evaluation(genuine: [], impostor: impostor).threshold(falseMatchRate: rate)
        func share(_ threshold: Double) -> Double {
            Double(impostor.count { $0 <= threshold }) / Double(impostor.count)
        }
        #expect(share(threshold) <= rate)
        // The next larger number is a distance that breaks the rate.
        #expect(share(threshold.nextUp) > rate)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7] as [UInt64])
    func theEqualErrorRateLiesWhereTheErrorsCross(seed: UInt64) throws {
        let genuine = distances(count: 157, center: 0.4, seed: seed),
            impostor = distances(count: 311, center: 0.6, seed: seed + 50)
        let found = try #require(Evaluation(genuine: genuine, impostor: impostor).equalErrorRate)
        // By definition: the errors at every threshold, the last before they cross and the first after.
        let points = ([-1] + Set(genuine + impostor).sorted()).map { threshold in
            (
                match: Double(impostor.count { $0 <= threshold }) / 311,
                miss: Double(genuine.count { $0 > threshold }) / 157
            )
        }
        let after = try #require(points.firstIndex { $0.match >= $0.miss })
        let a = points[after - 1], b = points[after]
        let t = (a.miss - a.match) / ((a.miss - a.match) + (b.match - b.miss))
        #expect(abs(found.rate - (a.match + t * (b.match - a.match))) < 1e-12)
        #expect(abs(found.rate - (a.miss + t * (b.miss - a.miss))) < 1e-12)
    }

    @Test func perfectSeparationAndConfusionAreTheEnds() {
        #expect(Evaluation(genuine: [0.1, 0.2], impostor: [0.3, 0.4]).equalErrorRate?.rate == 0)
        #expect(Evaluation(genuine: [0.3, 0.4], impostor: [0.1, 0.2]).equalErrorRate?.rate == 1)
        #expect(Evaluation(genuine: [], impostor: [0.1]).equalErrorRate == nil)
    }

    @Test func failuresToAcquireCountAsComparisonsThatNeverMatch() throws {
        let plain = Evaluation(
            genuine: Array(repeating: 0.1, count: 90), impostor: Array(repeating: 0.9, count: 95),
            genuineFailures: 10, impostorFailures: 5)
        let counting = plain.countingFailures
        #expect(plain.falseNonMatchRate(at: 0.5) == 0)
        #expect(counting.falseNonMatchRate(at: 0.5) == 0.1)
        #expect(counting.falseMatchRate(at: 0.95) == 0.95)
        #expect(counting.genuine.count == 100 && counting.impostor.count == 100)
        #expect(Evaluation(genuine: [.nan], impostor: [0.5]).falseNonMatchRate(at: 1e9) == 1)
    }

    @Test func noImpostorsAllowNoThreshold() {
        #expect(Evaluation(genuine: [0.1], impostor: []).threshold(falseMatchRate: 0.1) == 0)
        #expect(Evaluation(genuine: [0.1], impostor: [0.5, 0.6]).threshold(falseMatchRate: 1e-3) == (0.5).nextDown)
    }

    /// The values are from exact rational sums of the binomial distribution.
    @Test(
        arguments: [
            (0, 300, 0.009936081944), (1, 10, 0.394163302437), (5, 100, 0.102253377643), (3, 31, 0.231502975143),
            (9, 10, 0.994883803108),
        ] as [(Int, Int, Double)])
    func upperBoundsAreThoseOfClopperAndPearson(events: Int, trials: Int, expected: Double) {
        #expect(abs(BinomialInterval.upperBound(events: events, trials: trials) - expected) < 1e-9)
    }

    @Test(arguments: [10, 300, 78_000, 10_000_000])
    func withoutEventsTheBoundIsClosedForm(trials: Int) {
        let expected = 1 - pow(0.05, 1 / Double(trials))
        #expect(abs(BinomialInterval.upperBound(events: 0, trials: trials) / expected - 1) < 1e-6)
    }

    @Test func boundsStayInRange() {
        #expect(BinomialInterval.upperBound(events: 0, trials: 0) == 1)
        #expect(BinomialInterval.upperBound(events: 5, trials: 5) == 1)
        #expect(BinomialInterval.upperBound(events: 3, trials: 10, confidence: 1) == 1)
        let large = BinomialInterval.upperBound(events: 780, trials: 78_000)
        #expect(large > 0.01 && large < 0.0107)
    }
}
