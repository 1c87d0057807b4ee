// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Recognition
import Testing

@Suite struct DecisionTests {
    private func decide(_ distance: Double, acceptable: Bool = true) throws -> Decision {
        let calibration = try Fixtures.calibration()
        return try Decision(
            distance: distance, isProbeAcceptable: acceptable, calibration: calibration,
            operatingPoint: calibration.defaultOperatingPoint, model: Fixtures.digest(7))
    }

    @Test func aDistanceUpToTheThresholdMatches() throws {
        #expect(try decide(0).result == .match)
        #expect(try decide(0.4).result == .match)
        #expect(try decide((0.4).nextUp).result == .noMatch)
        #expect(try decide(.infinity).result == .noMatch)
        #expect(try decide(.nan).result == .noMatch)
    }

    @Test func aPoorProbeIsInconclusiveWhateverTheDistance() throws {
        for distance in [0, 0.4, 3] {
            let decision = try decide(distance, acceptable: false)
            #expect(decision.result == .inconclusive)
            #expect(decision.distance == distance)
        }
    }

    @Test func scoreAndThresholdAgreeWithTheResult() throws {
        let calibration = try Fixtures.calibration()
        for distance in [0.0, 0.39, 0.4, 0.41, 2] {
            let decision = try decide(distance)
            #expect(decision.score == calibration.score(distance: distance))
            #expect((decision.score >= decision.threshold) == (decision.result == .match))
        }
        #expect(try decide(0).operatingPoint.falseMatchRate == 1e-3)
        #expect(try decide(0).model == Fixtures.digest(7))
    }
}

@Suite struct IdentityReferenceTests {
    private func distance(_ rule: IdentityReference.Rule, _ samples: [[Float]], _ probe: [Float]) throws -> Double {
        try IdentityReference(samples: samples.map { try Fixtures.embedding($0) }, rule: rule)
            .distance(to: Fixtures.embedding(probe))
    }

    @Test func theMinimumIsTheNearestSample() throws {
        #expect(try distance(.minimum, [[0, 0], [3, 4], [10, 0]], [3, 0]) == 3)
    }

    @Test func theMeanIsTheMiddleOfTheSamples() throws {
        #expect(try distance(.mean, [[0, 0], [6, 0], [0, 9]], [2, 7]) == 4)
    }

    @Test func theNormalizedMeanHasLengthOne() throws {
        // The mean of the axes points to (1, 1)/√2.
        let expected = (2 - 2 * (0.5).squareRoot()).squareRoot()
        #expect(abs(try distance(.normalizedMean, [[1, 0], [0, 1]], [1, 0]) - expected) < 1e-6)
        #expect(try distance(.normalizedMean, [[1, 0], [-1, 0]], [0, 2]) == 2)
    }

    @Test(arguments: IdentityReference.Rule.allKinds)
    func oneSampleIsItsOwnReference(rule: IdentityReference.Rule) throws {
        #expect(abs(try distance(rule, [[0.6, 0.8]], [0.6, -0.2]) - 1) < 1e-6)
    }

    @Test(arguments: [(0.2, 0.2), (0.5, 0.2), (0.9, 0.2), (0.3, 0.05), (0.01, 0.4), (1.5, 0.3), (1.2, 0.9)])
    func distancesCountBySpreadOfTheSamples(angle: Double, usual: Double) throws {
        let samples: [[Float]] = [-1, 1].map { [Float(cos($0 * angle / 2)), Float(sin($0 * angle / 2))] }
        let spread = try #require(ReferenceSpread(usual: usual))
        // Two unit vectors at an angle have the spread 1 − cos(angle) about their mean.
        let variance = (4 * usual * usual + 1 - cos(angle)) / 5
        let expected = min(max(usual / variance.squareRoot(), 0.7), 1.4)
        let rule = IdentityReference.Rule(.normalizedMean, spread: spread)
        #expect(abs(try distance(rule, samples, [0, 1]) - expected * 2.0.squareRoot()) < 1e-5)
        #expect(
            abs(try distance(rule, [samples[0]], [Float(cos(angle / 2)), Float(sin(angle / 2))]) - 2 * sin(angle / 2))
                < 1e-5)
    }

    @Test func equalSamplesShowNoSteadyHand() throws {
        let spread = try #require(ReferenceSpread(usual: 0.4)), other: ArraySlice<Float> = [0.6, 0.8]
        #expect(spread.scale(of: Array(repeating: [1, 0], count: 5)) == 1)
        #expect(spread.scale(of: [[1, 0], [1, 0], other, [1, 0]]) == spread.scale(of: [[1, 0], other]))
    }

    @Test func `distances to several samples grow with their number, and repeated ones count once`() throws {
        let scale = try #require(SampleCountScale(gain: 0.1))
        let rule = IdentityReference.Rule(.mean, countScale: scale)
        let samples: [[Float]] = [[0, 0], [2, 0], [1, 3], [1, -3]]
        for (count, scale) in [(1, 1.0), (2, 1.05), (4, 1.075)] {
            let plain = try distance(.mean, Array(samples.prefix(count)), [1, 8])
            #expect(abs(try distance(rule, Array(samples.prefix(count)), [1, 8]) - scale * plain) < 1e-6)
        }
        #expect(abs(try distance(rule, [[0, 0], [0, 0]], [3, 4]) - 5) < 1e-6)
        #expect([-0.1, 1.01, .nan].allSatisfy { SampleCountScale(gain: $0) == nil })
    }

    @Test func aSpreadIsFromAThousandthToOne() {
        #expect([0, -0.1, 0.0009, 1.01, .nan, .infinity].allSatisfy { ReferenceSpread(usual: $0) == nil })
        #expect(ReferenceSpread(usual: 1) != nil)
    }

    @Test(arguments: IdentityReference.Rule.allKinds)
    func noSamplesAreInfinitelyFar(rule: IdentityReference.Rule) throws {
        #expect(try distance(rule, [], [1, 2]) == .infinity)
    }

    @Test(arguments: IdentityReference.Rule.allKinds)
    func embeddingsOfTwoModelsAreNeverCompared(rule: IdentityReference.Rule) throws {
        let one = try Fixtures.embedding([1, 0], model: 1), other = try Fixtures.embedding([1, 0], model: 2)
        let longer = try Fixtures.embedding([1, 0, 0], model: 1)
        let refusal = IncomparableEmbeddings(first: one.model, second: other.model)
        #expect(throws: refusal) { try IdentityReference(samples: [one, other], rule: rule) }
        #expect(throws: IncomparableEmbeddings(first: other.model, second: one.model)) {
            try IdentityReference(samples: [one], rule: rule).distance(to: other)
        }
        #expect(throws: IncomparableEmbeddings.self) {
            try IdentityReference(samples: [one], rule: rule).distance(to: longer)
        }
    }
}
