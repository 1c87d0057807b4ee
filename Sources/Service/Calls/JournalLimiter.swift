import Synchronization

/// Lets a few lines of each user into the journal, and counts the rest: whoever is refused at once could otherwise fill it.
package final class JournalLimiter: Sendable {
    private struct Bucket {
        var level: Double
        var last: ContinuousClock.Instant
        var passedOver = 0
    }

    /// Lines at once, and for each second.
    private static let burst = 20.0
    private static let perSecond = 1.0
    private static let capacity = 1024

    package init() {}

    private let buckets = Mutex<[UInt32: Bucket]>([:])

    /// How many lines of the user were passed over since the last one that was let in; nil for one that is passed over now.
    package func take(_ user: UInt32, at now: ContinuousClock.Instant = .now) -> Int? {
        buckets.withLock { buckets in
            if buckets.count >= Self.capacity, buckets[user] == nil {
                buckets = buckets.filter { Self.level(of: $0.value, at: now) < Self.burst }
            }
            var bucket = buckets[user] ?? Bucket(level: Self.burst, last: now)
            bucket.level = Self.level(of: bucket, at: now)
            bucket.last = now
            defer { buckets[user] = bucket }
            guard bucket.level >= 1 else {
                bucket.passedOver += 1
                return nil
            }
            bucket.level -= 1
            defer { bucket.passedOver = 0 }
            return bucket.passedOver
        }
    }

    private static func level(of bucket: Bucket, at now: ContinuousClock.Instant) -> Double {
        let (seconds, attoseconds) = bucket.last.duration(to: now).components
        return min(burst, bucket.level + (Double(seconds) + Double(attoseconds) / 1e18) * perSecond)
    }
}
