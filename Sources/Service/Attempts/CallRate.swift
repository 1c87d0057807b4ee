// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How many pictures and faces have been looked at for each caller lately, kept in memory.
package final class CallRate: Sendable {
    /// The most callers that are remembered; those whose buckets are full again need not be.
    private static let capacity = 1024

    private let perMinute: Double
    private let buckets = Mutex<[UInt32: TokenBucket]>([:])

    package init(perMinute: Int) {
        self.perMinute = Double(max(1, perMinute))
    }

    /// Takes so many, and returns nil; or how many seconds to wait for the next. What there is not of them is owed.
    package func take(_ caller: UInt32, _ count: Int = 1, at now: ContinuousClock.Instant = .now) -> Double? {
        change(caller, now) { $0.take(count, at: now) ? nil : (1 - $0.level) / perMinute * 60 }
    }

    /// Takes so many more for work that turned out to be more than was known when it began.
    package func owe(_ caller: UInt32, _ count: Int, at now: ContinuousClock.Instant = .now) {
        guard count > 0 else { return }
        change(caller, now) { $0.owe(count, at: now) }
    }

    private func change<Value: Sendable>(
        _ caller: UInt32, _ now: ContinuousClock.Instant, _ body: (inout TokenBucket) -> Value
    ) -> Value {
        buckets.withLock { buckets in
            if buckets.count >= Self.capacity { buckets = buckets.filter { !$0.value.isFull(at: now) } }
            var bucket = buckets[caller] ?? TokenBucket(capacity: perMinute, perSecond: perMinute / 60, at: now)
            defer { buckets[caller] = bucket }
            return body(&bucket)
        }
    }
}
