// SPDX-License-Identifier: Apache-2.0

import Foundation

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

    /// Points of the curve for drawing: no more than about `count`, as dense in its tails, which decide, as in
    /// its middle.
    public func errorTradeoff(pointCount count: Int) -> [ErrorTradeoffPoint] {
        let thresholds = Set(
            [genuine, impostor].flatMap { values in
                Self.spread(over: values.count, count: count / 4).map { values[$0] }
            }
        ).filter { $0 < .infinity }.sorted()
        guard let first = thresholds.first else { return [] }
        return ([first.nextDown] + thresholds).map {
            ErrorTradeoffPoint(
                threshold: $0, falseMatchRate: falseMatchRate(at: $0), falseNonMatchRate: falseNonMatchRate(at: $0))
        }
    }

    /// Places in a sorted array, twice `count` of them at most, in equal ratios from both ends.
    private static func spread(over size: Int, count: Int) -> [Int] {
        guard size > 2 * count else { return Array(0..<size) }
        let positions = (0..<count).map { step in
            max(step, Int(pow(Double(size) / 2, Double(step) / Double(max(count - 1, 1)))) - 1)
        }
        return positions + positions.map { size - 1 - $0 }
    }

    /// Where the curve crosses the diagonal, interpolated linearly between the two points around it; nil when
    /// either kind of pair is missing. Where only infinite distances remain, the curve ends and its last point,
    /// the larger of the two errors, counts.
    public var equalErrorRate: EqualErrorRate? {
        guard !genuine.isEmpty, !impostor.isEmpty else { return nil }
        return EqualErrorRate(
            distances: [genuine, impostor], falseMatchRate: falseMatchRate(at:),
            falseNonMatchRate: falseNonMatchRate(at:))
    }
}

extension EqualErrorRate {
    /// Of any rates that change at given distances alone, one rising and the other falling with the threshold.
    ///
    /// - Parameter distances: lists in rising order, infinite ones at their ends.
    init?(distances: [[Double]], falseMatchRate: (Double) -> Double, falseNonMatchRate: (Double) -> Double) {
        // From one threshold on, false matches are at least as frequent.
        func hasCrossed(_ threshold: Double) -> Bool { falseMatchRate(threshold) >= falseNonMatchRate(threshold) }
        let finite = distances.map { $0.prefix($0.partitioningIndex { $0 == .infinity }) }
        let crossing = finite.compactMap { values in
            let index = values.partitioningIndex(hasCrossed)
            return index < values.count ? values[index] : nil
        }.min()
        guard let threshold = crossing else {
            guard let last = finite.compactMap(\.last).max() else { return nil }
            self.init(rate: max(falseMatchRate(last), falseNonMatchRate(last)), threshold: last)
            return
        }
        let lower =
            distances.compactMap { values in
                let index = values.partitioningIndex { $0 >= threshold }
                return index > 0 ? values[index - 1] : nil
            }.max() ?? threshold.nextDown
        let match = falseMatchRate(lower)
        let gapBefore = falseNonMatchRate(lower) - match,
            gapAfter = falseMatchRate(threshold) - falseNonMatchRate(threshold)
        let share = gapBefore / (gapBefore + gapAfter)
        self.init(
            rate: match + share * (falseMatchRate(threshold) - match),
            threshold: gapBefore < gapAfter ? lower : threshold)
    }
}
