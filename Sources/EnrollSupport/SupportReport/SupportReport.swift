// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation
import Recognition

/// What somebody who helps from afar needs to know of a host and its daemon, without names, pictures and keys.
///
/// Nothing is taken over and then cleared of secrets: each part names what of its source is kept, so that whatever a
/// later daemon, systemd or journal adds stays out.
public struct SupportReport: Sendable {
    package struct Entry: Sendable, Hashable {
        package let name: String
        package let content: [UInt8]
    }

    package let entries: [Entry]
    /// What the doctor found, whole: for whoever makes the report.
    public let findings: DoctorReport

    /// The folder that the tar's entries lie in.
    static let folder = "likeness-support-report"
    /// How much of a program's output is read.
    private static let mostBytes = 8 << 20

    public static func made(_ target: DoctorTarget) async -> SupportReport { await made(target, DoctorHost()) }

    package static func made(_ target: DoctorTarget, _ host: DoctorHost) async -> SupportReport {
        let facts = await DoctorFacts.gather(target, host)
        let findings = await Doctor(target, host).report(facts)
        var entries: [Entry] = []
        func add(_ name: String, _ text: String) { entries.append(Entry(name: name, content: Array(text.utf8))) }
        func add(_ name: String, json value: some Encodable) { if let text = Self.json(value) { add(name, text) } }
        add("doctor.json", json: findings.anonymousEntries)
        if facts.areSettingsKnown {
            add(
                "configuration.toml",
                KeptConfiguration.text(facts.settings, standard: DaemonConfiguration(paths: target.paths)))
        }
        if let kept = await BoundedWork.onThread(within: host.limit * 2, { KeptHost(facts) }) {
            add("versions.json", json: kept)
        }
        if let status = try? facts.answers.status.get() { add("status.json", json: KeptStatus(status)) }
        if let metrics = try? facts.answers.metrics.get() {
            add("metrics.prom", KeptMetrics.text(PrometheusText(metrics.text)))
        }
        if let models = await BoundedWork.onThread(within: host.limit, { Self.models(facts) }), !models.isEmpty {
            add("models.json", json: models)
        }
        if !target.isUsersOwn {
            for unit in [DoctorFacts.serviceUnit, DoctorFacts.socketUnitName] {
                if let text = await Self.output("systemctl", ["cat", "--no-pager", unit], host) {
                    add("units/\(unit).txt", KeptUnit.text(text))
                }
            }
            let arguments = [
                "--unit=likenessd.service", "--output=json", "--lines=\(KeptJournal.most)", "--no-pager", "--quiet",
            ]
            let journal = KeptJournal.entries(await Self.output("journalctl", arguments, host) ?? "")
            if !journal.isEmpty { add("journal.json", json: journal) }
        }
        add("README.txt", Self.readme(entries.map(\.name)))
        return SupportReport(entries: entries, findings: findings)
    }

    private static func output(_ program: String, _ arguments: [String], _ host: DoctorHost) async -> String? {
        await BoundedWork.onThread(within: host.limit + .seconds(2)) {
            host.programs.run(program, arguments, within: host.limit, atMost: Self.mostBytes).text
        } ?? nil
    }

    private static func models(_ facts: DoctorFacts) -> [KeptStatus.Model] {
        let store = ModelStore(folder: facts.settings.models.folder)
        guard facts.areSettingsKnown, let entries = try? store.contents().entries else { return [] }
        return entries.prefix(100).map { KeptStatus.Model(ModelSummary($0, isActive: store.isActive($0))) }
    }

    private static func json(_ value: some Encodable) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) + "\n" }
    }

    private static func readme(_ names: [String]) -> String {
        let about = [
            "doctor.json": "what enroll doctor found, with … in the place of names, paths and other programs' words",
            "configuration.toml":
                "likenessd.toml: numbers, switches and choices; no names, no places of this host, no database",
            "versions.json": "versions of the programs and the system, and the kind of processor",
            "status.json": "what the daemon says of itself, in numbers",
            "metrics.prom": "what the daemon counts, without numbers of users",
            "models.json": "names, versions and digests of the model packages; no weights",
            "units/\(DoctorFacts.serviceUnit).txt": "the unit's directives that are known to name nobody",
            "units/\(DoctorFacts.socketUnitName).txt": "the same of the socket's unit",
            "journal.json":
                "the daemon's last \(KeptJournal.most) journal entries: time, method, result, place in the source; no message beyond its known beginning",
        ]
        return "A report about a daemon likenessd, made by enroll support-report.\n"
            + "It is made to hold no name of a person or an account, no picture, no key, no password and no address.\n"
            + "Look through it before you send it.\n\n"
            + names.map { "\($0): \(about[$0] ?? "")\n" }.joined()
    }

    // MARK: The file

    /// Writes it as one tar that the caller alone may read; there must be no file of this name.
    public func write(to path: String) throws(CommandFailure) -> SupportReportSummary {
        let file = try StagedFile(path)
        for entry in entries {
            try file.write(
                TarHeader.bytes(path: "\(Self.folder)/\(entry.name)", size: entry.content.count, mode: 0o600))
            try file.write(entry.content)
            try file.write(repeatElement(0, count: TarHeader.padding(after: entry.content.count)))
        }
        try file.write(repeatElement(0, count: 2 * TarHeader.block))
        try file.commit()
        return SupportReportSummary(
            file: EscapedBytes.printable(path), bytes: file.size,
            entries: entries.map { .init(name: $0.name, bytes: $0.content.count) })
    }
}

/// What was written.
public struct SupportReportSummary: Sendable, Encodable {
    struct Entry: Sendable, Encodable {
        let name: String
        let bytes: Int
    }

    let file: String
    let bytes: Int
    let entries: [Entry]

    public var text: String {
        PrintableText.of("the report is in \(file), which you alone may read; it holds:") + "\n"
            + TextTable(
                columns: [.init("ENTRY"), .init("BYTES", .right)], rows: entries.map { [$0.name, "\($0.bytes)"] }
            ).text.split(separator: "\n").map { "  \($0)\n" }.joined()
            + "It is made to hold no names, pictures, keys or addresses. Look through it before you send it:\n"
            + PrintableText.of("  tar --to-stdout -xf \(file) | less") + "\n"
    }
}
