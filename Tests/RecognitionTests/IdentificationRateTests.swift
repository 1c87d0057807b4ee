// SPDX-License-Identifier: Apache-2.0

import Recognition
import Testing
import Wording

@Suite struct IdentificationRateTests {
    private func point(_ rate: Double, bound: Double? = nil) -> OperatingPoint {
        OperatingPoint(falseMatchRate: rate, threshold: rate, upperBound: bound ?? rate)
    }

    /// By Python's decimal module with 50 digits: `1 - (1 - Decimal(rate)) ** count`.
    @Test(arguments: [
        (1e-3, 1, 0.001), (1e-3, 1000, 0.6323045752290359), (1e-4, 1000, 0.09516710644145375),
        (1e-5, 100, 9.995051616607954e-4), (1e-2, 20, 0.18209306240276912), (1e-5, 1_000_000, 0.9999546023401924),
    ])
    func `the rate is that of at least one false match in so many`(_ rate: Double, _ count: Int, _ expected: Double) {
        let found = IdentificationRate(point(rate), references: count)
        #expect(abs(found.rate - expected) <= 1e-12 * expected)
        #expect(found.references == count)
        #expect(found.rate <= found.upperBound)
    }

    @Test func `a rate far below what a number beside 1 can hold is still one`() {
        // To first order it is N times the rate.
        let found = IdentificationRate(point(1e-18), references: 3)
        #expect(abs(found.rate - 3e-18) < 1e-30)
    }

    @Test func `the bound counts comparisons one by one, with the upper end of their rate's interval`() {
        let found = IdentificationRate(point(1e-3, bound: 2e-3), references: 50)
        #expect(abs(found.upperBound - 0.1) < 1e-12)
        #expect(IdentificationRate(point(1e-2, bound: 0.02), references: 500).upperBound == 1)
        #expect(IdentificationRate(point(1e-2), references: 0).rate == 0)
        #expect(IdentificationRate(point(1e-2), references: -3).references == 0)
    }

    @Test func `the loosest point that keeps a rate is chosen, and none where none does`() throws {
        let calibration = try Calibration(
            a: 1, d0: 1, operatingPoints: [1e-2, 1e-3, 1e-4].map { point($0) }, set: "s", genuineCount: 1,
            impostorCount: 1)
        func chosen(_ rate: Double, _ references: Int) -> Double? {
            calibration.operatingPoint(falsePositiveIdentificationRate: rate, references: references)?.falseMatchRate
        }
        #expect(chosen(1e-2, 1) == 1e-2)
        #expect(chosen(1e-2, 2) == 1e-3)
        #expect(chosen(1e-2, 10) == 1e-3)
        #expect(chosen(1e-2, 11) == 1e-4)
        #expect(chosen(1e-2, 100) == 1e-4)
        #expect(chosen(1e-2, 101) == nil)
        #expect(chosen(1e-9, 0) == 1e-2)
    }

    /// Rates as texts are what people give back to `--fpir` and `--fmr`.
    @Test func `each rate that is offered chooses the point that it is of`() throws {
        let rates = [1e-2, 1.4e-3, 1.399e-3, 1e-3, 5.5e-4, 1e-4, 7.7e-5, 7.3e-5, 1e-5, 1e-7, 1.0 / 3e9]
        let calibration = try Calibration(
            a: 1, d0: 1, operatingPoints: rates.map { point($0) }, set: "s", genuineCount: 1, impostorCount: 1)
        for point in calibration.operatingPoints {
            let asked = try #require(Double(NumberText.exactRate(point.falseMatchRate)))
            #expect(calibration.operatingPoint(falseMatchRate: asked) == point)
        }
        for references in [1, 2, 3, 7, 20, 50, 999, 12_345, 1_000_000] {
            let points = calibration.operatingPoints.map { ($0, IdentificationRate($0, references: references).rate) }
            let texts = NumberText.ratesToAskFor(points.map(\.1))
            // Those that a search cannot be held to have no text.
            let expected = points.filter { $0.1 < 1 - 1e-5 }.map(\.0)
            let chosen = try texts.map { text in
                let asked = try #require(Double(text))
                #expect(asked < 1)
                return try #require(
                    calibration.operatingPoint(falsePositiveIdentificationRate: asked, references: references))
            }
            #expect(chosen.suffix(expected.count) == expected, "\(references): \(texts)")
            for (point, text) in zip(chosen, texts) {
                #expect(IdentificationRate(point, references: references).rate <= (Double(text) ?? 0) * (1 + 1e-9))
            }
        }
    }
}
