// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How many comparisons each caller has made lately, kept in memory.
package final class CallRate: Sendable {
    /// The most callers that are remembered; those whose buckets are full again need not be.
    private static let capacity = 1024

    private let perMinute: Double
    private let buckets = Mutex<[UInt32: TokenBucket]>([:])

    package init(perMinute: Int) {
        self.perMinute = Double(max(1, perMinute))
    }

    /// Takes one, and returns nil; or how many seconds to wait for the next.
    package func take(_ caller: UInt32, at now: ContinuousClock.Instant = .now) -> Double? {
        buckets.withLock { buckets in
            if buckets.count >= Self.capacity { buckets = buckets.filter { !$0.value.isFull(at: now) } }
            var bucket = buckets[caller] ?? TokenBucket(capacity: perMinute, perSecond: perMinute / 60, at: now)
            defer { buckets[caller] = bucket }
            return bucket.take(at: now) ? nil : (1 - bucket.level) / perMinute * 60
        }
    }
}
