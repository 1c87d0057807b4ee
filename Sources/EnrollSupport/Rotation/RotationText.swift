// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Wording

/// Rotations and generations in words.
public enum RotationText {
    /// What a rotation that was just begun says.
    public static func started(_ rotation: WireRotation) -> String {
        guard !rotation.phase.isEnd else { return ended(rotation) }
        return sentence(rotation) + ": " + NumberText.count(rotation.total, "sample") + "\n"
            + "enroll rotate --status tells how far it is, and enroll rotate --cancel ends it\n"
    }

    /// How a rotation ended, with its report.
    public static func ended(_ rotation: WireRotation) -> String {
        PrintableText.of(rotation.message) + "\n" + (rotation.report.map { "\n" + report($0) } ?? "")
    }

    /// The rotation and the generations.
    public static func status(_ reply: RotationStatus.Reply, times: LocalTime = LocalTime()) -> String {
        let rotation = reply.rotation.map { rotation in
            sentence(rotation) + "\n" + FieldList.text(fields(rotation))
                + (rotation.report.map { "\n" + report($0) } ?? "")
        }
        let told = [elsewhere(reply), rotation].compactMap(\.self).joined()
        return (told.isEmpty ? "no rotation is under way, and none was since the daemon's start\n" : told) + "\n"
            + generations(reply.generations, times: times)
    }

    /// What another daemon on the same gallery builds, or a rollback here; nil where nothing is built that the rotation
    /// does not tell of.
    private static func elsewhere(_ reply: RotationStatus.Reply) -> String? {
        guard let building = reply.generations.first(where: { $0.state == .building }),
            reply.rotation?.phase.isEnd ?? true
        else { return nil }
        return
            "a generation by \(name(building.model)) is being built, by another daemon on this gallery or for a rollback: "
            + NumberText.count(building.samples + building.refused, "sample") + " done\n"
    }

    public static func cancelled(_ rotation: WireRotation) -> String { PrintableText.of(rotation.message) + "\n" }

    public static func rolledBack(_ reply: Rollback.Reply) -> String {
        "\(name(reply.active.model)) is the active \(reply.active.model.modality.rawValue) model again, generation \(reply.active.id)\n"
            + "\(name(reply.previous.model)), generation \(reply.previous.id), is kept until enroll rotate --prune\n"
            + (reply.active.refused == 0
                ? ""
                : "\(NumberText.count(reply.active.refused, "sample")) cannot be compared by it: whoever has no other has to be enrolled again\n")
    }

    public static func pruned(_ reply: PruneGenerations.Reply) -> String {
        reply.generations == 0
            ? "there is no retired generation to remove\n"
            : "\(NumberText.count(reply.generations, "retired generation")) with "
                + "\(NumberText.count(reply.embeddings, "embedding")) \(reply.generations == 1 ? "is" : "are") removed\n"
    }

    public static func generations(_ generations: [WireGeneration], times: LocalTime = LocalTime()) -> String {
        guard !generations.isEmpty else { return "there is no generation yet\n" }
        return TextTable(
            columns: [
                .init("GENERATION", .right), .init("MODALITY"), .init("STATE"), .init("MODEL"), .init("CREATED"),
                .init("SAMPLES", .right),
                .init("REFUSED", .right),
            ],
            rows: generations.map { generation in
                [
                    "\(generation.id)", generation.model.modality.rawValue, generation.state.rawValue,
                    name(generation.model),
                    times.text(generation.created), "\(generation.samples)", "\(generation.refused)",
                ]
            }
        ).text
    }

    /// What a rotation found, as tables.
    public static func report(_ report: WireRotationReport) -> String {
        let samples =
            "\(NumberText.count(report.samples, "sample")): \(report.embedded) embedded, \(report.refused) refused\n"
        let separation = TextTable(
            columns: [
                .init("GALLERY BY"), .init("GENUINE PAIRS", .right), .init("IMPOSTOR PAIRS", .right), .init("EER"),
                .init("95 % INTERVAL"),
            ],
            rows: [row("active model", report.before), row("other model", report.after)]
        ).text
        let unmeasured =
            report.equalErrorRateRise == nil && report.samples > 0
            ? "how well the models tell these people apart cannot be compared: nobody has two samples that both take, or there is one person alone\n"
            : nil
        let rise = report.equalErrorRateRise.map { rise in
            let (points, allowed) = NumberText.missed(abs(rise) * 100, limit: report.maxDrop * 100)
            return
                "the EER \(rise < 0 ? "falls" : "rises") by \(points) percentage points, and a rise of \(allowed) is allowed\n"
        }
        let verdict =
            report.acceptable
            ? "the model may be activated\n"
            : report.objections.map { "objection: \(PrintableText.of($0))\n" }.joined()
        return samples + separation + (rise ?? unmeasured ?? "") + refusals(report) + disagreements(report) + verdict
    }

    private static func refusals(_ report: WireRotationReport) -> String {
        guard !report.refusals.isEmpty else { return "" }
        return "\nsamples that the other model makes nothing of\(listed(report.refusals.count, of: report.refused)):\n"
            + TextTable(
                columns: [.init("IDENTITY"), .init("SAMPLE", .right), .init("REASON")],
                rows: report.refusals.map { [$0.identity, "\($0.sample)", $0.reason] }
            ).text + "\n"
    }

    private static func disagreements(_ report: WireRotationReport) -> String {
        guard !report.disagreements.isEmpty else { return "" }
        return
            "\nidentities whose own samples do not all match by the other model\(listed(report.disagreements.count, of: report.disagreeing)):\n"
            + TextTable(
                columns: [.init("IDENTITY"), .init("SAMPLE", .right), .init("DISTANCE"), .init("AT MOST")],
                rows: report.disagreements.map {
                    [
                        $0.identity, $0.sample.map { "\($0)" } ?? "", number($0.distance, beside: $0.threshold),
                        number($0.threshold, beside: $0.distance),
                    ]
                }
            ).text + "\n"
    }

    /// Nothing where the caller may have no numbers.
    private static func number(_ value: Double?, beside other: Double?) -> String {
        value.map { NumberText.decimal($0, distinctFrom: [other ?? $0]) } ?? ""
    }

    /// ` (the first 100 of 2000)`; empty where all are told.
    private static func listed(_ count: Int, of total: Int) -> String {
        count < total ? " (the first \(count) of \(total))" : ""
    }

    private static func row(_ name: String, _ separation: WireSeparation) -> [String] {
        let interval =
            if let lower = separation.lower, let upper = separation.upper {
                "\(NumberText.percent(lower)) to \(NumberText.percent(upper))"
            } else {
                "unknown"
            }
        return [
            name, "\(separation.genuinePairs)", "\(separation.impostorPairs)",
            separation.equalErrorRate.map(NumberText.percent) ?? "unknown", interval,
        ]
    }

    private static func fields(_ rotation: WireRotation) -> [(String, String)] {
        let left =
            rotation.phase == .embedding
            ? rotation.secondsLeft.map { ", \(NumberText.duration(seconds: $0)) left" } ?? "" : ""
        return [
            ("phase", rotation.phase.rawValue + (rotation.dryRun ? ", of a dry run" : "")),
            ("samples", "\(rotation.done) of \(rotation.total) done\(left)"),
            ("state", rotation.message),
        ] + (rotation.resumed ? [("resumed", "it was begun before the daemon's last start")] : [])
    }

    private static func sentence(_ rotation: WireRotation) -> String {
        let source = rotation.from.map { " from \(name($0))" } ?? ""
        return
            "\(rotation.dryRun ? "dry run of a rotation" : "rotation") of \(rotation.modality.rawValue)\(source) to \(name(rotation.to))"
    }

    private static func name(_ model: WireModelIdentity) -> String {
        PrintableText.of("\(model.name) \(model.version) (\(IdentityText.shortDigest(model.digest)))")
    }
}
