// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Lets a few lines of each user into the journal, and counts the rest: a caller that is refused at once could
/// otherwise fill it.
package final class JournalLimiter: Sendable {
    private struct User {
        var bucket: TokenBucket
        var passedOver = 0
    }

    /// Lines at once, and for each second.
    private static let burst = 20.0
    private static let perSecond = 1.0
    private static let capacity = 1024

    package init() {}

    private let users = Mutex<[UInt32: User]>([:])

    /// How many lines of the user were passed over since the last one that was let in; nil for one that is passed over
    /// now.
    package func take(_ user: UInt32, at now: ContinuousClock.Instant = .now) -> Int? {
        users.withLock { users in
            if users.count >= Self.capacity, users[user] == nil {
                users = users.filter { !$0.value.bucket.isFull(at: now) }
            }
            var known =
                users[user] ?? User(bucket: TokenBucket(capacity: Self.burst, perSecond: Self.perSecond, at: now))
            defer { users[user] = known }
            guard known.bucket.take(at: now) else {
                known.passedOver += 1
                return nil
            }
            defer { known.passedOver = 0 }
            return known.passedOver
        }
    }
}
