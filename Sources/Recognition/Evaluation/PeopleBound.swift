// SPDX-License-Identifier: Apache-2.0

/// How far a false-match rate may be from the one that was measured, seen that the people are drawn and not the pairs.
///
/// All comparisons of a person rise and fall together: somebody who resembles many makes many false matches. The rate is
/// a mean over pairs of people (a U-statistic), whose variance is about 4/n of the variance of the people's own rates
/// (Hoeffding, *A class of statistics with asymptotically normal distribution*, 1948; that ISO/IEC 19795-1 asks for
/// intervals over people and not over comparisons has this reason).
package struct PeopleBound: Sendable {
    /// The distances and whose they are.
    private let distances: [Double]
    private let people: [SIMD2<UInt32>]
    private let peopleCount: Int
    /// For each person how many comparisons there are with one of their samples.
    private let comparisonCounts: [Int]

    /// The one-sided 95 % quantile of the normal distribution.
    private static let quantile = 1.6449

    /// Nil when it is not known whose the distances are.
    package init?(_ comparisons: CalibrationSet.Comparisons) {
        guard !comparisons.impostor.isEmpty, comparisons.impostor.count == comparisons.impostorPeople.count else {
            return nil
        }
        distances = comparisons.impostor
        people = comparisons.impostorPeople
        peopleCount = Int(people.reduce(0) { max($0, max($1.x, $1.y)) }) + 1
        var counts = Array(repeating: 0, count: peopleCount)
        for pair in people {
            counts[Int(pair.x)] += 1
            counts[Int(pair.y)] += 1
        }
        comparisonCounts = counts
    }

    /// The upper end of the one-sided 95 % interval of the false-match rate at a threshold.
    package func upperBound(at threshold: Double) -> Double {
        var matches = Array(repeating: 0, count: peopleCount), total = 0
        for (distance, pair) in zip(distances, people) where distance <= threshold {
            matches[Int(pair.x)] += 1
            matches[Int(pair.y)] += 1
            total += 1
        }
        let rates = zip(matches, comparisonCounts).compactMap { $1 > 0 ? Double($0) / Double($1) : nil }
        guard rates.count > 1 else { return 1 }
        let rate = Double(total) / Double(distances.count), mean = rates.reduce(0, +) / Double(rates.count)
        let variance = rates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rates.count - 1)
        return min(1, rate + Self.quantile * 2 * (variance / Double(rates.count)).squareRoot())
    }
}
