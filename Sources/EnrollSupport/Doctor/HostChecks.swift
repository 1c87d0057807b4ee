// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import LikenessInterface
import VectorMath

/// The clock, the processor, the decoder and the PAM module.
enum HostChecks {
    static func findings(_ facts: DoctorFacts) -> [DoctorFinding] {
        clock(facts) + [processor(facts), decoder(facts), login(facts.host)]
    }

    // MARK: Clock

    /// What two looks at one clock may differ by.
    private static let tolerance = 120.0

    private static func clock(_ facts: DoctorFacts) -> [DoctorFinding] {
        let now = facts.host.now.timeIntervalSince1970
        if let made = facts.host.ownProgram.flatMap(made), now < made - tolerance {
            return [
                .problem(
                    "clock", "the host's time is before that at which this program was made",
                    remedy: "set the clock: timedatectl set-ntp true; the audit log and lock-outs go by it")
            ]
        }
        if case .success(let entry?) = facts.answers.newestEntry, Double(entry.time) > now + tolerance {
            return [
                .problem(
                    "clock",
                    "the newest entry of the audit log is \(seconds: min(Double(entry.time) - now, 1e11)) ahead of the host's time: the clock was set back",
                    remedy: "set the clock: timedatectl set-ntp true; lock-outs last longer until then")
            ]
        }
        switch facts.host.isClockSynchronized {
        case true?: return [.ok("clock", "it is synchronised")]
        case false?:
            return [
                .warning(
                    "clock", "nothing keeps the clock right; the audit log and lock-outs go by it",
                    remedy: facts.host.isContainer
                        ? "on the host of this container: timedatectl set-ntp true, or another client of NTP"
                        : "timedatectl set-ntp true, or another client of NTP")
            ]
        case nil: return [.notLookedAt("clock", "the kernel does not say whether it is synchronised")]
        }
    }

    private static func made(_ path: String) -> Double? {
        guard case .found(let status) = FileLook.status(path) else { return nil }
        return Double(status.st_mtim.tv_sec)
    }

    // MARK: Processor

    private static func processor(_ facts: DoctorFacts) -> DoctorFinding {
        let own = InstructionSet.ofProcessor
        let words: DoctorText = "vector code for \(plain: own.rawValue)"
        guard let chosen = chosenInstructionSet(facts) else {
            return .ok(
                "processor",
                "it has \(words); whether LIKENESS_ISA holds the daemon to less is root's to see, and only while it runs"
            )
        }
        guard !chosen.isEmpty else {
            #if arch(x86_64)
            if own == .baseline {
                return .ok("processor", "it has no AVX2; the daemon works, at a fraction of the speed")
            }
            #endif
            return .ok("processor", "the daemon uses \(words), the best that this processor has")
        }
        guard let set = InstructionSet(rawValue: chosen) else {
            return .warning(
                "processor", "LIKENESS_ISA is “\(chosen)”, which is no choice and is passed over",
                remedy: "take it out of the daemon's environment")
        }
        guard set < own else { return .ok("processor", "the daemon uses \(words), the best that this processor has") }
        return .warning(
            "processor",
            "LIKENESS_ISA holds the daemon to vector code for \(plain: set.rawValue), though the processor has \(plain: own.rawValue)",
            remedy: "take it out of the daemon's environment, unless it is there for a reason")
    }

    /// What the daemon's environment says, or nothing; nil where that cannot be seen.
    private static func chosenInstructionSet(_ facts: DoctorFacts) -> String? {
        let name = InstructionSet.variable + "="
        if let process = facts.process, let text = facts.host.text("/proc/\(process)/environ") {
            return text.split(separator: "\0").first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.count)) }
                ?? ""
        }
        guard case .properties = facts.service else { return nil }
        return facts.service["Environment"]?.split(separator: " ").first { $0.hasPrefix(name) }
            .map { String($0.dropFirst(name.count)) } ?? ""
    }

    // MARK: Programs

    private static func decoder(_ facts: DoctorFacts) -> DoctorFinding {
        guard let daemon = DaemonProgram.path(facts.host) else {
            return .notLookedAt("decoder", "there is no program likenessd beside this command, nor in /usr/bin")
        }
        let places = DaemonProgram.decoderPlaces(daemon)
        guard places.contains(where: { facts.host.programs.path(of: $0) != nil }) else {
            return .problem(
                "decoder",
                "the program that decodes pictures is not there: neither \(places[0]) nor \(places[1]) can be run",
                remedy: "install it with the daemon: the daemon does not start without it")
        }
        return .ok("decoder", "likeness-decode is where the daemon looks for it")
    }

    /// Told, and no more: whether a login is to use it is the administrator's to say.
    private static func login(_ host: DoctorHost) -> DoctorFinding {
        let folders =
            ["/lib/security", "/usr/lib/security", "/lib64/security", "/usr/lib64/security"]
            + FileLook.names(in: host.root + "/usr/lib").map { "/usr/lib/\($0)/security" }
        guard folders.contains(where: { FileLook.exists(host.root + $0 + "/pam_likeness.so") }) else {
            return .ok("login", "the PAM module is not installed, and no login asks the daemon")
        }
        let services = FileLook.names(in: host.root + "/etc/pam.d").prefix(500).filter { name in
            host.text("/etc/pam.d/" + name)?.split(separator: "\n").contains {
                !$0.drop(while: \.isWhitespace).hasPrefix("#") && $0.contains("pam_likeness")
            } ?? false
        }
        return services.isEmpty
            ? .ok("login", "the PAM module is installed, and no service of /etc/pam.d uses it")
            : .ok(
                "login",
                "the PAM module is installed and used by \(services.count, "service"): \(services.joined(separator: ", "))"
            )
    }
}
