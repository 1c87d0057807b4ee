// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery

/// What becomes of a record of failed comparisons, as arithmetic.
///
/// Each comparison is charged as failed before it is made, so that neither calls at once nor a crash are a way round;
/// what did not fail is given back.
///
/// With one identity, the first failure costs nothing, each further one a delay that doubles, and the last a lock-out.
/// A match, or the time of a lock-out without a failure, clears it: so no time of that length holds more failures than
/// the limit. Over all identities a match clears nothing, since a caller could match himself; failures are forgiven one
/// by one, as many in the time of a lock-out as the limit is, so that no such time holds more than twice the limit.
package struct AttemptRules: Sendable {
    private let limits: AttemptLimits

    package init(limits: AttemptLimits) {
        self.limits = limits
    }

    /// The longest delay before the lock-out, in seconds.
    package static let longestDelay = 300.0

    package enum Scope: Sendable, Hashable {
        case identity
        case caller
    }

    private func limit(in scope: Scope) -> Int { scope == .identity ? limits.perIdentity : limits.perCaller }

    /// The record without what is forgiven by now; nil where nothing is left.
    package func current(_ record: AttemptRecord?, in scope: Scope, at now: Date) -> AttemptRecord? {
        guard var record else { return nil }
        // A clock that was set back forgives nothing.
        let elapsed = max(0, now.timeIntervalSince(record.last))
        switch scope {
        case .identity:
            if elapsed >= limits.lockSeconds { record.failures = 0 }
        case .caller:
            record.failures = max(0, record.failures - elapsed * Double(limits.perCaller) / limits.lockSeconds)
        }
        if let until = record.blockedUntil, until <= now { record.blockedUntil = nil }
        return record.failures > 0 || record.blockedUntil != nil ? record : nil
    }

    /// The record with one failure more, and whether it is the one that locks out.
    package func charged(
        _ record: AttemptRecord?, in scope: Scope, at now: Date
    ) -> (record: AttemptRecord, locks: Bool) {
        let failures = (current(record, in: scope, at: now)?.failures ?? 0) + 1
        let limit = limit(in: scope), count = Self.count(failures)
        if count >= limit {
            return (
                AttemptRecord(failures: failures, last: now, blockedUntil: now.addingTimeInterval(limits.lockSeconds)),
                true
            )
        }
        let delay = delay(after: count, of: limit, in: scope)
        return (
            AttemptRecord(failures: failures, last: now, blockedUntil: delay > 0 ? now.addingTimeInterval(delay) : nil),
            false
        )
    }

    /// The record without a charge that turned out to be no failure. A delay that the charge began ends with it; nil
    /// where nothing is left.
    package func refunded(_ record: AttemptRecord?, in scope: Scope) -> AttemptRecord? {
        guard var record else { return nil }
        record.failures = max(0, record.failures - 1)
        let limit = limit(in: scope), count = Self.count(record.failures)
        if count < limit {
            let delay = delay(after: count, of: limit, in: scope)
            record.blockedUntil = delay > 0 ? record.last.addingTimeInterval(delay) : nil
        }
        return record.failures > 0 ? record : nil
    }

    /// Whether a record refuses for good, and not for a delay alone.
    package static func isLockOut(_ record: AttemptRecord?, at now: Date) -> Bool {
        guard let record, let until = record.blockedUntil, until > now else { return false }
        return until.timeIntervalSince(record.last) > longestDelay
    }

    /// Whether a record would lock out if comparisons that are charged, and have not ended yet, came to nothing.
    package func locksOut(_ record: AttemptRecord, without open: Int, in scope: Scope) -> Bool {
        open == 0 || Self.count(record.failures - Double(open)) >= limit(in: scope)
    }

    /// How many comparisons may be charged at once, before the last of them has failed; at least 1.
    package func allowance(_ record: AttemptRecord?, in scope: Scope, at now: Date) -> Int {
        max(1, limit(in: scope) - Self.count(current(record, in: scope, at: now)?.failures ?? 0))
    }

    /// After how many seconds so many may be charged at once, or as many as ever may.
    package func wait(for count: Int, _ record: AttemptRecord?, in scope: Scope, at now: Date) -> Double {
        guard let record = current(record, in: scope, at: now) else { return 0 }
        let excess = record.failures + Double(min(count, limit(in: scope)) - limit(in: scope))
        guard excess > 0 else { return 0 }
        return switch scope {
        case .identity: record.last.addingTimeInterval(limits.lockSeconds).timeIntervalSince(now)
        case .caller: excess * limits.lockSeconds / Double(limits.perCaller)
        }
    }

    /// What a caller's failures with an identity become when it takes over a sample of another: the more of both, and
    /// not their sum, since a move is no failure. Nil where nothing is to be taken over.
    ///
    /// - Parameters:
    ///   - left: those with the identity that the sample was of.
    ///   - found: those with the identity that it becomes one of.
    ///   - open: how many of these are charged and have not ended: they come on top, since they may be given back.
    package func carried(
        _ left: AttemptRecord, to found: AttemptRecord?, open: Int, at now: Date
    ) -> AttemptRecord? {
        guard let left = current(left, in: .identity, at: now) else { return nil }
        guard let found = current(found, in: .identity, at: now) else { return left }
        let underWay = min(Double(open), found.failures)
        var carried = AttemptRecord(
            failures: max(left.failures, found.failures - underWay) + underWay, last: max(left.last, found.last),
            blockedUntil: [left.blockedUntil, found.blockedUntil].compactMap(\.self).max())
        if Self.count(carried.failures) >= limits.perIdentity, !Self.isLockOut(carried, at: now) {
            carried.blockedUntil = carried.last.addingTimeInterval(limits.lockSeconds)
        }
        return carried
    }

    private static func count(_ failures: Double) -> Int { Int(min(failures.rounded(), Double(Int32.max))) }

    /// In seconds, after so many failures.
    private func delay(after count: Int, of limit: Int, in scope: Scope) -> Double {
        // Over all identities an honest relay fails now and then: nothing is delayed up to half of what is allowed.
        let free = scope == .identity ? 1 : limit / 2
        guard count > free, limits.delaySeconds > 0 else { return 0 }
        return min(limits.delaySeconds * pow(2, Double(count - free - 1)), max(Self.longestDelay, limits.delaySeconds))
    }
}
