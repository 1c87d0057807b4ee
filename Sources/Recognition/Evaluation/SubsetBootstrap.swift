// SPDX-License-Identifier: Apache-2.0

/// Between which values a rate lies, after resampling.
public struct BootstrapInterval: Sendable, Hashable {
    /// What is drawn with replacement.
    public enum Unit: String, Sendable, Hashable {
        case identities
        case pairs
    }

    public let low: Double
    public let high: Double
    /// Such as 0.95.
    public let confidence: Double
    /// Those that came to a rate.
    public let resamples: Int
    public let unit: Unit
}

/// The subset bootstrap of the equal error rate (Bolle, Ratha and Pankanti, *Error analysis of pattern recognition
/// systems: the subsets bootstrap*, 2004; ISO/IEC 19795-1, annex on bootstrapping).
///
/// Comparisons with one identity depend on each other, so that identities are drawn with replacement, each with
/// all its comparisons. Comparisons of one person's probes with several identities are not kept together.
///
/// Of several sets, whose rates are means over the sets, the identities of each are drawn by themselves.
///
/// Up to ``maximumThresholds`` different distances every resample's rate is exact. Beyond, it is interpolated between
/// thresholds at the quantiles of both kinds of distance, half of them each.
package struct SubsetBootstrap {
    package static let maximumThresholds = 2048

    /// The comparisons of one set.
    package struct Trials {
        package let genuine: [VerificationTrial]
        package let impostor: [VerificationTrial]

        package init(genuine: [VerificationTrial], impostor: [VerificationTrial]) {
            self.genuine = genuine
            self.impostor = impostor
        }
    }

    /// How many comparisons of a group fall between two thresholds.
    private struct Entry {
        let bin: Int
        let count: Int
        let isGenuine: Bool
    }

    /// For each set the entries of each group that has any.
    private let sets: [[[Entry]]]
    private let binCount: Int
    package var groupCount: Int { sets.reduce(0) { $0 + $1.count } }

    package init(genuine: [VerificationTrial], impostor: [VerificationTrial]) {
        self.init([Trials(genuine: genuine, impostor: impostor)])
    }

    package init(_ sets: [Trials]) {
        let thresholds = Self.thresholds(sets)
        binCount = thresholds.count + 1
        self.sets = sets.map { Self.entries($0, thresholds: thresholds) }
    }

    private static func entries(_ trials: Trials, thresholds: [Float]) -> [[Entry]] {
        var keyed: [UInt64] = []
        keyed.reserveCapacity(trials.genuine.count + trials.impostor.count)
        for (isGenuine, trials) in [(true, trials.genuine), (false, trials.impostor)] {
            for trial in trials {
                let bin = thresholds.partitioningIndex { trial.distance <= $0 }
                keyed.append(UInt64(UInt32(trial.identity)) << 32 | UInt64(bin) << 1 | (isGenuine ? 1 : 0))
            }
        }
        keyed.sort()
        var entries: [[Entry]] = [], group: UInt64?
        var start = 0
        while start < keyed.count {
            let key = keyed[start]
            var end = start + 1
            while end < keyed.count, keyed[end] == key { end += 1 }
            if key >> 32 != group {
                group = key >> 32
                entries.append([])
            }
            entries[entries.count - 1].append(
                Entry(bin: Int(key >> 1 & 0x7FFF_FFFF), count: end - start, isGenuine: key & 1 == 1))
            start = end
        }
        return entries
    }

    private static func thresholds(_ sets: [Trials]) -> [Float] {
        let sorted = [sets.flatMap(\.genuine), sets.flatMap(\.impostor)].map {
            $0.map(\.distance).filter(\.isFinite).sorted()
        }
        let distinct = sorted.map { values in
            values.indices.filter { $0 == 0 || values[$0] != values[$0 - 1] }.map { values[$0] }
        }
        let all = Set(distinct.joined())
        guard all.count > maximumThresholds else { return all.sorted() }
        let each = maximumThresholds / 2
        return Set(
            sorted.flatMap { values in
                values.isEmpty ? [] : (0..<each).map { values[$0 * (values.count - 1) / (each - 1)] }
            }
        ).sorted()
    }

    /// The rate when each group counts as often as its weight says, the groups of a set after those of the one before;
    /// nil when a set has no comparison of a kind left.
    package func equalErrorRate(weights: [Int]) -> Double? {
        var sums: [Sums] = [], first = 0
        for groups in sets {
            guard let counted = Sums(groups, weights: weights[first...].prefix(groups.count), binCount: binCount) else {
                return nil
            }
            sums.append(counted)
            first += groups.count
        }
        let share = 1 / Double(sums.count)
        var before = (match: 0.0, miss: 1.0)
        for bin in 0..<binCount - 1 {
            var after = (match: 0.0, miss: 0.0)
            for position in sums.indices {
                let (match, miss) = sums[position].take(bin)
                after.match += match
                after.miss += miss
            }
            // One set's rates stay what they are.
            if sums.count > 1 { after = (after.match * share, after.miss * share) }
            if after.match >= after.miss {
                let gapBefore = before.miss - before.match, gapAfter = after.match - after.miss
                return before.match + gapBefore / (gapBefore + gapAfter) * (after.match - before.match)
            }
            before = after
        }
        // Only comparisons without a distance are left.
        return max(before.match, before.miss)
    }

    /// How many comparisons of one set there are up to a threshold that rises.
    private struct Sums {
        private var genuine: [Int]
        private var impostor: [Int]
        private let genuineTotal: Int
        private let impostorTotal: Int
        private var accepted = 0
        private var matched = 0

        /// Nil without comparisons of both kinds.
        init?(_ groups: [[Entry]], weights: ArraySlice<Int>, binCount: Int) {
            var genuine = Array(repeating: 0, count: binCount), impostor = genuine
            for (group, weight) in zip(groups, weights) where weight > 0 {
                for entry in group {
                    if entry.isGenuine {
                        genuine[entry.bin] += weight * entry.count
                    } else {
                        impostor[entry.bin] += weight * entry.count
                    }
                }
            }
            (genuineTotal, impostorTotal) = (genuine.reduce(0, +), impostor.reduce(0, +))
            guard genuineTotal > 0, impostorTotal > 0 else { return nil }
            (self.genuine, self.impostor) = (genuine, impostor)
        }

        /// The errors with one more bin accepted.
        mutating func take(_ bin: Int) -> (match: Double, miss: Double) {
            accepted += genuine[bin]
            matched += impostor[bin]
            return (Double(matched) / Double(impostorTotal), Double(genuineTotal - accepted) / Double(genuineTotal))
        }
    }

    /// The percentile interval; nil with fewer than two groups or resamples.
    package func interval(_ settings: BootstrapSettings, unit: BootstrapInterval.Unit) -> BootstrapInterval? {
        guard !sets.isEmpty, sets.allSatisfy({ $0.count > 1 }), settings.resamples > 1 else { return nil }
        var random = EvaluationRandom(settings.seed, 0xB007)
        var rates: [Double] = []
        rates.reserveCapacity(settings.resamples)
        for _ in 0..<settings.resamples {
            var weights = Array(repeating: 0, count: groupCount), first = 0
            for groups in sets {
                for _ in groups { weights[first + random.index(below: groups.count)] += 1 }
                first += groups.count
            }
            if let rate = equalErrorRate(weights: weights) { rates.append(rate) }
        }
        guard rates.count > 1 else { return nil }
        rates.sort()
        let tail = (1 - settings.confidence) / 2
        return BootstrapInterval(
            low: Self.quantile(tail, of: rates), high: Self.quantile(1 - tail, of: rates),
            confidence: settings.confidence,
            resamples: rates.count, unit: unit)
    }

    /// Between the two values around it, linearly.
    static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        let position = min(max(share, 0), 1) * Double(sorted.count - 1)
        let below = Int(position.rounded(.down))
        guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
        return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
    }
}

/// How an interval is found.
public struct BootstrapSettings: Sendable, Hashable {
    /// 0 finds none.
    public let resamples: Int
    /// Within 0…1, both apart.
    public let confidence: Double
    public let seed: UInt64

    public static let none = BootstrapSettings(resamples: 0)

    public init(resamples: Int = 1000, confidence: Double = 0.95, seed: UInt64 = 1) {
        self.resamples = max(0, resamples)
        self.confidence = min(max(confidence, 0.01), 0.999)
        self.seed = seed
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first place, of a sorted collection's, from which on a condition holds.
    package func partitioningIndex(_ holds: (Element) -> Bool) -> Int {
        var low = startIndex, high = endIndex
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
