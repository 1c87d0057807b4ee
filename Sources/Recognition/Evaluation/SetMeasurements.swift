// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What thresholds do on several sets of which each weighs the same, for references of every number of samples at once.
struct SetMeasurements {
    /// Of one set, by the number of samples.
    private struct Measured {
        let set: CalibrationSet
        let evaluations: [Int: Evaluation]
        /// The bounds by people of the sets that measure false matches.
        let bounds: [Int: PeopleBound]
        /// Genuine samples against forgeries.
        let forgeries: [Int: Evaluation]
    }

    private let sets: [Measured]
    /// By the number of samples, over the sets that have such comparisons.
    let evaluations: [Int: PooledEvaluation]
    /// What thresholds are chosen by, and the bounds of the rates there by people, where they are known.
    private let thresholds: [(evaluation: PooledEvaluation, bounds: [PeopleBound])]
    private let forgeries: [PooledEvaluation]
    /// Whether false-match rates are measured on people who are drawn for it.
    private let measuresByPeople: Bool

    /// A threshold whose rate may be more than so many times the stated one is not offered.
    private static let boundedBy = 3.0

    init(_ sets: [CalibrationSet]) {
        self.sets = concurrentMap(sets.count) { position in
            let set = sets[position], comparisons = set.comparisons
            return Measured(
                set: set,
                evaluations: comparisons.filter { !$0.value.impostor.isEmpty }
                    .mapValues { Evaluation(genuine: $0.genuine, impostor: $0.impostor) },
                bounds: set.measuresFalseMatches ? comparisons.compactMapValues(PeopleBound.init) : [:],
                forgeries: comparisons.filter { !$0.value.skilled.isEmpty && !$0.value.genuine.isEmpty }
                    .mapValues { Evaluation(genuine: $0.genuine, impostor: $0.skilled) })
        }
        let counts = Set(sets.flatMap(\.comparisons.keys)).sorted(), measured = self.sets
        let pooled = Dictionary(
            uniqueKeysWithValues: counts.compactMap { count in
                PooledEvaluation(measured.compactMap { $0.evaluations[count] }.filter { !$0.genuine.isEmpty })
                    .map { (count, $0) }
            })
        evaluations = pooled
        let measuring = measured.filter(\.set.measuresFalseMatches)
        thresholds =
            measuring.isEmpty
            ? counts.compactMap { count in pooled[count].map { ($0, []) } }
            : counts.compactMap { count in
                PooledEvaluation(impostorsOf: measuring.compactMap { $0.evaluations[count] }).map {
                    ($0, measuring.compactMap { $0.bounds[count] })
                }
            }
        measuresByPeople = !measuring.isEmpty
        forgeries = counts.compactMap { count in PooledEvaluation(measured.compactMap { $0.forgeries[count] }) }
    }

    /// The thresholds of the rates, and those that keep the share of forgeries that match, by falling rate.
    func points(rates: [Double], skilledRates: [Double]) -> [OperatingPoint] {
        var points = Set(rates).sorted(by: >).map { rate in
            let strictest = thresholds.map { operatingPoint(rate, $0.evaluation, $0.bounds) }.min {
                ($0.threshold, $1.upperBound) < ($1.threshold, $0.upperBound)
            }
            let threshold = strictest?.threshold ?? 0
            return OperatingPoint(
                falseMatchRate: rate, threshold: threshold, upperBound: strictest?.upperBound ?? 1,
                skilledFalseMatchRate: skilledFalseMatchRate(at: threshold))
        }
        if measuresByPeople {
            // A calibration has one point at least.
            points = points.enumerated().filter { index, point in
                index == 0 || point.upperBound <= Self.boundedBy * point.falseMatchRate
            }.map(\.element)
        }
        for rate in Set(skilledRates).sorted(by: >) where isSupported(rate) {
            guard let threshold = forgeries.map({ $0.threshold(falseMatchRate: rate) }).min(), threshold > 0,
                !points.contains(where: { $0.threshold == threshold })
            else { continue }
            // No more than the rate that the next larger threshold stands for, and no less than what was measured.
            let looser = points.filter { $0.threshold > threshold }.map(\.falseMatchRate).min() ?? 1
            let measured = evaluations.values.map { $0.falseMatchRate(at: threshold) }.max() ?? 0
            let stated = Self.stated(max(measured, leastRate), below: looser, from: measured)
            guard points.allSatisfy({ $0.threshold > threshold || $0.falseMatchRate < stated }) else { continue }
            points.append(
                OperatingPoint(
                    falseMatchRate: stated, threshold: threshold,
                    upperBound: evaluations.values.map { $0.falseMatchRateUpperBound(at: threshold) }.max() ?? 1,
                    skilledFalseMatchRate: skilledFalseMatchRate(at: threshold)))
        }
        return points.sorted { $0.falseMatchRate > $1.falseMatchRate }
    }

    /// The threshold of a rate, bounded by pairs and, where they are known, by people.
    private func operatingPoint(
        _ rate: Double, _ evaluation: PooledEvaluation, _ bounds: [PeopleBound]
    ) -> OperatingPoint {
        let point = evaluation.operatingPoint(falseMatchRate: rate)
        guard bounds.count == evaluation.sets.count else { return point }
        let byPeople = bounds.reduce(0) { $0 + $1.upperBound(at: point.threshold) } / Double(bounds.count)
        return OperatingPoint(
            falseMatchRate: rate, threshold: point.threshold, upperBound: max(point.upperBound, byPeople))
    }

    /// What each set does at the thresholds.
    func figures(at points: [OperatingPoint]) -> [CalibrationSetFigures] {
        sets.map { measured in
            let all = measured.set.comparisons.values
            return CalibrationSetFigures(
                name: measured.set.name, genuineCount: all.reduce(0) { $0 + $1.genuine.count },
                impostorCount: all.reduce(0) { $0 + $1.impostor.count }, skilledCount: measured.set.skilledCount,
                points: points.map { point in
                    CalibrationSetFigures.Point(
                        operatingPoint: point.falseMatchRate,
                        falseMatchRate: measured.evaluations.values.map { $0.falseMatchRate(at: point.threshold) }.max()
                            ?? 0,
                        falseNonMatchRate: measured.evaluations.values.map { $0.falseNonMatchRate(at: point.threshold) }
                            .max() ?? 0,
                        skilledFalseMatchRate: measured.forgeries.values.map { $0.falseMatchRate(at: point.threshold) }
                            .max())
                })
        }
    }

    /// The largest mean share of forgeries, over the numbers of samples, that match; nil without any.
    private func skilledFalseMatchRate(at threshold: Double) -> Double? {
        forgeries.map { $0.falseMatchRate(at: threshold) }.max()
    }

    /// Whether there are forgeries enough to tell a rate (the rule of three), for every number of samples.
    private func isSupported(_ rate: Double) -> Bool {
        !forgeries.isEmpty
            && forgeries.allSatisfy { pooled in
                pooled.sets.reduce(0) { $0 + 3 / Double($1.impostor.count) } / Double(pooled.sets.count) <= rate
            }
    }

    /// What one false match more would be.
    private var leastRate: Double { 1 / Double((evaluations.values.map(\.impostorCount).max() ?? 0) + 1) }

    /// A rate to two digits, so that it can be typed, below that of another point and no less than what was measured.
    private static func stated(_ rate: Double, below looser: Double, from measured: Double) -> Double {
        let plain = twoDigits(rate, .up)
        if plain < looser { return plain }
        let below = twoDigits(0.95 * looser, .down)
        return below >= measured ? below : 0.999 * looser
    }

    private static func twoDigits(_ rate: Double, _ rule: FloatingPointRoundingRule) -> Double {
        let exponent = Int(floor(log10(rate))) - 1
        // Of a number of two digits, what division leaves is none.
        let digits = (rate / pow(10, Double(exponent)) + (rule == .up ? -1e-9 : 1e-9)).rounded(rule)
        return Double("\(Int(digits))e\(exponent)") ?? rate
    }
}
