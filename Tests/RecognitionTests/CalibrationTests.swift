// SPDX-License-Identifier: Apache-2.0

import Foundation
import Recognition
import Testing

@Suite struct CalibrationTests {
    static let genuine = [0.10, 0.15, 0.2, 0.22, 0.25, 0.3, 0.33, 0.41, 0.45, 0.62, 0.35, 0.28]
    static let impostor = [0.40, 0.55, 0.6, 0.66, 0.7, 0.71, 0.8, 0.85, 0.9, 1.1, 0.5, 0.95, 0.75, 0.38, 1.2]

    /// a and d₀ are from a derivative-free search of the same loss in NumPy.
    @Test func theFitIsTheMinimumOfTheWeightedCrossEntropy() throws {
        let fitted = try Calibration.fit(genuine: Self.genuine, impostor: Self.impostor, set: "made up")
        #expect(abs(fitted.a - 7.7949826) < 1e-4)
        #expect(abs(fitted.d0 - 0.48640815) < 1e-6)
        #expect(fitted.genuineCount == 12 && fitted.impostorCount == 15)
    }

    @Test(arguments: [1.0, 40.0, 1e-3])
    func theFitFollowsTheScaleOfTheDistances(scale: Double) throws {
        let plain = try Calibration.fit(genuine: Self.genuine, impostor: Self.impostor, set: "x")
        let scaled = try Calibration.fit(
            genuine: Self.genuine.map { $0 * scale }, impostor: Self.impostor.map { $0 * scale }, set: "x")
        #expect(abs(scaled.a * scale / plain.a - 1) < 1e-6)
        #expect(abs(scaled.d0 / scale / plain.d0 - 1) < 1e-6)
    }

    @Test func symmetricDistancesMeetInTheMiddle() throws {
        let spread = (0..<50).map { Double($0) / 100 }
        let fitted = try Calibration.fit(genuine: spread.map { 0.9 - $0 }, impostor: spread.map { 0.7 + $0 }, set: "x")
        #expect(abs(fitted.d0 - 0.8) < 1e-9)
        #expect(abs(fitted.score(distance: 0.8) - 0.5) < 1e-9)
    }

    @Test func bothKindsWeighTheSameHoweverManyThereAre() throws {
        let many = Array(repeating: Self.impostor, count: 400).flatMap { $0 }
        let few = try Calibration.fit(genuine: Self.genuine, impostor: Self.impostor, set: "x")
        let unequal = try Calibration.fit(genuine: Self.genuine, impostor: many, set: "x")
        // Only Platt's target moves, from 1/17 to 1/6002.
        #expect(abs(few.d0 - unequal.d0) < 0.05)
    }

    @Test func perfectSeparationStaysFinite() throws {
        let fitted = try Calibration.fit(
            genuine: (0..<20).map { 0.1 + Double($0) / 1000 }, impostor: (0..<20).map { 2 + Double($0) / 1000 },
            set: "x")
        #expect(fitted.a.isFinite && fitted.a > 0)
        #expect(fitted.score(distance: 0.1) > 0.9 && fitted.score(distance: 2) < 0.1)
    }

    @Test func scoresAreTheSigmoidOfTheDistance() throws {
        let calibration = try Fixtures.calibration()
        for distance in [0.0, 0.3, 0.61, 0.9, 5] {
            #expect(
                abs(calibration.score(distance: distance) - 1 / (1 + exp(-12.3456789012345 * (0.61 - distance))))
                    < 1e-15)
        }
        #expect(calibration.score(distance: .infinity) == 0)
    }

    @Test func distancesThatTellNothingAreTypedErrors() {
        let values = Self.genuine
        #expect(throws: CalibrationError.tooFewPairs(genuine: 9, impostor: 12, minimum: 10)) {
            try Calibration.fit(genuine: Array(values.prefix(9)), impostor: values, set: "x")
        }
        #expect(throws: CalibrationError.unusableDistance(-1)) {
            try Calibration.fit(genuine: values + [-1], impostor: values, set: "x")
        }
        #expect(throws: CalibrationError.self) {
            try Calibration.fit(genuine: values + [.nan], impostor: values, set: "x")
        }
        for (genuine, impostor) in [
            (values, values), (Self.impostor, Self.genuine),
            (Array(repeating: 0.5, count: 10), Array(repeating: 0.5, count: 10)),
        ] {
            do {
                _ = try Calibration.fit(genuine: genuine, impostor: impostor, set: "x")
                Issue.record("distances that are not separated were calibrated")
            } catch {
                guard case .notSeparated = error else {
                    Issue.record("unexpected: \(error)")
                    continue
                }
            }
        }
    }

    @Test func parametersOutOfRangeAreRefused() {
        func make(
            a: Double = 1, d0: Double = 1, set: String = "x",
            points: [(rate: Double, threshold: Double, bound: Double)] = [(1e-2, 0.5, 0.1), (1e-3, 0.4, 0.1)]
        ) throws(CalibrationError) -> Calibration {
            try Calibration(
                a: a, d0: d0,
                operatingPoints: points.map {
                    OperatingPoint(falseMatchRate: $0.rate, threshold: $0.threshold, upperBound: $0.bound)
                },
                set: set, genuineCount: 1, impostorCount: 1)
        }
        #expect(throws: Never.self) { try make() }
        #expect(throws: CalibrationError.self) { try make(a: 0) }
        #expect(throws: CalibrationError.self) { try make(a: .infinity) }
        #expect(throws: CalibrationError.self) { try make(d0: .nan) }
        #expect(throws: CalibrationError.self) { try make(set: "") }
        #expect(throws: CalibrationError.self) { try make(points: []) }
        #expect(throws: CalibrationError.self) { try make(points: [(1e-2, 0.5, 0.1), (1e-2, 0.5, 0.1)]) }
        #expect(throws: CalibrationError.self) { try make(points: [(1e-2, 0.4, 0.1), (1e-3, 0.5, 0.1)]) }
        #expect(throws: CalibrationError.self) { try make(points: [(0, 0.4, 0.1)]) }
        #expect(throws: CalibrationError.self) { try make(points: [(1, 0.4, 0.1)]) }
        #expect(throws: CalibrationError.self) { try make(points: [(1e-2, .nan, 0.1)]) }
        #expect(throws: CalibrationError.self) { try make(points: [(1e-2, 0.4, 1.1)]) }
    }

    @Test func operatingPointsAreFoundByTheirRate() throws {
        let calibration = try Fixtures.calibration()
        #expect(calibration.operatingPoint(falseMatchRate: 0.001)?.threshold == 0.4)
        #expect(calibration.operatingPoint(falseMatchRate: 0.01 * (1 + 1e-9))?.threshold == 0.5)
        #expect(calibration.operatingPoint(falseMatchRate: 1e-4) == nil)
        #expect(calibration.defaultOperatingPoint.falseMatchRate == 1e-3)
    }
}
