// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Wording

/// Who is enrolled, and with what.
public enum IdentityText {
    public static func list(_ identities: [WireIdentity], times: LocalTime = LocalTime()) -> String {
        guard !identities.isEmpty else { return "nobody is enrolled; enroll add NAME PHOTO… enrols a person\n" }
        return TextTable(
            columns: [.init("NAME"), .init("MODALITY"), .init("SAMPLES", .right), .init("ENROLLED"), .init("UPDATED")],
            rows: identities.map {
                [$0.name, $0.modality.rawValue, "\($0.samples)", times.text($0.enrolled), times.text($0.updated)]
            }
        ).text
    }

    public static func description(_ reply: Describe.Reply, times: LocalTime = LocalTime()) -> String {
        let identity = reply.identity
        return PrintableText.of(identity.name) + "\n"
            + FieldList.text([
                ("modality", identity.modality.rawValue),
                ("samples", "\(identity.samples)"),
                ("enrolled", times.text(identity.enrolled)),
                ("updated", times.text(identity.updated)),
                ("model", shortDigest(reply.model)),
            ])
            + "\n"
            + TextTable(
                columns: [.init("SAMPLE", .right), .init("ENROLLED"), .init("SIZE"), .init("MEASURED")],
                rows: reply.samples.map { sample in
                    [
                        "\(sample.number)", times.text(sample.enrolled), "\(sample.width)×\(sample.height)",
                        sample.measurements.map(measurement).joined(separator: ", "),
                    ]
                }
            ).text
    }

    public static func removal(identity: String, sample: Int?, _ reply: Remove.Reply) -> String {
        let name = PrintableText.of(identity)
        guard let sample, reply.remaining > 0 else {
            return "\(name) is removed, with \(NumberText.count(reply.removed, "sample"))\n"
        }
        return "sample \(sample) of \(name) is removed; \(NumberText.count(reply.remaining, "sample")) left\n"
    }

    /// As many digits as tell models apart.
    static func shortDigest(_ digest: String) -> String { String(digest.prefix(12)) }

    private static func measurement(_ measurement: WireMeasurement) -> String {
        "\(measurement.quantity.split(separator: "_").joined(separator: " ")) \(NumberText.decimal(measurement.value))"
    }
}
