import Plotting
import Recognition
import Wording

/// The curves and histograms of an evaluation.
public struct EvaluationPlots {
    private struct Curve {
        let name: String
        let rates: ErrorRates
        let isSkilled: Bool
        let colour: PlotColour
    }

    private struct Scores {
        /// Part of the file's name.
        let suffix: String
        let subtitle: String
        let groups: [Histogram.Group]
        let threshold: Double
    }

    private let title: String
    private let subtitle: String
    private let curves: [Curve]
    private let scores: [Scores]

    public init(_ outcome: EvaluationRun.Outcome) {
        title = "\(outcome.model.manifest.name) \(outcome.model.manifest.version)"
        switch outcome.measured {
        case .identities(let results):
            let most = results.map(\.identityCount).max() ?? 0
            subtitle = NumberText.count(most, "identity", "identities") + ", one threshold for all"
            curves = results.enumerated().flatMap { index, result in
                [(result.random, false), (result.skilled, true)].compactMap { rates, isSkilled in
                    rates.map {
                        Curve(
                            name: "k = \(result.referenceCount), \(isSkilled ? "skilled" : "random"): EER \(EvaluationReport.percent($0.equalErrorRate.rate))",
                            rates: $0, isSkilled: isSkilled, colour: PlotColour.palette[index % PlotColour.palette.count])
                    }
                }
            }
            scores = results.compactMap(Self.scores)
        case .pairs(let pairs):
            subtitle = "\(pairs.genuine.count + pairs.impostor.count) pairs"
            curves = [
                Curve(
                    name: "EER \(EvaluationReport.percent(pairs.rates.equalErrorRate.rate))", rates: pairs.rates, isSkilled: false,
                    colour: .blue),
            ]
            scores = [
                Scores(
                    suffix: "", subtitle: subtitle,
                    groups: [
                        Histogram.Group(name: "same", values: pairs.genuine.map { Double($0.distance) }, colour: .blue),
                        Histogram.Group(name: "different", values: pairs.impostor.map { Double($0.distance) }, colour: .vermilion),
                    ], threshold: pairs.rates.equalErrorRate.threshold),
            ]
        }
    }

    private static func scores(_ result: VerificationResult) -> Scores? {
        guard let rates = result.skilled ?? result.random else { return nil }
        let groups: [(String, [VerificationTrial], PlotColour)] = [
            ("genuine", result.trials.genuine, .blue), ("random impostor", result.trials.random, .green),
            ("skilled forgery", result.trials.skilled, .vermilion),
        ]
        return Scores(
            suffix: "-\(result.referenceCount)",
            subtitle: "references of \(NumberText.count(result.referenceCount, "sample")), "
                + NumberText.count(result.identityCount, "identity", "identities"),
            groups: groups.filter { !$0.1.isEmpty }.map { name, trials, colour in
                Histogram.Group(name: name, values: trials.map { Double($0.distance) }, colour: colour)
            }, threshold: rates.equalErrorRate.threshold)
    }

    /// Enough points for a curve as wide as a plot.
    private static let pointCount = 2000

    /// False non-match over false match, by normal deviates; one line for each kind of impostor and number of references.
    var tradeoff: Plot {
        let lowest = curves.map { 0.5 / Double(max($0.rates.evaluation.impostor.count, 1)) }.min() ?? 1e-4
        let lowestMiss = curves.map { 0.5 / Double(max($0.rates.evaluation.genuine.count, 1)) }.min() ?? 1e-4
        return Plot(
            title: "Detection error trade-off of \(title)", subtitle: subtitle,
            horizontal: PlotAxis("false match rate", scale: .probit, range: min(max(lowest, 1e-6), 0.1)...0.6, labels: .percent),
            vertical: PlotAxis("false non-match rate", scale: .probit, range: min(max(lowestMiss, 1e-6), 0.1)...0.6, labels: .percent),
            series: curves.map { curve in
                PlotSeries(
                    name: curve.name, points: points(curve).map { PlotPoint(x: $0.falseMatchRate, y: $0.falseNonMatchRate) },
                    style: curve.isSkilled ? .line : .dashed, colour: curve.colour)
            },
            markers: curves.map {
                PlotMarker(PlotPoint(x: $0.rates.equalErrorRate.rate, y: $0.rates.equalErrorRate.rate), label: "", colour: $0.colour)
            })
    }

    /// True match over false match, the latter by its logarithm.
    var receiverOperatingCharacteristic: Plot {
        let lowest = curves.map { 1 / Double(max($0.rates.evaluation.impostor.count, 1)) }.min() ?? 1e-4
        return Plot(
            title: "Receiver operating characteristic of \(title)", subtitle: subtitle,
            horizontal: PlotAxis("false match rate", scale: .logarithmic, range: min(max(lowest, 1e-6), 0.1)...1),
            vertical: PlotAxis("true match rate", range: 0...1, labels: .percent),
            series: curves.map { curve in
                PlotSeries(
                    name: curve.name, points: points(curve).map { PlotPoint(x: $0.falseMatchRate, y: 1 - $0.falseNonMatchRate) },
                    style: curve.isSkilled ? .line : .dashed, colour: curve.colour)
            })
    }

    private func points(_ curve: Curve) -> [ErrorTradeoffPoint] { curve.rates.evaluation.errorTradeoff(pointCount: Self.pointCount) }

    /// Writes all of them, each as PNG and as SVG.
    ///
    /// - Returns: the files' paths.
    public func write(to folder: OutputFolder) throws(CommandFailure) -> [String] {
        var files: [String] = []
        do {
            for (name, plot) in [("det", tradeoff), ("roc", receiverOperatingCharacteristic)] {
                files.append(try folder.write(try plot.pngBytes(), named: "\(name).png"))
                files.append(try folder.write(try plot.svgBytes(), named: "\(name).svg"))
            }
            for scores in scores {
                let histogram = Histogram(
                    title: "Distances of \(title)", subtitle: scores.subtitle, label: "distance", groups: scores.groups,
                    rules: [PlotRule(x: scores.threshold, label: "equal error at \(NumberText.decimal(scores.threshold))")])
                files.append(try folder.write(try histogram.pngBytes(), named: "scores\(scores.suffix).png"))
                files.append(try folder.write(try histogram.svgBytes(), named: "scores\(scores.suffix).svg"))
            }
        } catch {
            throw CommandFailure(error)
        }
        return files
    }
}
