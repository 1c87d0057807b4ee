// SPDX-License-Identifier: Apache-2.0

/// What may be taken at once, and fills again evenly. It may be owed too, which fills before anything is taken again.
struct TokenBucket: Sendable {
    private(set) var level: Double
    private var capacity: Double
    private var perSecond: Double
    private var last: ContinuousClock.Instant

    /// A full one.
    init(capacity: Double, perSecond: Double, at now: ContinuousClock.Instant) {
        self.capacity = capacity
        self.perSecond = perSecond
        level = capacity
        last = now
    }

    func isFull(at now: ContinuousClock.Instant) -> Bool { level(at: now) >= capacity }

    /// Takes so many, and returns whether there was one; what there was not is owed.
    mutating func take(_ count: Int = 1, at now: ContinuousClock.Instant) -> Bool {
        level = level(at: now)
        last = now
        guard level >= 1 else { return false }
        level -= Double(count)
        return true
    }

    /// Takes so many whether there are any or not.
    mutating func owe(_ count: Int, at now: ContinuousClock.Instant) {
        level = level(at: now) - Double(count)
        last = now
    }

    /// Holds another number from now on. What was taken stays taken.
    mutating func resize(capacity: Double, perSecond: Double, at now: ContinuousClock.Instant) {
        level = level(at: now) + capacity - self.capacity
        last = now
        self.capacity = capacity
        self.perSecond = perSecond
    }

    private func level(at now: ContinuousClock.Instant) -> Double {
        let (seconds, attoseconds) = last.duration(to: now).components
        return min(capacity, level + (Double(seconds) + Double(attoseconds) / 1e18) * perSecond)
    }
}
