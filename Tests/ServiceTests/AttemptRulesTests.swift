// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import LikenessInterface
import Service
import Testing

@Suite struct AttemptRulesTests {
    private let start = Date(timeIntervalSince1970: 1_800_000_000)
    private let rules = AttemptRules(limits: AttemptLimits())

    private func after(_ seconds: Double) -> Date { start.addingTimeInterval(seconds) }

    /// The records after each of so many failures at one time.
    private func failing(
        _ count: Int, in scope: AttemptRules.Scope, _ rules: AttemptRules? = nil
    ) -> [(record: AttemptRecord, locks: Bool)] {
        var record: AttemptRecord?
        return (0..<count).map { _ in
            let charged = (rules ?? self.rules).charged(record, in: scope, at: start)
            record = charged.record
            return charged
        }
    }

    @Test func `failures with one identity are delayed longer and longer, and the fifth locks out for a day`() {
        let steps = failing(5, in: .identity)
        #expect(steps.map { $0.record.blockedUntil?.timeIntervalSince(start) } == [nil, 1, 2, 4, 86_400])
        #expect(steps.map(\.locks) == [false, false, false, false, true])
        #expect(steps.map(\.record.failures) == [1, 2, 3, 4, 5])
    }

    @Test func `failures with all are delayed from the second half of the limit on, and the last locks out`() {
        let delays = failing(25, in: .caller).map { $0.record.blockedUntil?.timeIntervalSince(start) ?? 0 }
        #expect(delays.prefix(12).allSatisfy { $0 == 0 })
        #expect(Array(delays[12..<24]) == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
        #expect(delays.last == 86_400)
    }

    @Test func `without a delay nothing is delayed before the lock-out`() {
        var limits = AttemptLimits()
        limits.delaySeconds = 0
        let steps = failing(5, in: .identity, AttemptRules(limits: limits))
        #expect(steps.map { $0.record.blockedUntil?.timeIntervalSince(start) } == [nil, nil, nil, nil, 86_400])
    }

    @Test func `those with an identity are forgotten after a day without a failure, and not before`() {
        let record = AttemptRecord(failures: 4, last: start, blockedUntil: after(4))
        #expect(
            rules.current(record, in: .identity, at: after(86_399))
                == AttemptRecord(failures: 4, last: start, blockedUntil: nil))
        #expect(rules.current(record, in: .identity, at: after(86_400)) == nil)
    }

    @Test func `those with all are forgiven evenly`() {
        let record = AttemptRecord(failures: 20, last: start, blockedUntil: nil)
        #expect(abs((rules.current(record, in: .caller, at: after(43_200))?.failures ?? 0) - 7.5) < 1e-9)
        #expect(rules.current(record, in: .caller, at: after(86_400)) == nil)
    }

    @Test func `a clock that is set back neither forgives nor unblocks`() {
        let record = AttemptRecord(failures: 5, last: start, blockedUntil: after(86_400))
        #expect(rules.current(record, in: .identity, at: after(-1_000_000)) == record)
        #expect(rules.current(record, in: .caller, at: after(-1_000_000)) == record)
    }

    @Test func `a charge that is given back leaves what was before it`() {
        let steps = failing(4, in: .identity)
        #expect(rules.refunded(steps[0].record, in: .identity) == nil)
        #expect(rules.refunded(steps[3].record, in: .identity) == steps[2].record)
        #expect(rules.refunded(failing(5, in: .identity)[4].record, in: .identity) == steps[3].record)
        #expect(rules.refunded(nil, in: .identity) == nil)
    }

    /// However failures are spread, no day holds more of them than is stated.
    @Test(arguments: [60.0, 600, 3600, 3700, 17_280, 21_000, 86_399, 86_400])
    func `no day holds more failures than the limit with one identity, and twice the limit with all`(_ pause: Double) {
        for (scope, most) in [(AttemptRules.Scope.identity, 5), (.caller, 50)] {
            var record: AttemptRecord?, failures: [Double] = [], time = 0.0
            while time < 5 * 86_400 {
                if rules.current(record, in: scope, at: after(time))?.blockedUntil == nil {
                    record = rules.charged(record, in: scope, at: after(time)).record
                    failures.append(time)
                }
                time += pause
            }
            let busiest = failures.map { begun in failures.count { $0 >= begun && $0 < begun + 86_400 } }.max() ?? 0
            #expect(busiest >= 1)
            #expect(busiest <= most)
        }
    }

    @Test func `what is carried over is the more of both, and what is under way comes on top`() {
        func record(_ failures: Double, at seconds: Double = 0, until: Double? = nil) -> AttemptRecord {
            AttemptRecord(failures: failures, last: after(seconds), blockedUntil: until.map(after))
        }
        let now = after(10)
        #expect(rules.carried(record(3), to: nil, open: 0, at: now) == record(3))
        #expect(rules.carried(record(3), to: record(1, at: 5), open: 0, at: now) == record(3, at: 5))
        #expect(
            rules.carried(record(1), to: record(4, at: 5, until: 60), open: 0, at: now) == record(4, at: 5, until: 60))
        // One is under way there: given back, three are left.
        let charged = rules.carried(record(3), to: record(1, at: 9), open: 1, at: now)
        #expect(charged?.failures == 4 && rules.refunded(charged, in: .identity)?.failures == 3)
        let last = rules.carried(record(4), to: record(1, at: 9), open: 1, at: now)
        #expect(AttemptRules.isLockOut(last, at: now))
        #expect(!AttemptRules.isLockOut(rules.refunded(last, in: .identity), at: now))
        // What is forgotten by now is not carried, and revives nothing.
        #expect(rules.carried(record(4), to: record(1, at: 86_400), open: 0, at: after(86_401)) == nil)
    }

    @Test func `several at once are allowed as far as all of them could fail`() {
        let record = failing(3, in: .identity).last?.record, now = after(100)
        #expect(rules.allowance(nil, in: .identity, at: now) == 5 && rules.allowance(nil, in: .caller, at: now) == 25)
        #expect(rules.allowance(record, in: .identity, at: now) == 2)
        #expect(rules.wait(for: 2, record, in: .identity, at: now) == 0)
        #expect(rules.wait(for: 3, record, in: .identity, at: now) == 86_300)
        let many = AttemptRecord(failures: 24, last: start)
        #expect(rules.allowance(many, in: .caller, at: start) == 1)
        #expect(rules.wait(for: 3, many, in: .caller, at: start) == 2 * 86_400 / 25)
        #expect(rules.locksOut(AttemptRecord(failures: 5, last: start), without: 0, in: .identity))
        #expect(!rules.locksOut(AttemptRecord(failures: 5, last: start), without: 1, in: .identity))
    }

    @Test func `each caller has a rate that fills again evenly`() {
        let rate = CallRate(perMinute: 30), begun = ContinuousClock.now
        #expect((0..<40).compactMap { _ in rate.take(7, at: begun) }.count == 10)
        #expect(rate.take(8, at: begun) == nil)
        #expect(rate.take(7, at: begun.advanced(by: .seconds(1))) == 1)
        #expect(rate.take(7, at: begun.advanced(by: .seconds(3))) == nil)
    }

    @Test func `a measurement is rounded to two digits away from its limit`() {
        func rounded(_ value: Double, _ minimum: Double?, _ maximum: Double?) -> Double {
            WireMeasurement(quantity: "q", value: value, minimum: minimum, maximum: maximum).roundedAwayFromLimit.value
        }
        #expect(rounded(39.99, 40, nil) == 39)
        #expect(rounded(40.01, 40, nil) == 41)
        #expect(rounded(220.1, 40, 220) == 230)
        #expect(rounded(219.9, 40, 220) == 210)
        #expect(abs(rounded(0.000_987_6, 0.001, 0.4) - 0.00098) < 1e-12)
        #expect(abs(rounded(0.4001, 0.001, 0.4) - 0.41) < 1e-12)
        #expect(rounded(0, 1, nil) == 0)
        #expect(abs(rounded(-0.551, -0.5, nil) + 0.56) < 1e-12)
    }
}
