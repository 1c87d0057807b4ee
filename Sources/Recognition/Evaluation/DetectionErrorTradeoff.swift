/// One point of the detection error trade-off curve.
public struct ErrorTradeoffPoint: Sendable, Hashable {
    public let threshold: Double
    public let falseMatchRate: Double
    public let falseNonMatchRate: Double
}

/// The rate at which both errors are equal.
public struct EqualErrorRate: Sendable, Hashable {
    /// In [0, 1].
    public let rate: Double
    /// The threshold nearest to where both errors are equal.
    public let threshold: Double
}

extension Evaluation {
    /// The curve by rising threshold: from a threshold below every distance to one at the largest, with one
    /// point for each different finite distance.
    public var errorTradeoff: [ErrorTradeoffPoint] {
        var thresholds: [Double] = []
        thresholds.reserveCapacity(genuine.count + impostor.count + 1)
        var nextGenuine = 0, nextImpostor = 0
        while nextGenuine < genuine.count || nextImpostor < impostor.count {
            let value = min(
                nextGenuine < genuine.count ? genuine[nextGenuine] : .infinity,
                nextImpostor < impostor.count ? impostor[nextImpostor] : .infinity)
            guard value < .infinity else { break }
            if thresholds.isEmpty { thresholds.append(value.nextDown) }
            thresholds.append(value)
            while nextGenuine < genuine.count, genuine[nextGenuine] <= value { nextGenuine += 1 }
            while nextImpostor < impostor.count, impostor[nextImpostor] <= value { nextImpostor += 1 }
        }
        return thresholds.map {
            ErrorTradeoffPoint(
                threshold: $0, falseMatchRate: falseMatchRate(at: $0), falseNonMatchRate: falseNonMatchRate(at: $0))
        }
    }

    /// Where the curve crosses the diagonal, interpolated linearly between the two points around it; nil when
    /// either kind of pair is missing. Where only infinite distances remain, the curve ends and its last point,
    /// the larger of the two errors, counts.
    public var equalErrorRate: EqualErrorRate? {
        guard !genuine.isEmpty, !impostor.isEmpty else { return nil }
        let curve = errorTradeoff
        guard let index = curve.firstIndex(where: { $0.falseMatchRate >= $0.falseNonMatchRate }) else {
            guard let last = curve.last else { return nil }
            return EqualErrorRate(rate: max(last.falseMatchRate, last.falseNonMatchRate), threshold: last.threshold)
        }
        let after = curve[index]
        guard index > 0 else { return EqualErrorRate(rate: after.falseMatchRate, threshold: after.threshold) }
        let before = curve[index - 1]
        let gapBefore = before.falseNonMatchRate - before.falseMatchRate
        let gapAfter = after.falseMatchRate - after.falseNonMatchRate
        let share = gapBefore / (gapBefore + gapAfter)
        return EqualErrorRate(
            rate: before.falseMatchRate + share * (after.falseMatchRate - before.falseMatchRate),
            threshold: gapBefore < gapAfter ? before.threshold : after.threshold)
    }
}
