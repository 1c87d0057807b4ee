// SPDX-License-Identifier: Apache-2.0

import Recipes
import Wording

extension RunSummary {
    /// The summary for people, several lines.
    public var text: String {
        var lines: [String] = []
        if isInterrupted {
            lines.append(
                "interrupted after \(NumberText.count(epochs, "epoch")) and \(NumberText.count(steps, "step"))")
        } else {
            lines.append(
                "\(name): \(NumberText.count(epochs, "epoch")), \(NumberText.count(steps, "step"))"
                    + (loss.map { ", loss \(NumberText.decimal($0, distinctFrom: [0]))" } ?? ""))
        }
        if let folds {
            let parts = leftOut == "sources" ? "leaving out one source after another" : "in \(folds) parts"
            lines.append("cross-validation \(parts), all comparisons under one threshold:")
        }
        for source in sources {
            lines.append("\(source.name):")
            for result in source.results { lines += Self.lines(result) }
        }
        if !sources.isEmpty, !results.isEmpty { lines.append("all, each source weighing the same:") }
        for result in results { lines += Self.lines(result) }
        if let pairs { lines.append("  held-out pairs: \(Self.words(pairs))") }
        if let package {
            lines.append(
                "the model package is \(package.path) (\(package.digest.prefix(12)))"
                    + (package.isCalibrated ? "" : ", without a calibration"))
            lines.append("import it with: enroll model import package \(package.path)")
        }
        if let calibrationProblem { lines.append("it has no calibration: \(calibrationProblem)") }
        return PrintableText.ofLines(lines.joined(separator: "\n")) + "\n"
    }

    private static func lines(_ result: Result) -> [String] {
        let head =
            "  \(NumberText.count(result.references, "reference")), \(NumberText.count(result.identities, "identity", "identities"))"
        return [("skilled forgeries", result.skilled), ("other people", result.random)].compactMap { kind, errors in
            errors.map { "\(head), \(kind): \(words($0))" }
        }
    }

    private static func words(_ errors: Errors) -> String {
        "EER \(NumberText.percent(errors.equalErrorRate))"
            + (errors.interval.map { " (95 %: \(NumberText.percent($0[0])) to \(NumberText.percent($0[1])))" } ?? "")
            + " over \(errors.genuine) genuine and \(errors.impostor) impostor comparisons"
    }
}
