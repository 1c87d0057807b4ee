// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The logistic regression of *same* on distance, with equal weight for both kinds of pairs and for each set of either.
struct LogisticFit {
    let a: Double
    let d0: Double

    /// Returns nil when there is nothing to fit: no spread, or no dependence on distance.
    ///
    /// - Parameters:
    ///   - genuine: for each set its distances; no list is empty.
    ///   - impostor: likewise.
    init?(genuine: [[Double]], impostor: [[Double]]) {
        let all = genuine + impostor
        let count = Double(all.reduce(0) { $0 + $1.count })
        let mean = all.reduce(0) { $0 + $1.reduce(0, +) } / count
        let variance = all.reduce(0) { $0 + $1.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } } / count
        let deviation = variance.squareRoot()
        guard deviation > 0, deviation.isFinite else { return nil }

        // Distances on a common scale, so that Newton's steps are well conditioned whatever the model's is.
        func groups(_ sets: [[Double]], target: (Double) -> Double) -> [Group] {
            sets.map { values in
                Group(
                    values: values.map { ($0 - mean) / deviation }, target: target(Double(values.count)),
                    weight: 0.5 / Double(sets.count) / Double(values.count))
            }
        }
        let fitted = Self.newton(groups(genuine) { ($0 + 1) / ($0 + 2) } + groups(impostor) { 1 / ($0 + 2) })
        guard let line = fitted else { return nil }
        guard abs(line.slope) > 1e-9 else { return nil }
        a = -line.slope / deviation
        d0 = mean - deviation * line.intercept / line.slope
        guard a.isFinite, d0.isFinite else { return nil }
    }

    /// Pairs of one kind and one set.
    private struct Group: Sendable {
        let values: [Double]
        let target: Double
        /// Of each of them; all pairs of one kind together weigh one half.
        let weight: Double

        /// A sum over all values, in pieces of one size on all cores: the same digits on every machine.
        func sum(_ piece: @Sendable (ArraySlice<Double>) -> Sums) -> Sums {
            let size = 1 << 16, count = (values.count + size - 1) / size
            return concurrentMap(count) { piece(values[$0 * size..<min(($0 + 1) * size, values.count)]) }.reduce(
                Sums(), +)
        }
    }

    /// The loss, its gradient and its curvature.
    private struct Sums: Sendable {
        var loss = 0.0
        var slope = 0.0, intercept = 0.0
        var slopeBend = 0.0, mixedBend = 0.0, interceptBend = 0.0

        static func + (first: Sums, second: Sums) -> Sums {
            Sums(
                loss: first.loss + second.loss, slope: first.slope + second.slope,
                intercept: first.intercept + second.intercept,
                slopeBend: first.slopeBend + second.slopeBend, mixedBend: first.mixedBend + second.mixedBend,
                interceptBend: first.interceptBend + second.interceptBend)
        }
    }

    private typealias Line = (slope: Double, intercept: Double)

    /// Newton's method with halved steps on the convex cross-entropy.
    private static func newton(_ groups: [Group]) -> Line? {
        var line: Line = (0, 0)
        var loss = crossEntropy(groups, line)
        for _ in 0..<100 {
            let sums = groups.reduce(Sums()) { $0 + derivatives($1, line) }
            if max(abs(sums.slope), abs(sums.intercept)) < 1e-12 { return line }
            let determinant = sums.slopeBend * sums.interceptBend - sums.mixedBend * sums.mixedBend
            guard determinant > 1e-300 else { return line }
            let step: Line = (
                (sums.interceptBend * sums.slope - sums.mixedBend * sums.intercept) / determinant,
                (sums.slopeBend * sums.intercept - sums.mixedBend * sums.slope) / determinant
            )
            var size = 1.0
            var next = line, nextLoss = loss
            repeat {
                next = (line.slope - size * step.slope, line.intercept - size * step.intercept)
                nextLoss = crossEntropy(groups, next)
                size /= 2
            } while !(nextLoss <= loss) && size > 1e-10
            guard nextLoss <= loss else { return line }
            let moved = max(abs(next.slope - line.slope), abs(next.intercept - line.intercept))
            line = next
            loss = nextLoss
            if moved < 1e-13 * max(1, abs(line.slope), abs(line.intercept)) { return line }
        }
        return line
    }

    private static func derivatives(_ group: Group, _ line: Line) -> Sums {
        let (slope, intercept) = line, target = group.target, weight = group.weight
        return group.sum { values in
            var sums = Sums()
            for value in values {
                let probability = 1 / (1 + exp(-(slope * value + intercept)))
                let error = weight * (probability - target)
                sums.slope += error * value
                sums.intercept += error
                let bend = weight * probability * (1 - probability)
                sums.slopeBend += bend * value * value
                sums.mixedBend += bend * value
                sums.interceptBend += bend
            }
            return sums
        }
    }

    private static func crossEntropy(_ groups: [Group], _ line: Line) -> Double {
        let (slope, intercept) = line
        return groups.reduce(0) { sum, group in
            let target = group.target
            return sum + group.sum { values in
                var sums = Sums()
                for value in values {
                    let logit = slope * value + intercept
                    // log(1 + exp(z)) − t·z, without overflow for large |z|.
                    sums.loss += max(logit, 0) + log1p(exp(-abs(logit))) - target * logit
                }
                return sums
            }.loss * group.weight
        }
    }
}
