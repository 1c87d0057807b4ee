// SPDX-License-Identifier: Apache-2.0

import Foundation
import Wording

/// What a daemon does, for people.
package enum TopText {
    /// - Parameters:
    ///   - columns: the width of the terminal, which no line goes beyond.
    ///   - rows: its height; nil for as many lines as there are to tell.
    package static func lines(_ load: ServiceLoad, columns: Int = 80, rows: Int? = nil) -> [String] {
        var lines = head(load) + [""] + table(stages(load)) + [""]
        // The table of calls takes what is left below its heading; one row stays free.
        lines += table(calls(load, most: rows.map { max(1, $0 - 2 - lines.count) }))
        if let rows { lines = Array(lines.prefix(max(1, rows - 1))) }
        return lines.map { cut($0, to: columns) }
    }

    private static func head(_ load: ServiceLoad) -> [String] {
        let up = load.uptimeSeconds.map { ", up \(NumberText.duration(seconds: $0))" } ?? ""
        let memory = load.residentBytes.map { ", \(NumberText.bytes(Int(clampingTo: $0)))" } ?? ""
        var lines = ["likenessd \(load.version ?? "?")\(up)\(memory)"]
        let queue =
            "\(whole(load.queueLength)) of at most \(whole(load.queueLimit)) waiting for \(whole(load.workers)) \(load.workers == 1 ? "worker" : "workers")"
        lines.append("calls    \(rate(load.callsPerSecond)) a second; \(queue)")
        if !load.users.isEmpty {
            lines.append(
                "users    " + load.users.prefix(8).map { "\($0.user): \(whole($0.waiting))" }.joined(separator: ", "))
        }
        lines.append("gallery  " + gallery(load))
        for model in load.models {
            lines.append("model    \(model.modality): \(model.name) \(model.version), generation \(model.generation)")
        }
        if let total = load.rotationTotal, total > 0 {
            lines.append("rotation \(whole(load.rotationDone)) of \(whole(total)) samples are embedded")
        }
        if let ended = load.decodersEnded {
            let since = load.decodersEndedSince ?? 0
            lines.append(
                "decoders \(whole(ended)) ended over a picture"
                    + (since > 0 ? ", \(whole(since)) of them just now" : ""))
        }
        if !load.refusals.isEmpty { lines.append(refusals(load)) }
        if load.hasProblem { lines.append("PROBLEM  \(load.problem ?? "enroll status says what")") }
        return lines.map(PrintableText.of)
    }

    private static func gallery(_ load: ServiceLoad) -> String {
        guard load.galleryReadable != false else { return "it does not answer" }
        let locked = load.lockOuts ?? 0
        return counted(load.identities, "identity", "identities") + ", " + counted(load.samples, "sample", "samples")
            + (locked > 0 ? "; \(whole(locked)) locked out (enroll status says who)" : "; nobody is locked out")
    }

    private static func stages(_ load: ServiceLoad) -> TextTable {
        TextTable(
            columns: [
                .init("STAGE"), .init("COUNT", .right), .init("MEAN", .right), .init("P50", .right),
                .init("P90", .right), .init("P99", .right),
            ],
            rows: (load.stages + load.methods.prefix(4)).map { times in
                [times.name, whole(times.count), time(times.mean), time(times.p50), time(times.p90), time(times.p99)]
            })
    }

    private static func calls(_ load: ServiceLoad, most: Int?) -> TextTable {
        TextTable(
            columns: [.init("METHOD"), .init("RESULT"), .init("A SECOND", .right), .init("TOTAL", .right)],
            rows: load.calls.prefix(most ?? load.calls.count).map {
                [$0.method, $0.result, rate($0.perSecond), whole($0.total)]
            })
    }

    private static func refusals(_ load: ServiceLoad) -> String {
        let all = load.refusals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return "refused  " + all.prefix(8).map { "\($0.key) \(whole($0.value))" }.joined(separator: ", ")
    }

    private static func table(_ table: TextTable) -> [String] {
        table.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    private static func whole(_ value: Double?) -> String {
        value.map { $0.isFinite ? NumberText.whole($0) : "?" } ?? "?"
    }

    private static func counted(_ value: Double?, _ singular: String, _ plural: String) -> String {
        "\(whole(value)) \(value == 1 ? singular : plural)"
    }

    private static func rate(_ value: Double) -> String { value == 0 ? "0" : String(format: "%.1f", value) }

    /// Three digits that matter: `850 µs`, `12.4 ms`, `1.25 s`.
    static func time(_ seconds: Double?) -> String {
        guard let seconds, seconds.isFinite, seconds >= 0 else { return "-" }
        if seconds < 0.001 { return String(format: "%.0f µs", seconds * 1e6) }
        if seconds < 0.1 { return String(format: "%.1f ms", seconds * 1e3) }
        return seconds < 1 ? String(format: "%.0f ms", seconds * 1e3) : String(format: "%.2f s", seconds)
    }

    static func cut(_ line: String, to columns: Int) -> String {
        guard DisplayWidth.of(line) > columns else { return line }
        var width = 0
        return String(
            line.prefix { character in
                width += DisplayWidth.of(character)
                return width <= columns
            })
    }
}

extension Int {
    /// The nearest whole number, as far as there are any.
    fileprivate init(clampingTo value: Double) {
        self = Int(exactly: value.rounded()) ?? (value > 0 ? .max : 0)
    }
}
