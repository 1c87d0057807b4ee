// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness
import Recognition
import Testing

/// Calibrations over several sets, and by the share of forgeries that match.
@Suite struct CalibrationSetsTests {
    /// Distances of one set: genuine ones below 1, forgeries from 0.5 and other people from 1 on, all of them moved.
    private func set(
        _ name: String, genuine: Int = 200, impostor: Int = 2000, skilled: Int = 400, moved: Double = 0,
        counts: [Int] = [1, 3]
    ) -> CalibrationSet {
        func spread(_ count: Int, _ range: ClosedRange<Double>) -> [Double] {
            (0..<count).map {
                moved + range.lowerBound + (range.upperBound - range.lowerBound) * Double($0)
                    / Double(max(count - 1, 1))
            }
        }
        return CalibrationSet(
            name: name,
            comparisons: Dictionary(
                uniqueKeysWithValues: counts.map { count in
                    // More samples: everybody is nearer.
                    let nearer = count == 1 ? 0 : 0.05
                    return (
                        count,
                        CalibrationSet.Comparisons(
                            genuine: spread(genuine, 0.1...1), impostor: spread(impostor, 0.9 - nearer...3),
                            skilled: spread(skilled, 0.5 - nearer...2))
                    )
                }))
    }

    @Test func `false matches are measured on the set of strangers alone, and genuine samples on all`() throws {
        let people = set("people", impostor: 2000, skilled: 0)
        // Strangers, of whom one sample is enough, are farther from one another.
        var generator = SeededGenerator(seed: 4)
        var strangers = CalibrationSet.Comparisons(genuine: [], impostor: [])
        for first in UInt32(0)..<200 {
            for second in first + 1..<200 {
                strangers.impostor.append(Double.random(in: 1.2...3, using: &generator))
                strangers.impostorPeople.append(SIMD2(first, second))
            }
        }
        let fitted = try Calibration.fit(
            [people, CalibrationSet(name: "strangers", comparisons: [1: strangers], measuresFalseMatches: true)],
            set: "x", rates: Calibration.ratesOnStrangers)
        #expect(
            fitted.impostorCount == strangers.impostor.count
                && fitted.genuineCount == people.comparisons.values.reduce(0) { $0 + $1.genuine.count })
        let point = try #require(fitted.operatingPoint(falseMatchRate: 1e-2))
        #expect(point.threshold > 1.2)
        let matches = strangers.impostor.count { $0 <= point.threshold }
        #expect(abs(Double(matches) / Double(strangers.impostor.count) - 1e-2) < 1e-4)
        #expect(point.upperBound > 1e-2 && point.upperBound < 3e-2)
        // What is not told apart from three times as much is not offered.
        for point in fitted.operatingPoints.dropFirst() { #expect(point.upperBound <= 3 * point.falseMatchRate) }
        #expect(fitted.operatingPoint(falseMatchRate: 1e-5) == nil)
        // What the thresholds do to the people is stated, too.
        let own = try #require(fitted.sets.first { $0.name == "people" })
        #expect(own.points.first?.falseMatchRate ?? 0 > 0.1)
    }

    @Test func `each set weighs the same, and what the thresholds do on each is stated`() throws {
        let large = set("large", impostor: 20_000), small = set("small", impostor: 500, moved: 0.3)
        let fitted = try Calibration.fit([large, small], set: "two sets")
        #expect(fitted.sets.map(\.name) == ["large", "small"])
        #expect(fitted.sets.map(\.impostorCount) == [40_000, 1000] && fitted.sets.map(\.skilledCount) == [800, 800])
        for (position, point) in fitted.operatingPoints.enumerated() {
            let own = fitted.sets.map { $0.points[position] }
            #expect(own.allSatisfy { $0.operatingPoint == point.falseMatchRate })
            #expect((own[0].falseMatchRate + own[1].falseMatchRate) / 2 <= point.falseMatchRate * (1 + 1e-9) + 1e-9)
            let skilled = own.compactMap(\.skilledFalseMatchRate)
            #expect(abs(skilled.reduce(0, +) / 2 - (point.skilledFalseMatchRate ?? -1)) < 1e-12)
            #expect(
                own[0].falseMatchRate >= own[1].falseMatchRate && own[0].falseNonMatchRate <= own[1].falseNonMatchRate)
        }
        // The set of many alone would ask for nearly the same threshold whether that of few is there or not.
        let both = try [large, small].map { try #require($0.comparisons[1]) }
        let pooled = try Calibration.fit(genuine: both.flatMap(\.genuine), impostor: both.flatMap(\.impostor), set: "x")
        let apart = try Calibration.fit(
            [set("large", impostor: 20_000, counts: [1]), set("small", impostor: 500, moved: 0.3, counts: [1])],
            set: "x")
        #expect(
            try #require(apart.operatingPoint(falseMatchRate: 1e-2)).threshold
                > #require(pooled.operatingPoint(falseMatchRate: 1e-2)).threshold)
        #expect(apart.d0 > pooled.d0)
        #expect(pooled.sets.isEmpty)
    }

    @Test func `of one set twice, the calibration is that of one`() throws {
        let one = try Calibration.fit([set("a")], set: "x"), two = try Calibration.fit([set("a"), set("b")], set: "x")
        #expect(abs(one.a / two.a - 1) < 1e-2 && abs(one.d0 - two.d0) < 1e-3)
        #expect(one.operatingPoints.map(\.threshold) == two.operatingPoints.map(\.threshold))
        #expect(one.operatingPoints.map(\.skilledFalseMatchRate) == two.operatingPoints.map(\.skilledFalseMatchRate))
    }

    @Test func `there are thresholds for shares of forgeries, of which no more match`() throws {
        let fitted = try Calibration.fit([set("a"), set("b", moved: 0.1)], set: "x")
        #expect(Set(fitted.operatingPoints.map(\.falseMatchRate)).isSuperset(of: Calibration.standardRates))
        for rate in Calibration.standardSkilledRates {
            let point = try #require(fitted.operatingPoint(.skilledFalseMatchRate(rate)))
            #expect(try #require(point.skilledFalseMatchRate) <= rate)
            // Forgeries are spread evenly: the next looser point of all is beyond the rate, and this one close to it.
            #expect(try #require(point.skilledFalseMatchRate) > 0.9 * rate)
        }
        #expect(fitted.operatingPoint(.skilledFalseMatchRate(1e-6)) == nil)
        #expect(fitted.operatingPoint(.falseMatchRate(1e-3)) == fitted.operatingPoint(falseMatchRate: 1e-3))
        for (looser, stricter) in zip(fitted.operatingPoints, fitted.operatingPoints.dropFirst()) {
            #expect(looser.falseMatchRate > stricter.falseMatchRate && looser.threshold >= stricter.threshold)
        }
    }

    @Test func `a share that the forgeries are too few to tell has no threshold`() throws {
        // 3 in 50 is 6 %.
        let fitted = try Calibration.fit([set("a", skilled: 50)], set: "x")
        #expect(fitted.operatingPoint(.skilledFalseMatchRate(0.1)) != nil)
        #expect(
            !fitted.operatingPoints.contains { point in
                point.skilledFalseMatchRate.map { $0 > 0.01 && $0 < 0.06 } ?? false
            })
        let without = try Calibration.fit([set("a", skilled: 0)], set: "x")
        #expect(without.operatingPoints.map(\.falseMatchRate) == Calibration.standardRates)
        #expect(without.operatingPoint(.skilledFalseMatchRate(0.5)) == nil)
    }

    @Test func `thresholds at which nobody was let through stand for rates that can be told apart`() throws {
        // Impostors are beyond all forgeries, so that every share of these is at a rate of no impostors.
        let near = (0..<1000).map { 0.5 + Double($0) / 1000 }
        let fitted = try Calibration.fit(
            [
                CalibrationSet(
                    name: "a",
                    comparisons: [1: .init(genuine: near.map { $0 / 2 }, impostor: near.map { $0 + 2 }, skilled: near)])
            ], set: "x")
        let rates = fitted.operatingPoints.map(\.falseMatchRate)
        #expect(rates.count == 3 + 5 && rates == rates.sorted(by: >))
        for (rate, next) in zip(rates, rates.dropFirst()) { #expect(next <= 0.96 * rate) }
        #expect(rates.allSatisfy { $0 > 1e-5 })
        for rate in Calibration.standardSkilledRates {
            #expect(try #require(fitted.operatingPoint(.skilledFalseMatchRate(rate))?.skilledFalseMatchRate) <= rate)
        }
    }

    @Test func `a set that gives no calibration is named`() throws {
        #expect(
            throws: CalibrationError.inSet(name: "b", reason: .tooFewPairs(genuine: 8, impostor: 4000, minimum: 10))
        ) {
            try Calibration.fit([set("a"), set("b", genuine: 4)], set: "x")
        }
        #expect(throws: CalibrationError.tooFewPairs(genuine: 8, impostor: 4000, minimum: 10)) {
            try Calibration.fit([set("b", genuine: 4)], set: "x")
        }
        #expect(throws: CalibrationError.self) { try Calibration.fit([set("a"), set("a")], set: "x") }
        #expect(throws: CalibrationError.self) { try Calibration.fit([], set: "x") }
        #expect(throws: CalibrationError.self) { try Calibration.fit((0..<65).map { set("\($0)") }, set: "x") }
    }

    @Test func `a manifest states the figures of each set, and is read strictly`() throws {
        let fitted = try Calibration.fit([set("a"), set("ä \"b\"", skilled: 0)], set: "x")
        #expect(fitted.sets[1].points.allSatisfy { $0.skilledFalseMatchRate == nil })
        let package = try Fixtures.package(calibration: fitted)
        #expect(try ManifestTests.reread(package).manifest.calibration == fitted)
        let folder = try TemporaryFolder(), path = folder.appending("model.toml")
        try package.write(toFolder: folder.path)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        for (line, other, words) in [
            ("skilled = 0\n", "skilled = 0\nfoo = 1\n", "foo"), ("skilled = 0\n", "skilled = -1\n", "skilled"),
            ("name = \"a\"", "name = \"ä \\\"b\\\"\"", "one name"),
            ("operating_point = 0.0001", "operating_point = 0.5", "no operating point"),
            ("genuine = 400", "genuine = 4.5", "genuine"),
        ] {
            #expect(text.contains(line), "\(line)")
            try text.replacing(line, with: other).write(toFile: path, atomically: true, encoding: .utf8)
            let error = #expect(throws: ModelPackageError.self) { try ModelPackage.load(from: folder.path) }
            #expect("\(try #require(error))".contains(words), "\(line)")
        }
    }
}
