// SPDX-License-Identifier: Apache-2.0

import ProgramHarness
import Recognition
import Testing

@Suite struct PeopleBoundTests {
    /// All pairs of people, some of whom resemble more others than the rest do.
    private func comparisons(people: Int, seed: UInt64) -> CalibrationSet.Comparisons {
        var generator = SeededGenerator(seed: seed)
        let likeness = (0..<people).map { _ in Double.random(in: 0..<1, using: &generator) }
        var found = CalibrationSet.Comparisons(genuine: [0.1], impostor: [])
        for first in 0..<people {
            for second in first + 1..<people {
                // Who resembles many comes nearer to everybody.
                let chance = 0.08 * likeness[first] * likeness[second]
                found.impostor.append(Double.random(in: 0..<1, using: &generator) < chance ? 0.2 : 0.9)
                found.impostorPeople.append(SIMD2(UInt32(first), UInt32(second)))
            }
        }
        return found
    }

    @Test(arguments: [UInt64(1), 2, 3]) func `the bound is that of a bootstrap over people`(seed: UInt64) throws {
        let people = 120, comparisons = comparisons(people: people, seed: seed)
        let bound = try #require(PeopleBound(comparisons)).upperBound(at: 0.5)
        var generator = SeededGenerator(seed: seed + 100)
        var rates: [Double] = []
        for _ in 0..<400 {
            var weights = Array(repeating: 0, count: people)
            for _ in 0..<people { weights[Int.random(in: 0..<people, using: &generator)] += 1 }
            var matches = 0, total = 0
            for (distance, pair) in zip(comparisons.impostor, comparisons.impostorPeople) {
                let weight = weights[Int(pair.x)] * weights[Int(pair.y)]
                total += weight
                if distance <= 0.5 { matches += weight }
            }
            rates.append(Double(matches) / Double(total))
        }
        rates.sort()
        let bootstrap = rates[Int(0.95 * Double(rates.count))]
        let rate = Double(comparisons.impostor.count { $0 <= 0.5 }) / Double(comparisons.impostor.count)
        #expect(bound > rate)
        #expect(abs((bound - rate) / (bootstrap - rate) - 1) < 0.3, "\(bound) and \(bootstrap) about \(rate)")
    }

    @Test func `people who resemble many widen it`() throws {
        // One person makes all false matches, or each makes one.
        func bound(_ isMatch: (UInt32, UInt32) -> Bool) throws -> Double {
            var found = CalibrationSet.Comparisons(genuine: [], impostor: [])
            for first in UInt32(0)..<50 {
                for second in first + 1..<50 {
                    found.impostor.append(isMatch(first, second) ? 0.1 : 1)
                    found.impostorPeople.append(SIMD2(first, second))
                }
            }
            return try #require(PeopleBound(found)).upperBound(at: 0.5)
        }
        let one = try bound { first, second in first == 0 && second <= 25 }
        let each = try bound { first, second in second == first + 25 }
        #expect(one > 1.5 * each)
    }

    @Test func `without people there is no bound by people`() {
        #expect(PeopleBound(CalibrationSet.Comparisons(genuine: [0.1], impostor: [0.9])) == nil)
    }
}
