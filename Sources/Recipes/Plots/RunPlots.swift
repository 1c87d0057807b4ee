// SPDX-License-Identifier: Apache-2.0

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

    /// The trade-off and the distances of identities that the training did not see.
    func verification(_ set: SetResults, isOnly: Bool) -> VerificationPlots {
        let count = NumberText.count(set.results.first?.identityCount ?? 0, "identity", "identities")
        return VerificationPlots(
            title: name, subtitle: "\(count)\(isOnly ? "" : " of \(set.name)") that the training did not see",
            set.results)
    }
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
