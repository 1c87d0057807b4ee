// SPDX-License-Identifier: Apache-2.0

import Wording

extension SetsReport {
    /// Tables for people: equal error rates by set and over all, and what the model's own thresholds do on each.
    public var text: String {
        PrintableText.of("\(model.name) \(model.version) (\(model.origin))") + "\n" + FieldList.text(fields) + "\n"
            + Self.indented(equalErrors) + note + thresholds + EvaluationReport.written(plots: plots, worst: worst)
    }

    private static let all = "all sets"

    private var fields: [(name: String, value: String)] {
        let images = sets.map { set in
            let lost = set.data.images - set.data.acquired
            return "\(set.name): \(set.data.acquired) of \(NumberText.count(set.data.images, "image"))"
                + (lost > 0
                    ? "; \(lost) could not be acquired (\(NumberText.percent(set.data.failureToAcquireRate)))" : "")
        }
        var fields = [
            ("images", images.joined(separator: "\n")), ("references", settings.referencesText),
            (
                "threshold",
                "a distance, one for all identities of all sets where they are taken together, and of a set by itself"
            ),
            ("impostors", "of the same set"),
        ]
        if !leftOut.isEmpty { fields.append(("left out", leftOut.joined(separator: "\n"))) }
        if let text = settings.pureInkText { fields.append(("pure ink", text)) }
        return fields
    }

    private var equalErrors: String {
        let intervals = pooled.flatMap { [$0.skilled, $0.random] }.compactMap { $0?.interval }
        let heading = intervals.first.map { "\(NumberText.percent($0.confidence)) INTERVAL" } ?? "INTERVAL"
        func errors(_ errors: EvaluatedErrors?) -> [String] {
            guard let errors else { return ["", ""] }
            return [
                NumberText.percent(errors.equalErrorRate),
                errors.interval.map { "\(NumberText.percent($0.low)) to \(NumberText.percent($0.high))" } ?? "none",
            ]
        }
        let rows =
            sets.flatMap { set in
                set.results.map { result in
                    [set.name, result.references.map { "\($0)" } ?? "", result.identities.map { "\($0)" } ?? ""]
                        + errors(result.skilled) + errors(result.random)
                }
            }
            + pooled.map {
                [Self.all, "\($0.references)", "\($0.identities)"] + errors($0.skilled) + errors($0.random)
            }
        return TextTable(
            columns: [
                .init("SET"), .init("REFERENCES"), .init("IDENTITIES", .right), .init("SKILLED EER", .right),
                .init(heading),
                .init("RANDOM EER", .right), .init(heading),
            ], rows: rows
        ).text
    }

    private var note: String {
        let withForgeries = pooled.first { $0.skilled != nil }?.skilledSets ?? []
        let skilled =
            withForgeries.count < sets.count && !withForgeries.isEmpty
            ? " There are forgeries in \(withForgeries.joined(separator: ", "))." : ""
        return PrintableText.of(
            "  Over all sets each weighs the same. Intervals are found by drawing identities, of each set by themselves.\(skilled)"
        ) + "\n"
    }

    private var thresholds: String {
        func rows(_ name: String, _ references: Int?, _ points: [ModelThreshold]) -> [[String]] {
            points.map { point in
                [
                    name, references.map { "\($0)" } ?? "", NumberText.exactRate(point.falseMatchRate),
                    NumberText.decimal(point.threshold),
                    NumberText.percent(point.falseNonMatchRate),
                    point.randomFalseMatchRate.map(NumberText.percent) ?? "",
                    point.skilledFalseMatchRate.map(NumberText.percent) ?? "",
                ]
            }
        }
        let all =
            sets.flatMap { set in set.results.flatMap { rows(set.name, $0.references, $0.atModelThresholds) } }
            + pooled.flatMap { rows(Self.all, $0.references, $0.atModelThresholds) }
        guard !all.isEmpty else { return "" }
        return "\n"
            + Self.indented(
                TextTable(
                    columns: [
                        .init("SET"), .init("REFERENCES"), .init("MODEL'S FMR"), .init("AT DISTANCE", .right),
                        .init("FNMR", .right),
                        .init("RANDOM FMR", .right), .init("SKILLED FMR", .right),
                    ], rows: all
                ).text)
    }

    private static func indented(_ table: String) -> String {
        table.split(separator: "\n").map { "  \($0)\n" }.joined()
    }
}
