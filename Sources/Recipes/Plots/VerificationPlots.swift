// SPDX-License-Identifier: Apache-2.0

import Plotting
import Recognition
import Wording

/// The curves and histograms of what a verification was measured to do, with references of several numbers of samples
/// or over listed pairs.
public struct VerificationPlots: Sendable {
    private struct Curve {
        let name: String
        let rates: ErrorRates
        let isSkilled: Bool
        let color: PlotColor
    }

    /// One histogram, and how many samples its references have; nil of pairs.
    private struct Scores {
        let references: Int?
        let subtitle: String
        let groups: [Histogram.Group]
        let threshold: Double
    }

    private let title: String
    private let subtitle: String
    private let curves: [Curve]
    private let scores: [Scores]

    /// - Parameters:
    ///   - title: what was measured, in the plots' titles after “of”.
    ///   - subtitle: on whom.
    public init(title: String, subtitle: String, _ results: [VerificationResult]) {
        self.title = title
        self.subtitle = subtitle
        curves = results.enumerated().flatMap { index, result in
            [(result.random, false), (result.skilled, true)].compactMap { rates, isSkilled in
                rates.map {
                    Curve(
                        name:
                            "k = \(result.referenceCount), \(isSkilled ? "skilled" : "random"): EER \(NumberText.percent($0.equalErrorRate.rate))",
                        rates: $0, isSkilled: isSkilled, color: PlotColor.palette[index % PlotColor.palette.count])
                }
            }
        }
        scores = results.compactMap(Self.scores)
    }

    public init(title: String, _ pairs: PairEvaluation) {
        self.title = title
        subtitle = NumberText.count(pairs.genuine.count + pairs.impostor.count, "pair")
        let equalError = pairs.rates.equalErrorRate
        curves = [
            Curve(
                name: "EER \(NumberText.percent(equalError.rate))", rates: pairs.rates, isSkilled: false, color: .blue)
        ]
        scores = [
            Scores(
                references: nil, subtitle: subtitle,
                groups: [
                    Self.group("same", pairs.genuine, .blue), Self.group("different", pairs.impostor, .vermilion),
                ],
                threshold: equalError.threshold)
        ]
    }

    private static func scores(_ result: VerificationResult) -> Scores? {
        guard let rates = result.skilled ?? result.random else { return nil }
        let groups: [(String, [VerificationTrial], PlotColor)] = [
            ("genuine", result.trials.genuine, .blue), ("random impostor", result.trials.random, .green),
            ("skilled forgery", result.trials.skilled, .vermilion),
        ]
        return Scores(
            references: result.referenceCount,
            subtitle: "references of \(NumberText.count(result.referenceCount, "sample")), "
                + NumberText.count(result.identityCount, "identity", "identities"),
            groups: groups.filter { !$0.1.isEmpty }.map(group), threshold: rates.equalErrorRate.threshold)
    }

    private static func group(_ name: String, _ trials: [VerificationTrial], _ color: PlotColor) -> Histogram.Group {
        Histogram.Group(name: name, values: trials.map { Double($0.distance) }, color: color)
    }

    /// Enough points for a curve as wide as a plot.
    private static let pointCount = 2000

    private func points(_ curve: Curve) -> [ErrorTradeoffPoint] {
        curve.rates.evaluation.errorTradeoff(pointCount: Self.pointCount)
    }

    /// False non-match over false match, by normal deviates; one line for each kind of impostor and number of
    /// references.
    public var tradeoff: Plot {
        let lowest = curves.map { 0.5 / Double(max($0.rates.evaluation.impostor.count, 1)) }.min() ?? 1e-4
        let lowestMiss = curves.map { 0.5 / Double(max($0.rates.evaluation.genuine.count, 1)) }.min() ?? 1e-4
        return Plot(
            title: "Detection error trade-off of \(title)", subtitle: subtitle,
            horizontal: PlotAxis(
                "false match rate", scale: .probit, range: min(max(lowest, 1e-6), 0.1)...0.6, labels: .percent),
            vertical: PlotAxis(
                "false non-match rate", scale: .probit, range: min(max(lowestMiss, 1e-6), 0.1)...0.6, labels: .percent),
            series: curves.map { curve in
                PlotSeries(
                    name: curve.name,
                    points: points(curve).map { PlotPoint(x: $0.falseMatchRate, y: $0.falseNonMatchRate) },
                    style: curve.isSkilled ? .line : .dashed, color: curve.color)
            },
            markers: curves.map {
                PlotMarker(
                    PlotPoint(x: $0.rates.equalErrorRate.rate, y: $0.rates.equalErrorRate.rate), label: "",
                    color: $0.color)
            })
    }

    /// True match over false match, the latter by its logarithm.
    public var receiverOperatingCharacteristic: Plot {
        let lowest = curves.map { 1 / Double(max($0.rates.evaluation.impostor.count, 1)) }.min() ?? 1e-4
        return Plot(
            title: "Receiver operating characteristic of \(title)", subtitle: subtitle,
            horizontal: PlotAxis("false match rate", scale: .logarithmic, range: min(max(lowest, 1e-6), 0.1)...1),
            vertical: PlotAxis("true match rate", range: 0...1, labels: .percent),
            series: curves.map { curve in
                PlotSeries(
                    name: curve.name,
                    points: points(curve).map { PlotPoint(x: $0.falseMatchRate, y: 1 - $0.falseNonMatchRate) },
                    style: curve.isSkilled ? .line : .dashed, color: curve.color)
            })
    }

    /// The distances, for each number of references; nil stands for pairs.
    public var distances: [(references: Int?, histogram: Histogram)] {
        scores.map { scores in
            let histogram = Histogram(
                title: "Distances of \(title)", subtitle: scores.subtitle, label: "distance", groups: scores.groups,
                rules: [PlotRule(x: scores.threshold, label: "equal error at \(NumberText.decimal(scores.threshold))")])
            return (scores.references, histogram)
        }
    }
}
