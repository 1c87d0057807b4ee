// SPDX-License-Identifier: Apache-2.0

import Recipes
import Recognition
import Wording

/// The curves and histograms of an evaluation.
public struct EvaluationPlots {
    private let plots: VerificationPlots

    /// - Parameter set: which of several sets it is; nil of one.
    public init(_ outcome: EvaluationRun.Outcome, set: String? = nil) {
        let title = "\(outcome.model.manifest.name) \(outcome.model.manifest.version)"
        switch outcome.measured {
        case .identities(let results):
            let most = results.map(\.identityCount).max() ?? 0
            plots = VerificationPlots(
                title: title,
                subtitle: NumberText.count(most, "identity", "identities") + (set.map { " of \($0)" } ?? "")
                    + ", one threshold for all", results)
        case .pairs(let pairs):
            plots = VerificationPlots(title: title, pairs)
        }
    }

    /// Writes the plots of each of several sets, whose name the files' names begin with.
    public static func write(
        _ outcome: EvaluationRun.SetsOutcome, to folder: OutputFolder
    ) throws(CommandFailure) -> [String] {
        var files: [String] = []
        for (name, outcome) in outcome.sets {
            files += try EvaluationPlots(outcome, set: name).write(to: folder, prefix: "\(name)-")
        }
        return files
    }

    /// Writes all of them, each as PNG and as SVG.
    ///
    /// - Returns: the files' paths.
    public func write(to folder: OutputFolder, prefix: String = "") throws(CommandFailure) -> [String] {
        var files: [String] = []
        do {
            for (name, plot) in [("det", plots.tradeoff), ("roc", plots.receiverOperatingCharacteristic)] {
                files.append(try folder.write(try plot.pngBytes(), named: "\(prefix)\(name).png"))
                files.append(try folder.write(try plot.svgBytes(), named: "\(prefix)\(name).svg"))
            }
            for (references, histogram) in plots.distances {
                let name = references.map { "scores-\($0)" } ?? "scores"
                files.append(try folder.write(try histogram.pngBytes(), named: "\(prefix)\(name).png"))
                files.append(try folder.write(try histogram.svgBytes(), named: "\(prefix)\(name).svg"))
            }
        } catch {
            throw CommandFailure(error)
        }
        return files
    }
}
