import Synchronization

/// How many comparisons each caller has made lately: a bucket for each that fills again evenly, kept in memory.
package final class CallRate: Sendable {
    private struct Bucket {
        var level: Double
        var last: ContinuousClock.Instant
    }

    /// The most callers that are remembered; those whose buckets are full again need not be.
    private static let capacity = 1024

    private let perMinute: Double
    private let buckets = Mutex<[UInt32: Bucket]>([:])

    package init(perMinute: Int) {
        self.perMinute = Double(max(1, perMinute))
    }

    /// Takes one, and returns nil; or how many seconds to wait for the next.
    package func take(_ caller: UInt32, at now: ContinuousClock.Instant = .now) -> Double? {
        buckets.withLock { buckets in
            if buckets.count >= Self.capacity { buckets = buckets.filter { self.level(of: $0.value, at: now) < perMinute } }
            var level = buckets[caller].map { self.level(of: $0, at: now) } ?? perMinute
            defer { buckets[caller] = Bucket(level: level, last: now) }
            guard level >= 1 else { return (1 - level) / perMinute * 60 }
            level -= 1
            return nil
        }
    }

    private func level(of bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
        let (seconds, attoseconds) = bucket.last.duration(to: now).components
        return min(perMinute, bucket.level + (Double(seconds) + Double(attoseconds) / 1e18) * perMinute / 60)
    }
}
