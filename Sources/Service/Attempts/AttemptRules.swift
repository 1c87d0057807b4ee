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
        let limit = scope == .identity ? limits.perIdentity : limits.perCaller
        let count = Int(min(failures.rounded(), Double(Int32.max)))
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
        let limit = scope == .identity ? limits.perIdentity : limits.perCaller
        let count = Int(min(record.failures.rounded(), Double(Int32.max)))
        if count < limit {
            let delay = delay(after: count, of: limit, in: scope)
            record.blockedUntil = delay > 0 ? record.last.addingTimeInterval(delay) : nil
        }
        return record.failures > 0 ? record : nil
    }

    /// In seconds, after so many failures.
    private func delay(after count: Int, of limit: Int, in scope: Scope) -> Double {
        // Over all identities an honest relay fails now and then: nothing is delayed up to half of what is allowed.
        let free = scope == .identity ? 1 : limit / 2
        guard count > free, limits.delaySeconds > 0 else { return 0 }
        return min(limits.delaySeconds * pow(2, Double(count - free - 1)), max(Self.longestDelay, limits.delaySeconds))
    }
}
