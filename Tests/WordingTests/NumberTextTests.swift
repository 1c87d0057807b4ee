// SPDX-License-Identifier: Apache-2.0

import Testing
import Wording

@Suite struct NumberTextTests {
    @Test(arguments: [(0.0, "0"), (0.305, "0.31"), (12.3, "12.3"), (40, "40"), (-1.5, "-1.5"), (0.004, "0")])
    func `a number has two decimals and no zeros at the end`(_ value: Double, _ text: String) {
        #expect(NumberText.decimal(value) == text)
    }

    @Test(
        arguments: [(4.999, 5), (4.9999999, 5), (5.0.nextDown, 5), (0.1.nextUp, 0.1), (12.3, 40), (1e-9, 0)]
            as [(Double, Double)])
    func `a value that misses its limit is never shown as the limit`(_ value: Double, _ limit: Double) {
        let texts = NumberText.missed(value, limit: limit)
        #expect(texts.value != texts.limit)
        #expect(NumberText.score(value, threshold: limit) != NumberText.threshold(limit, score: value))
    }

    @Test func `numbers that differ are not shown as one`() {
        #expect(NumberText.score(0.9999, threshold: 0.93) == "0.9999")
        #expect(NumberText.score(0.931, threshold: 0.934) == "0.931")
        #expect(NumberText.threshold(0.934, score: 0.931) == "0.934")
        #expect(NumberText.score(1, threshold: 0.5) == "1")
    }

    @Test(arguments: [(1e-3, "1e-3"), (2.5e-4, "2.5e-4"), (0.0, "0"), (9.999e-4, "1e-3"), (0.25, "2.5e-1"), (1, "1")])
    func `rates are written by their power of ten`(_ rate: Double, _ text: String) {
        #expect(NumberText.rate(rate) == text)
    }

    @Test(arguments: [0.1, 0.01, 1e-4, 3.7e-4, 0.999999])
    func `a rate is read back within a hundredth of itself`(_ rate: Double) throws {
        let read = try #require(Double(NumberText.rate(rate)))
        #expect(abs(read - rate) <= rate / 100)
    }

    @Test(arguments: [(1e-3, "1e-3"), (1.231e-3, "1.24e-3"), (0.1 + 1e-17, "1e-1"), (0.9999, "1"), (1, "1"), (0, "0")])
    func `what a rate is at most is rounded up`(_ rate: Double, _ text: String) throws {
        #expect(NumberText.bound(rate) == text)
        // But for what arithmetic leaves behind.
        #expect(try #require(Double(text)) >= rate * (1 - 1e-9))
    }

    @Test(arguments: [1e-7, 7.7e-5, 0.00055, 0.0014, 1e-3, 0.25, 1, 12.5, 1.0 / 3, 2.2250738585072014e-308, 0.1.nextUp])
    func `the rate of a threshold is read back as it is`(_ rate: Double) {
        #expect(Double(NumberText.exactRate(rate)) == rate)
        #expect(!NumberText.exactRate(rate).contains("e-0"))
    }

    @Test(arguments: [(1e-7, "1e-7"), (7.7e-5, "7.7e-5"), (0.5, "5e-1"), (12.5, "1.25e1"), (0, "0")])
    func `the rate of a threshold is written by its power of ten`(_ rate: Double, _ text: String) {
        #expect(NumberText.exactRate(rate) == text)
    }

    @Test(
        arguments: [
            ([0.18209, 0.0198, 0.001998], ["1.83e-1", "1.98e-2", "2e-3"]), ([1, 1, 0.99995], ["9.9995e-1"]),
            ([0.5001, 0.50009, 0.5], ["5.01e-1", "5.0009e-1", "5e-1"]), ([0.2, 0.2, 0.1], ["2e-1", "1e-1"]), ([1], []),
        ] as [([Double], [String])])
    func `a rate that is offered is rounded up, and never to one that is looser`(_ rates: [Double], _ texts: [String]) {
        #expect(NumberText.ratesToAskFor(rates) == texts)
    }

    @Test func `what is not finite is no reason to stop`() {
        for text in [NumberText.rate(.nan), NumberText.bound(.infinity), NumberText.exactRate(-.infinity)] {
            #expect(["nan", "inf", "-inf"].contains(text))
        }
        #expect(NumberText.ratesToAskFor([.nan, .infinity]).isEmpty)
        #expect(NumberText.whole(1e300) == "1e+300" && NumberText.whole(.infinity) == "inf")
        #expect(NumberText.whole(-4.6) == "-5")
        #expect(NumberText.decimal(.infinity) == "inf")
        #expect(NumberText.decimal(.nan) == "nan")
        #expect(NumberText.duration(seconds: .infinity) == "unknown")
    }

    @Test func `bytes and durations are told in their largest units`() {
        #expect(NumberText.bytes(1536) == "1.5 KiB")
        #expect(NumberText.bytes(97 << 20) == "97 MiB")
        #expect(NumberText.duration(seconds: 3 * 86_400 + 4 * 3600 + 59) == "3 days 4 hours")
        #expect(NumberText.duration(seconds: 5) == "5 seconds")
        #expect(NumberText.count(1, "identity", "identities") == "1 identity")
        #expect(NumberText.count(2, "identity", "identities") == "2 identities")
    }

    @Test func `a share that is told as a bound holds, and can be typed back as one`() throws {
        #expect(NumberText.percentAtMost(0.123) == "12.3 %" && NumberText.percentAtMost(0.21) == "21 %")
        #expect(NumberText.percentAtMost(0.12341) == "12.35 %" && NumberText.percentAtMost(0) == "0 %")
        for number in 1...9999 {
            let share = Double(number) / 9999.7, text = NumberText.percentAtMost(share)
            let typed = try #require(Double(text.dropLast(2))) / 100
            #expect(typed >= share * (1 - 1e-9) && typed < share + 1.01e-4, "\(share)")
        }
    }
}
