// SPDX-License-Identifier: Apache-2.0

import Wording

extension EvaluationReport {
    /// Tables for people: equal error rates, refusals at stated rates, and the model's own thresholds.
    public var text: String {
        PrintableText.of("\(model.name) \(model.version) (\(model.origin))") + "\n"
            + FieldList.text(fields) + "\n" + Self.indented(equalErrors) + "\n" + Self.indented(refusals) + unsupported
            + thresholds
            + Self.written(plots: plots, worst: worst)
    }

    private var fields: [(name: String, value: String)] {
        let lost = data.images - data.acquired
        var images = "\(data.acquired) of \(NumberText.count(data.images, "image"))"
        if lost > 0 {
            images +=
                "; \(lost) could not be acquired (\(NumberText.percent(data.failureToAcquireRate))) and are in no rate below"
        }
        if data.pairsLost > 0 { images += "; with them \(NumberText.count(data.pairsLost, "pair")) fell away" }
        let excluded = results.compactMap { result -> String? in
            guard let references = result.references, let excluded = result.excluded, excluded > 0 else { return nil }
            return "\(NumberText.count(excluded, "identity has", "identities have")) too few genuine samples for "
                + NumberText.count(references, "reference")
        }
        var fields = [("data", data.path), ("images", images)]
        if data.kind == "identities" {
            fields.append(("references", settings.referencesText))
        }
        fields.append(("threshold", "a distance, one for all identities"))
        if !excluded.isEmpty { fields.append(("left out", excluded.joined(separator: "\n"))) }
        if let text = settings.pureInkText { fields.append(("pure ink", text)) }
        return fields
    }

    private var equalErrors: String {
        let intervals = results.flatMap(\.kinds).compactMap(\.errors.interval)
        let heading =
            intervals.first.map { "\(NumberText.percent($0.confidence)) INTERVAL, OVER \($0.over.uppercased())" }
            ?? "INTERVAL"
        return TextTable(
            columns: [
                .init("REFERENCES"), .init("IDENTITIES", .right), .init("IMPOSTORS"), .init("GENUINE", .right),
                .init("IMPOSTOR", .right),
                .init("EER", .right), .init(heading), .init("AT DISTANCE", .right),
            ],
            rows: results.flatMap { result in
                let first = [result.references.map { "\($0)" } ?? "pairs", result.identities.map { "\($0)" } ?? ""]
                let rows = result.kinds.map { name, errors in
                    first + [
                        name == "pairs" ? "all" : name, "\(result.genuineComparisons)", "\(errors.comparisons)",
                        NumberText.percent(errors.equalErrorRate),
                        errors.interval.map { "\(NumberText.percent($0.low)) to \(NumberText.percent($0.high))" }
                            ?? "none",
                        NumberText.decimal(errors.threshold),
                    ]
                }
                return rows.isEmpty ? [first + ["none", "0", "0", "", "", ""]] : rows
            }
        ).text
    }

    private var refusals: String {
        TextTable(
            columns: [
                .init("REFERENCES"), .init("IMPOSTORS"), .init("FMR"), .init("AT DISTANCE", .right),
                .init("FNMR", .right),
                .init("FNMR AT MOST", .right), .init("FMR AT MOST"), .init("SUPPORTED"),
            ],
            rows: results.flatMap { result in
                result.kinds.flatMap { name, errors in
                    errors.points.map { point in
                        [
                            result.references.map { "\($0)" } ?? "pairs", name == "pairs" ? "all" : name,
                            NumberText.exactRate(point.falseMatchRate),
                            NumberText.decimal(point.threshold, distinctFrom: errors.points.map(\.threshold)),
                            NumberText.percent(point.falseNonMatchRate),
                            NumberText.percent(point.falseNonMatchUpperBound),
                            NumberText.bound(point.falseMatchUpperBound),
                            point.supported
                                ? "yes"
                                : "no: \(Self.needed(point.falseMatchRate)) impostors needed, \(errors.independentComparisons) seen",
                        ]
                    }
                }
            }
        ).text
    }

    private var unsupported: String {
        "  “At most” is with 95 % confidence. A rate is supported where impostor comparisons are at least 3 in the rate.\n"
    }

    private var thresholds: String {
        let rows = results.flatMap { result in
            result.atModelThresholds.map { point in
                [
                    result.references.map { "\($0)" } ?? "pairs", NumberText.exactRate(point.falseMatchRate),
                    NumberText.decimal(point.threshold),
                    NumberText.percent(point.falseNonMatchRate),
                    point.randomFalseMatchRate.map(NumberText.percent) ?? "",
                    point.skilledFalseMatchRate.map(NumberText.percent) ?? "",
                ]
            }
        }
        guard !rows.isEmpty else { return "" }
        let isPairs = data.kind == "pairs"
        let table = TextTable(
            columns: [
                .init("REFERENCES"), .init("MODEL'S FMR"), .init("AT DISTANCE", .right), .init("FNMR", .right),
                .init(isPairs ? "FMR" : "RANDOM FMR", .right), .init(isPairs ? "" : "SKILLED FMR", .right),
            ], rows: rows)
        return "\n" + Self.indented(table.text)
    }

    static func written(plots: [String], worst: [WorstErrors.Picture]) -> String {
        (plots.isEmpty ? "" : "\n  \(NumberText.count(plots.count, "plot file")) written\n")
            + (worst.isEmpty ? "" : "\n  \(NumberText.count(worst.count, "picture")) of the worst errors written\n")
    }

    private static func needed(_ rate: Double) -> String { NumberText.whole((3 / rate - 1e-6).rounded(.up)) }

    private static func indented(_ table: String) -> String {
        table.split(separator: "\n").map { "  \($0)\n" }.joined()
    }
}

extension EvaluationReport.Model {
    /// The digest's beginning, or which cross-validation it is.
    var origin: String {
        if let digest { return IdentityText.shortDigest(digest) }
        return
            "cross-validation in \(NumberText.count(parts ?? 0, "part")), each measured by a network that did not see it"
    }
}

extension EvaluationReport.Settings {
    var referencesText: String { "drawn \(NumberText.count(draws, "time")) with seed \(seed), by the rule “\(rule)”" }

    var pureInkText: String? {
        pureInk.map {
            $0 == "constant"
                ? "every image is drawn again, with strokes of one width"
                : "every image is drawn again as black on white"
        }
    }
}
