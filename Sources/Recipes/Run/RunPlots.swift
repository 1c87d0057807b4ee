import Plotting
import Recognition
import Training
import Wording

/// The pictures of a run, each as PNG and SVG.
struct RunPlots {
    let name: String

    /// The loss of every epoch, over all stages.
    func loss(_ history: TrainingHistory) -> Plot {
        let epochs = history.epochs
        return Plot(
            title: "Training of \(name)",
            subtitle: "\(NumberText.count(epochs.count, "epoch")), \(NumberText.count(history.steps.count, "step"))",
            horizontal: PlotAxis("epoch"), vertical: PlotAxis("mean loss of the epoch"),
            series: [PlotSeries(name: "loss", values: epochs.map(\.loss))], rules: stageRules(history))
    }

    /// The figures of the held-out identities, epoch by epoch; nil when none were measured.
    func heldOut(_ history: TrainingHistory) -> Plot? {
        let names = Set(history.epochs.flatMap(\.figures.keys)).sorted()
        guard !names.isEmpty else { return nil }
        let series = names.map { name in
            PlotSeries(
                name: name.replacing("_eer", with: ""),
                points: history.epochs.enumerated().compactMap { index, epoch in
                    epoch.figures[name].map { PlotPoint(x: Double(index + 1), y: $0) }
                })
        }
        return Plot(
            title: "Held-out identities", subtitle: "equal error rates, one reference", horizontal: PlotAxis("epoch"),
            vertical: PlotAxis("equal error rate", labels: .percent), series: series, rules: stageRules(history))
    }

    /// Where a stage after the first begins.
    private func stageRules(_ history: TrainingHistory) -> [PlotRule] {
        zip(history.epochs, history.epochs.dropFirst()).enumerated().compactMap { index, pair in
            pair.0.stage == pair.1.stage ? nil : PlotRule(x: Double(index) + 1.5, label: "stage \(pair.1.stage + 1)")
        }
    }

    /// The detection error trade-off, against forgeries and against others, for each number of references.
    func tradeoff(_ results: [VerificationResult]) -> Plot {
        var series: [PlotSeries] = [], markers: [PlotMarker] = []
        for (kind, style, rates) in [("skilled", PlotSeries.Style.line, \VerificationResult.skilled), ("random", .dashed, \.random)] {
            for (index, result) in results.enumerated() {
                guard let rates = result[keyPath: rates] else { continue }
                let colour = PlotColour.palette[index % PlotColour.palette.count]
                let points = rates.evaluation.errorTradeoff.map { PlotPoint(x: $0.falseMatchRate, y: $0.falseNonMatchRate) }
                let rate = rates.equalErrorRate.rate
                series.append(PlotSeries(name: "\(kind), k = \(result.referenceCount): EER \(percent(rate))", points: points, style: style, colour: colour))
                markers.append(PlotMarker(PlotPoint(x: rate, y: rate), label: "", colour: colour))
            }
        }
        return Plot(
            title: "Detection error trade-off of \(name)", subtitle: subtitle(results),
            horizontal: PlotAxis("false match rate", scale: .probit, range: 0.0005...0.6, labels: .percent),
            vertical: PlotAxis("false non-match rate", scale: .probit, range: 0.0005...0.6, labels: .percent), series: series, markers: markers)
    }

    /// The distances of the largest number of references.
    func scores(_ results: [VerificationResult]) -> Histogram? {
        guard let result = results.last(where: { !$0.trials.genuine.isEmpty }) else { return nil }
        func values(_ trials: [VerificationTrial]) -> [Double] { trials.map { Double($0.distance) } }
        let groups = [("genuine", result.trials.genuine), ("skilled forgeries", result.trials.skilled), ("other people", result.trials.random)]
        let rates = result.skilled ?? result.random
        return Histogram(
            title: "Distances of \(name)", subtitle: "\(subtitle([result])), references of \(result.referenceCount)", label: "distance",
            groups: groups.filter { !$0.1.isEmpty }.map { Histogram.Group(name: $0.0, values: values($0.1)) },
            rules: rates.map { [PlotRule(x: $0.equalErrorRate.threshold, label: "equal error")] } ?? [])
    }

    private func subtitle(_ results: [VerificationResult]) -> String {
        results.first.map { NumberText.count($0.identityCount, "identity", "identities") + " that the training did not see" } ?? ""
    }

    private func percent(_ rate: Double) -> String { "\(NumberText.decimal(rate * 100)) %" }
}

extension RunFolder {
    func write(_ plot: Plot, named name: String) throws {
        try write(try plot.pngBytes(), to: "\(name).png")
        try write(try plot.svgBytes(), to: "\(name).svg")
    }

    func write(_ histogram: Histogram, named name: String) throws {
        try write(try histogram.pngBytes(), to: "\(name).png")
        try write(try histogram.svgBytes(), to: "\(name).svg")
    }
}
