// SPDX-License-Identifier: Apache-2.0

/// What may be taken at once, and fills again evenly.
struct TokenBucket: Sendable {
    private(set) var level: Double
    private let capacity: Double
    private let perSecond: Double
    private var last: ContinuousClock.Instant

    /// A full one.
    init(capacity: Double, perSecond: Double, at now: ContinuousClock.Instant) {
        self.capacity = capacity
        self.perSecond = perSecond
        level = capacity
        last = now
    }

    func isFull(at now: ContinuousClock.Instant) -> Bool { level(at: now) >= capacity }

    /// Takes one, and returns whether there was one.
    mutating func take(at now: ContinuousClock.Instant) -> Bool {
        level = level(at: now)
        last = now
        guard level >= 1 else { return false }
        level -= 1
        return true
    }

    private func level(at now: ContinuousClock.Instant) -> Double {
        let (seconds, attoseconds) = last.duration(to: now).components
        return min(capacity, level + (Double(seconds) + Double(attoseconds) / 1e18) * perSecond)
    }
}
