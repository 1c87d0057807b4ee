import Foundation

/// The logistic regression of *same* on distance, with equal weight for both kinds of pairs.
struct LogisticFit {
    let a: Double
    let d0: Double

    /// Returns nil when there is nothing to fit: no spread, or no dependence on distance.
    init?(genuine: [Double], impostor: [Double]) {
        let count = Double(genuine.count + impostor.count)
        let mean = (genuine.reduce(0, +) + impostor.reduce(0, +)) / count
        let variance = (genuine + impostor).reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let deviation = variance.squareRoot()
        guard deviation > 0, deviation.isFinite else { return nil }

        // Distances on a common scale, so that Newton's steps are well conditioned whatever the model's is.
        func scaled(_ values: [Double]) -> [Double] { values.map { ($0 - mean) / deviation } }
        let groups = [
            Group(values: scaled(genuine), target: Double(genuine.count + 1) / Double(genuine.count + 2)),
            Group(values: scaled(impostor), target: 1 / Double(impostor.count + 2)),
        ]
        guard let line = Self.newton(groups) else { return nil }
        guard abs(line.slope) > 1e-9 else { return nil }
        a = -line.slope / deviation
        d0 = mean - deviation * line.intercept / line.slope
        guard a.isFinite, d0.isFinite else { return nil }
    }

    /// Pairs of one kind, which together weigh one half.
    private struct Group {
        let values: [Double]
        let target: Double
    }

    private typealias Line = (slope: Double, intercept: Double)

    /// Newton's method with halved steps on the convex cross-entropy.
    private static func newton(_ groups: [Group]) -> Line? {
        var line: Line = (0, 0)
        var loss = crossEntropy(groups, line)
        for _ in 0..<100 {
            var slopeGradient = 0.0, interceptGradient = 0.0
            var curvature = (slope: 0.0, mixed: 0.0, intercept: 0.0)
            for group in groups {
                let weight = 0.5 / Double(group.values.count)
                for value in group.values {
                    let probability = 1 / (1 + exp(-(line.slope * value + line.intercept)))
                    let error = weight * (probability - group.target)
                    slopeGradient += error * value
                    interceptGradient += error
                    let bend = weight * probability * (1 - probability)
                    curvature.slope += bend * value * value
                    curvature.mixed += bend * value
                    curvature.intercept += bend
                }
            }
            if max(abs(slopeGradient), abs(interceptGradient)) < 1e-12 { return line }
            let determinant = curvature.slope * curvature.intercept - curvature.mixed * curvature.mixed
            guard determinant > 1e-300 else { return line }
            let step: Line = (
                (curvature.intercept * slopeGradient - curvature.mixed * interceptGradient) / determinant,
                (curvature.slope * interceptGradient - curvature.mixed * slopeGradient) / determinant)
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

    private static func crossEntropy(_ groups: [Group], _ line: Line) -> Double {
        groups.reduce(0) { sum, group in
            sum + group.values.reduce(0) { sum, value in
                let logit = line.slope * value + line.intercept
                // log(1 + exp(z)) − t·z, without overflow for large |z|.
                return sum + max(logit, 0) + log1p(exp(-abs(logit))) - group.target * logit
            } * 0.5 / Double(group.values.count)
        }
    }
}
