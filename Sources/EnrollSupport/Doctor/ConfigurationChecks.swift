// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Files
import Foundation

/// Whether the configuration says what the daemon can work by: this command's own reading, and the daemon's check of it.
enum ConfigurationChecks {
    /// The daemon reads its networks while it checks.
    static let limit = Duration.seconds(30)

    static func findings(_ facts: DoctorFacts) -> [DoctorFinding] {
        let path = facts.target.configurationPath
        switch facts.configuration {
        case .denied: return [.notLookedAt("configuration", "needs root; this user may not read \(path: path)")]
        case .unknown: return [.notLookedAt("configuration", facts.settingsSilence)]
        case .hangs:
            return [
                .problem(
                    "configuration", "reading \(path: path) does not end",
                    remedy: "mend the file system that it is on")
            ]
        case .wrong(let problems):
            return problems.prefix(20).map { problem in
                .problem(
                    "configuration", "\(path: path): \(problem.doctorText)",
                    remedy: facts.answers.isAnswering
                        ? "mend it, then " + facts.target.reload
                        : "mend it, and run enroll doctor again; the daemon does not start like this")
            }
        case .read(_, let isThere):
            let read: DoctorText =
                isThere ? "\(path: path) is understood" : "there is no \(path: path), and the defaults hold"
            return daemonsOwn(facts, read)
        }
    }

    /// `likenessd --check-config` looks at models, rates and places too.
    private static func daemonsOwn(_ facts: DoctorFacts, _ read: DoctorText) -> [DoctorFinding] {
        // Another user is none that may own what decides, and would be told so of every file.
        guard facts.target.isUsersOwn || facts.host.isRoot else {
            return [
                .ok("configuration", read),
                .notLookedAt("configuration", "the models, rates and places that it names: needs root"),
            ]
        }
        guard let daemon = DaemonProgram.path(facts.host) else {
            return [
                .ok("configuration", read),
                .problem(
                    "configuration", "there is no program likenessd beside this command, nor in /usr/bin",
                    remedy: "install it"),
            ]
        }
        var arguments = ["--check-config"] + (facts.target.isUsersOwn ? ["--user"] : [])
        if let named = facts.target.namedConfiguration { arguments += ["--config", named] }
        switch facts.host.programs.run(daemon, arguments, within: limit, atMost: 1 << 16) {
        case .absent: return [.ok("configuration", read), .notLookedAt("configuration", "likenessd cannot be run")]
        case .timedOut:
            return [
                .problem(
                    "configuration", "likenessd --check-config did not end within \(milliseconds: limit)",
                    remedy: "see which of the files that the configuration names cannot be read")
            ]
        case .ended(let status, let output):
            return told(String(decoding: output, as: UTF8.self), status, facts, read)
        }
    }

    /// What the daemon's own check printed: a line for each finding, which begins with the file's name.
    private static func told(
        _ output: String, _ status: Int32, _ facts: DoctorFacts, _ read: DoctorText
    ) -> [DoctorFinding] {
        let path = facts.target.configurationPath, heads = [path + ": ", "the defaults: "], mark = "warning: "
        var entries: [String] = []
        for line in output.split(separator: "\n") {
            let head = heads.first { line.hasPrefix($0) }
            if head == nil, !entries.isEmpty {
                // A name with a line feed in it.
                entries[entries.count - 1] += " " + line
            } else if entries.count < 20 {
                entries.append(String(line.dropFirst(head?.count ?? 0)))
            }
        }
        let warnings = entries.filter { $0.hasPrefix(mark) }.map { entry in
            DoctorFinding.warning(
                "configuration", "\(path: path): \(String(entry.dropFirst(mark.count)))",
                remedy: "mend it, then " + facts.target.reload)
        }
        guard status != 0 else {
            return warnings.isEmpty
                ? [.ok("configuration", read + ", and the daemon's own check found nothing wrong")] : warnings
        }
        let problems = entries.filter { !$0.hasPrefix(mark) }.map { entry in
            DoctorFinding.problem(
                "configuration", "\(path: path): \(entry)", remedy: "mend it; the daemon does not start like this")
        }
        return warnings
            + (problems.isEmpty
                ? [
                    .problem(
                        "configuration", "likenessd --check-config ended with the status \(number: Int(status))",
                        remedy: "run it by hand")
                ] : problems)
    }
}

/// Where the daemon's program is.
enum DaemonProgram {
    static func path(_ host: DoctorHost) -> String? {
        let beside = host.ownProgram.map { FilePath.folder(of: $0) + "/likenessd" }
        return [beside, "/usr/bin/likenessd"].compactMap { $0 }.first { host.programs.path(of: $0) != nil }
    }

    /// Where the daemon looks for the program that decodes pictures, as `DecoderProgram` does.
    static func decoderPlaces(_ daemon: String) -> [String] {
        let folder = FilePath.folder(of: daemon)
        return ["\(folder)/likeness-decode", "\(folder)/../libexec/likeness/likeness-decode"]
    }
}

extension ConfigurationProblem {
    /// The same words, of which what stands in the file is its own.
    fileprivate var doctorText: DoctorText {
        func place(_ line: Int?) -> DoctorText { line.map { "line \(number: $0): " } ?? "" }
        func near(_ name: String?) -> DoctorText { name.map { "; did you mean \(plain: $0)?" } ?? "" }
        switch self {
        case .syntax(let line, let reason): return "line \(number: line): \(reason)"
        case .unknownKey(let name, let line, let nearest):
            return place(line) + "there is no setting \(name)" + near(nearest)
        case .unknownSection(let name, let line, let nearest):
            return place(line) + "there is no section [\(name)]" + near(nearest)
        case .wrongValue(let name, let line, let found, let expected):
            return place(line) + "\(plain: name) is \(found), and should be " + DoctorText(stringLiteral: expected)
        case .nobody(let setting, _):
            return "\(plain: setting) names somebody whom this host does not know: \("\(self)")"
        case .tooLarge, .unreadable, .notTrusted, .contradiction: return "\("\(self)")"
        }
    }
}
