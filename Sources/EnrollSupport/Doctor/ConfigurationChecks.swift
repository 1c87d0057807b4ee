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
        case .hangs:
            return [
                .problem(
                    "configuration", "reading \(path: path) does not end",
                    remedy: "mend the file system that it is on")
            ]
        case .wrong(let problems):
            return problems.prefix(20).map { problem in
                .problem("configuration", "\(path: path): \("\(problem)")", remedy: "mend it, and run enroll doctor again")
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
                .notLookedAt("configuration's check", "needs root (likenessd --check-config)"),
            ]
        }
        guard let daemon = DaemonProgram.path(facts.host) else {
            return [
                .ok("configuration", read),
                .problem(
                    "configuration's check", "there is no program likenessd beside this command, nor in /usr/bin",
                    remedy: "install it"),
            ]
        }
        var arguments = ["--check-config"] + (facts.target.isUsersOwn ? ["--user"] : [])
        if let named = facts.target.namedConfiguration { arguments += ["--config", named] }
        switch facts.host.programs.run(daemon, arguments, within: limit, atMost: 1 << 16) {
        case .absent: return [.ok("configuration", read), .notLookedAt("configuration's check", "likenessd cannot be run")]
        case .timedOut:
            return [
                .problem(
                    "configuration", "likenessd --check-config did not end within \(milliseconds: limit)",
                    remedy: "see which of the files that the configuration names cannot be read")
            ]
        case .ended(let status, let output):
            let lines = String(decoding: output, as: UTF8.self).split(separator: "\n").prefix(20).map(String.init)
            let warnings = lines.filter { $0.contains(": warning: ") }
            var findings = warnings.map { line in
                DoctorFinding.warning("configuration", "\(line)", remedy: "mend it, then systemctl restart likenessd")
            }
            if status != 0 {
                findings += lines.filter { !$0.contains(": warning: ") }.map { line in
                    .problem("configuration", "\(line)", remedy: "mend it; the daemon does not start like this")
                }
                if findings.isEmpty {
                    findings.append(
                        .problem(
                            "configuration", "likenessd --check-config ended with the status \(number: Int(status))",
                            remedy: "run it by hand"))
                }
            }
            return findings.isEmpty ? [.ok("configuration", read + ", and the daemon's own check found nothing wrong")] : findings
        }
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
