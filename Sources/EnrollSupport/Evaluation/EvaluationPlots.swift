import Recipes
import Recognition
import Wording

/// The curves and histograms of an evaluation.
public struct EvaluationPlots {
    private let plots: VerificationPlots

    public init(_ outcome: EvaluationRun.Outcome) {
        let title = "\(outcome.model.manifest.name) \(outcome.model.manifest.version)"
        switch outcome.measured {
        case .identities(let results):
            let most = results.map(\.identityCount).max() ?? 0
            plots = VerificationPlots(
                title: title, subtitle: NumberText.count(most, "identity", "identities") + ", one threshold for all", results)
        case .pairs(let pairs):
            plots = VerificationPlots(title: title, pairs)
        }
    }

    /// Writes all of them, each as PNG and as SVG.
    ///
    /// - Returns: the files' paths.
    public func write(to folder: OutputFolder) throws(CommandFailure) -> [String] {
        var files: [String] = []
        do {
            for (name, plot) in [("det", plots.tradeoff), ("roc", plots.receiverOperatingCharacteristic)] {
                files.append(try folder.write(try plot.pngBytes(), named: "\(name).png"))
                files.append(try folder.write(try plot.svgBytes(), named: "\(name).svg"))
            }
            for (references, histogram) in plots.distances {
                let name = references.map { "scores-\($0)" } ?? "scores"
                files.append(try folder.write(try histogram.pngBytes(), named: "\(name).png"))
                files.append(try folder.write(try histogram.svgBytes(), named: "\(name).svg"))
            }
        } catch {
            throw CommandFailure(error)
        }
        return files
    }
}
