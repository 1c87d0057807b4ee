// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How many pictures and faces have been looked at for each caller lately, kept in memory.
package final class CallRate: Sendable {
    /// The most callers that are remembered; those whose buckets are full again need not be.
    private static let capacity = 1024

    private struct State {
        var perMinute: Double
        var buckets: [UInt32: TokenBucket] = [:]
    }

    private let state: Mutex<State>

    package init(perMinute: Int) {
        state = Mutex(State(perMinute: Double(max(1, perMinute))))
    }

    /// Allows another number from now on. What was looked at counts on.
    package func use(perMinute: Int, at now: ContinuousClock.Instant = .now) {
        state.withLock { state in
            state.perMinute = Double(max(1, perMinute))
            for user in state.buckets.keys {
                state.buckets[user]?.resize(
                    capacity: state.perMinute, perSecond: state.perMinute / 60, at: now)
            }
        }
    }

    /// Takes so many, and returns nil; or how many seconds to wait for the next. What there is not of them is owed.
    package func take(_ caller: UInt32, _ count: Int = 1, at now: ContinuousClock.Instant = .now) -> Double? {
        change(caller, now) { bucket, perMinute in
            bucket.take(count, at: now) ? nil : (1 - bucket.level) / perMinute * 60
        }
    }

    /// Takes so many more for work that turned out to be more than was known when it began.
    package func owe(_ caller: UInt32, _ count: Int, at now: ContinuousClock.Instant = .now) {
        guard count > 0 else { return }
        change(caller, now) { bucket, _ in bucket.owe(count, at: now) }
    }

    private func change<Value: Sendable>(
        _ caller: UInt32, _ now: ContinuousClock.Instant, _ body: (inout TokenBucket, _ perMinute: Double) -> Value
    ) -> Value {
        state.withLock { state in
            if state.buckets.count >= Self.capacity {
                state.buckets = state.buckets.filter { !$0.value.isFull(at: now) }
            }
            var bucket =
                state.buckets[caller]
                ?? TokenBucket(capacity: state.perMinute, perSecond: state.perMinute / 60, at: now)
            defer { state.buckets[caller] = bucket }
            return body(&bucket, state.perMinute)
        }
    }
}
