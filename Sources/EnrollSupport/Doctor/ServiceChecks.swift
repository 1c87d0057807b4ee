// SPDX-License-Identifier: Apache-2.0

/// Whether systemd starts the daemon, keeps it running, and holds it to what the unit says.
enum ServiceChecks {
    static func findings(_ facts: DoctorFacts) -> [DoctorFinding] {
        guard case .properties = facts.service else {
            guard case .unknown(let reason) = facts.service else { return [] }
            return [.notLookedAt("service", reason)]
        }
        if let absent = absence(facts) { return [absent] }
        return [state(facts)] + [start(facts), restarts(facts), reload(facts), sandbox(facts)].compactMap { $0 }
    }

    private static let states: Set = [
        "active", "inactive", "failed", "activating", "deactivating", "reloading", "enabled", "disabled", "static",
        "masked", "indirect", "loaded", "not-found", "running", "dead", "listening", "auto-restart", "success",
        "exit-code", "signal", "core-dump", "timeout", "watchdog", "oom-kill", "resources", "start-limit-hit",
        "protocol", "bad-setting", "error", "strict", "full", "yes", "no", "true", "false",
    ]

    private static func absence(_ facts: DoctorFacts) -> DoctorFinding? {
        switch facts.service["LoadState"] {
        case "loaded"?: nil
        case "masked"?:
            .problem(
                "service", "the unit likenessd.service is masked, so that nothing starts it",
                remedy: "systemctl unmask likenessd.service likenessd.socket")
        case "not-found"?, nil:
            .problem(
                "service", "there is no unit likenessd.service, so that nothing starts the daemon",
                remedy: "install the package likeness, or the files of the folder systemd, then systemctl daemon-reload"
            )
        case let state?:
            .problem(
                "service", "systemd cannot use the unit likenessd.service: its state is \(state, of: states)",
                remedy: "systemd-analyze verify likenessd.service says what is wrong with it")
        }
    }

    private static func state(_ facts: DoctorFacts) -> DoctorFinding {
        let active = facts.service["ActiveState"] ?? "unknown", sub = facts.service["SubState"] ?? "unknown"
        let isListening = facts.socketUnit["ActiveState"] == "active"
        switch active {
        case "active", "reloading":
            return .ok("service", "the daemon's unit is \(active, of: states) (\(sub, of: states))")
        case "activating" where sub != "auto-restart", "deactivating":
            return .warning(
                "service", "the daemon's unit is \(active, of: states): it begins or ends just now",
                remedy: "look again in a minute")
        case "inactive" where isListening:
            return .ok("service", "the daemon does not run now; the first call at its socket starts it")
        case "inactive":
            return .problem(
                "service", "neither the daemon nor its socket is started",
                remedy: "systemctl enable --now likenessd.socket likenessd.service")
        default:
            let result = facts.service["Result"] ?? "unknown"
            let status = facts.service["ExecMainStatus"].flatMap { Int($0) } ?? 0
            return .problem(
                "service",
                "the daemon has ended and is not running: \(result, of: states), exit status \(number: status)",
                remedy:
                    "journalctl -u likenessd -n 50 says why, and likenessd --help what the status stands for; then systemctl restart likenessd"
            )
        }
    }

    private static func start(_ facts: DoctorFacts) -> DoctorFinding? {
        let enabled = [facts.service, facts.socketUnit].contains {
            ["enabled", "enabled-runtime", "static", "alias"].contains($0["UnitFileState"])
        }
        return enabled
            ? nil
            : .warning(
                "service", "nothing starts the daemon when the host starts: neither unit is enabled",
                remedy: "systemctl enable likenessd.service likenessd.socket")
    }

    private static func restarts(_ facts: DoctorFacts) -> DoctorFinding? {
        guard let count = facts.service["NRestarts"].flatMap({ Int($0) }), count > 0 else { return nil }
        return .warning(
            "service", "systemd has had to start the daemon again \(count, "time")",
            remedy: "journalctl -u likenessd -p warning says why; systemctl reset-failed likenessd forgets the count")
    }

    private static func reload(_ facts: DoctorFacts) -> DoctorFinding? {
        guard facts.service["NeedDaemonReload"] == "yes" || facts.socketUnit["NeedDaemonReload"] == "yes" else {
            return nil
        }
        return .warning(
            "service", "a unit's file has changed, and systemd works by the one before",
            remedy: "systemctl daemon-reload && systemctl restart likenessd")
    }

    /// What a drop-in may have taken away, or left out for a database elsewhere.
    private static func sandbox(_ facts: DoctorFacts) -> DoctorFinding? {
        let host = DatabaseAddress(of: facts.settings.gallery.database)
        if facts.areSettingsKnown, case .network? = host, facts.service["PrivateNetwork"] == "yes" {
            return .problem(
                "sandbox", "the database is on another host, and the unit gives the daemon no network",
                remedy:
                    "systemctl edit likenessd: PrivateNetwork=no, RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6, IPAddressAllow= with the server's address"
            )
        }
        let weakened = [
            ("NoNewPrivileges", ["yes"]), ("ProtectSystem", ["strict"]), ("MemoryDenyWriteExecute", ["yes"]),
        ].filter { name, values in facts.service[name].map { !values.contains($0) } ?? false }.map(\.0)
        guard !weakened.isEmpty else {
            return .ok("sandbox", "the unit keeps the daemon from everything but its own files and socket")
        }
        let names = DoctorText(stringLiteral: weakened.joined(separator: ", "))
        return .warning(
            "sandbox", "the unit in force is weaker than the one that is installed: \(names)",
            remedy:
                "systemctl cat likenessd.service shows which file changes it; systemctl revert likenessd.service removes drop-ins"
        )
    }
}
