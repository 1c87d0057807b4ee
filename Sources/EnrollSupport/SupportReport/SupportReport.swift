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
    /// What is not in it that could be, and why: the end of a sentence.
    package struct Missing: Sendable, Hashable {
        package let name: String
        let reason: DoctorText
    }

    package let missing: [Missing]
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
        var entries: [Entry] = [], missing: [Missing] = []
        func lack(_ name: String, _ reason: DoctorText) { missing.append(Missing(name: name, reason: reason)) }
        func add(_ name: String, _ text: String) { entries.append(Entry(name: name, content: Array(text.utf8))) }
        func add(_ name: String, json value: some Encodable) { if let text = Self.json(value) { add(name, text) } }
        add("doctor.json", json: findings.anonymousEntries)
        let configuration = await Self.configuration(facts)
        if let text = configuration.text {
            add("configuration.toml", text)
        } else {
            lack("configuration.toml", facts.settingsSilence)
        }
        if let kept = await BoundedWork.onThread(within: host.limit * 2, { KeptHost(facts) }) {
            add("versions.json", json: kept)
        }
        if let status = try? facts.answers.status.get() {
            add("status.json", json: KeptStatus(status))
        } else {
            lack("status.json", Self.silence(facts.answers.status, facts))
        }
        if let metrics = try? facts.answers.metrics.get() {
            add("metrics.prom", KeptMetrics.text(PrometheusText(metrics.text)))
        } else {
            lack("metrics.prom", Self.silence(facts.answers.metrics, facts))
        }
        if let folder = configuration.models {
            switch await BoundedWork.onThread(within: host.limit, { Self.models(in: folder) }) {
            case .success(let models)? where models.isEmpty:
                lack("models.json", "the folder of models holds no package")
            case .success(let models)?: add("models.json", json: models)
            case .failure(let error)?: lack("models.json", "the folder of models cannot be read: \("\(error)")")
            case nil: lack("models.json", "reading the folder of models did not end in time")
            }
        } else {
            lack("models.json", facts.settingsSilence)
        }
        if target.isUsersOwn {
            for name in ["units/", "journal.json"] { lack(name, "no unit starts a daemon of one's own") }
        } else {
            for unit in [DoctorFacts.serviceUnit, DoctorFacts.socketUnitName] {
                switch await Self.output("systemctl", ["cat", "--no-pager", unit], host) {
                case .success(let text): add("units/\(unit).txt", KeptUnit.text(text))
                case .failure(let absence): lack("units/\(unit).txt", absence.reason)
                }
            }
            let arguments = [
                "--unit=likenessd.service", "--output=json", "--lines=\(KeptJournal.most)", "--no-pager", "--quiet",
            ]
            switch await Self.output("journalctl", arguments, host) {
            case .success(let text):
                let journal = KeptJournal.entries(text)
                if journal.isEmpty {
                    lack("journal.json", "this user sees no entry of the daemon in the journal")
                } else {
                    add("journal.json", json: journal)
                }
            case .failure(let absence): lack("journal.json", absence.reason)
            }
        }
        add("README.txt", Self.readme(entries.map(\.name), missing))
        return SupportReport(entries: entries, missing: missing, findings: findings)
    }

    private struct Absence: Error { let reason: DoctorText }

    private static func output(
        _ program: String, _ arguments: [String], _ host: DoctorHost
    ) async -> Result<String, Absence> {
        let outcome = await BoundedWork.onThread(within: host.limit + .seconds(2)) {
            host.programs.run(program, arguments, within: host.limit, atMost: Self.mostBytes)
        }
        let name = DoctorText(stringLiteral: program)
        switch outcome {
        case .absent?: return .failure(Absence(reason: "there is no " + name))
        case .timedOut?, nil: return .failure(Absence(reason: name + " did not answer in time"))
        case .ended(0, let output)?: return .success(String(decoding: output, as: UTF8.self))
        case .ended(let status, _)?:
            return .failure(Absence(reason: name + " ended with the status \(number: Int(status))"))
        }
    }

    /// Why an answer is not there, as the end of a sentence.
    private static func silence<Value>(_ answer: DaemonAnswers.Answer<Value>, _ facts: DoctorFacts) -> DoctorText {
        guard facts.answers.isAnswering, case .failure(let failure) = answer else { return facts.answers.silence }
        return failure.status == .noPermission
            ? "needs root, or a role that this user does not have" : "the daemon said: \(failure.message)"
    }

    /// What of the configuration is kept, and where its models are; of one that is wrong as much as can be told.
    private static func configuration(_ facts: DoctorFacts) async -> (text: String?, models: String?) {
        let standard = DaemonConfiguration(paths: facts.target.paths)
        switch facts.configuration {
        case .read(let settings, _):
            return (KeptConfiguration.text(settings, standard: standard), settings.models.folder)
        case .wrong:
            let path = facts.target.configurationPath
            let read = await BoundedWork.onThread(within: facts.host.limit) { FileLook.text(path, atMost: 1 << 20) }
            guard let read, let text = read else { return (nil, nil) }
            return (
                KeptConfiguration.text(ofWrong: text, standard: standard),
                ConfigurationFile.parse(text, defaults: standard).configuration.models.folder
            )
        case .denied, .hangs, .unknown: return (nil, nil)
        }
    }

    private static func models(in folder: String) -> Result<[KeptStatus.Model], ModelPackageError> {
        let store = ModelStore(folder: folder)
        do throws(ModelPackageError) {
            return .success(
                try store.contents().entries.prefix(100).map {
                    KeptStatus.Model(ModelSummary($0, isActive: store.isActive($0)))
                })
        } catch {
            return .failure(error)
        }
    }

    private static func json(_ value: some Encodable) -> String? {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) + "\n" }
    }

    private static func readme(_ names: [String], _ missing: [Missing]) -> String {
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
            + (missing.isEmpty ? "" : "\nNot in it, and why:\n\n")
            + missing.map { "\($0.name): \($0.reason.anonymous)\n" }.joined()
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
            entries: entries.map { .init(name: $0.name, bytes: $0.content.count) },
            missing: missing.map { .init(name: $0.name, reason: $0.reason.text) })
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

    struct Missing: Sendable, Encodable {
        let name: String
        let reason: String
    }

    let missing: [Missing]

    public var text: String {
        PrintableText.of("the report is in \(file), which you alone may read; it holds:") + "\n"
            + TextTable(
                columns: [.init("ENTRY"), .init("BYTES", .right)], rows: entries.map { [$0.name, "\($0.bytes)"] }
            ).text.split(separator: "\n").map { "  \($0)\n" }.joined()
            + missing.map { PrintableText.of("not in it: \($0.name): \($0.reason)") + "\n" }.joined()
            + "It is made to hold no names, pictures, keys or addresses. Look through it before you send it:\n"
            + PrintableText.of("  tar --to-stdout -xf \(file) | less") + "\n"
    }
}
