// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Wording

/// How the daemon is.
public enum StatusText {
    /// - Parameter socket: The path at which it answered.
    public static func text(_ reply: Status.Reply, socket: String, times: LocalTime = LocalTime()) -> String {
        let head =
            "likenessd \(PrintableText.of(reply.version)) is \(reply.state.rawValue), "
            + "for \(NumberText.duration(seconds: reply.uptimeSeconds))\n"
        let attempts = reply.attempts.map { LockOutText.lockOuts($0, times: times) } ?? ""
        var fields = [
            ("socket", socket),
            ("gallery", reply.gallery),
            ("encryption", encryption(reply)),
            (
                "enrolled",
                NumberText.count(reply.identities, "identity", "identities") + ", "
                    + NumberText.count(reply.samples, "sample")
            ),
            (
                "workers",
                "\(reply.workers); \(reply.queueLength) of at most \(reply.queueLimit) requests are waiting"
            ),
            ("requests", "\(reply.requests) answered, \(reply.refusedBusy) refused as busy"),
            ("memory", NumberText.bytes(reply.residentBytes)),
        ]
        if let ended = reply.decodersEnded { fields.append(("decoders", "\(ended) ended over a picture")) }
        if reply.models.contains(where: { $0.modality == .face }) {
            fields.append(("face cover", reply.faceCover.map { "measured by \($0)" } ?? unmeasuredCovers))
        }
        if let attempts = reply.attempts { fields.append(("attempts", LockOutText.limits(attempts))) }
        if let rotation = reply.rotation { fields.append(("rotation", rotation)) }
        if let problem = reply.problem { fields.append(("problem", PrintableText.of(problem))) }
        let models =
            reply.models.isEmpty
            ? "\nno model is loaded; make one with enroll model import and reload the daemon (systemctl reload likenessd)\n"
            : reply.models.map { "\n" + model($0) }.joined()
        return head + FieldList.text(fields) + attempts + models
    }

    private static let unmeasuredCovers =
        "not measured: masks and dark glasses pass; either models.face_cover in the daemon's configuration is “none”, or there is no "
        + "face-cover network: import one (enroll model import package models/face-cover) and reload the daemon"

    private static func encryption(_ reply: Status.Reply) -> String {
        reply.encrypted
            ? "what is enrolled is encrypted on disk" + (reply.galleryKey.map { ", with the key \($0)" } ?? "")
            : "none: whoever can read the gallery's file can read what is enrolled"
    }

    /// The threshold that decides, where a caller names no rate.
    private static func decision(_ model: WireModel) -> [(name: String, value: String)] {
        guard let rate = model.operatingPoint else { return [] }
        let point = model.operatingPoints.first { $0.falseMatchRate == rate }
        return [
            (
                "lets through",
                NumberText.falseMatch(rate, skilled: point?.skilledFalseMatchRate)
                    + ", unless a caller names another rate"
            )
        ]
    }

    private static func model(_ model: WireModel) -> String {
        let title = "\(model.name) \(model.version)"
        return
            "model \(PrintableText.of(title)) (\(model.modality.rawValue), digest \(IdentityText.shortDigest(model.digest)))\n"
            + FieldList.text(
                [
                    ("embedding", "\(model.embeddingSize) numbers"),
                    ("calibrated on", model.calibrationSet),
                ] + decision(model))
            + OperatingPointTable.text(model.operatingPoints)
    }
}

/// The thresholds that a model was measured to have.
public enum OperatingPointTable {
    public static func text(_ points: [WireOperatingPoint]) -> String {
        guard !points.isEmpty else { return "" }
        // What forgers reach, where it was measured.
        let hasSkilled = points.contains { $0.skilledFalseMatchRate != nil }
        // Thresholds are for those alone who may have scores.
        let thresholds = points.compactMap(\.threshold), hasThresholds = thresholds.count == points.count
        let table = TextTable(
            columns: [.init("FMR")] + (hasThresholds ? [.init("THRESHOLD")] : []) + [
                .init("FMR AT MOST, WITH 95 % CONFIDENCE")
            ]
                + (hasSkilled ? [.init("SKILLED FORGERIES THAT MATCH")] : []),
            rows: points.map {
                [NumberText.exactRate($0.falseMatchRate)]
                    + (hasThresholds
                        ? [$0.threshold.map { NumberText.decimal($0, distinctFrom: thresholds + [0, 1]) } ?? ""] : [])
                    + [NumberText.bound($0.upperBound)]
                    + (hasSkilled ? [$0.skilledFalseMatchRate.map(NumberText.percentAtMost) ?? ""] : [])
            })
        return table.text.split(separator: "\n").map { "  \($0)\n" }.joined()
    }
}
