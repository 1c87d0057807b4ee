// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How much memory and how many descriptors the daemon's process may have, by the kernel's word.
enum LimitChecks {
    static func findings(_ facts: DoctorFacts) -> [DoctorFinding] {
        [memory(facts), descriptors(facts)].compactMap { $0 }
    }

    /// The share of a limit from which it is near.
    private static let near = 0.8
    private static let leastAvailable = 256 << 20

    private static func memory(_ facts: DoctorFacts) -> DoctorFinding {
        if let available = kibibytes("MemAvailable", facts.host.text("/proc/meminfo")), available < leastAvailable {
            return .warning(
                "memory", "the host has \(bytes: available) of memory left",
                remedy: "see what takes it (systemd-cgtop); a decoder that finds none costs its picture")
        }
        guard let process = facts.process else { return .notLookedAt("memory", "no process of the daemon is known") }
        guard let used = kibibytes("VmRSS", facts.host.text("/proc/\(process)/status")) else {
            return .notLookedAt("memory", "the kernel does not show the daemon's process to this user")
        }
        let group = facts.host.text("/proc/\(process)/cgroup")?.split(separator: "\n").first { $0.hasPrefix("0::/") }
            .map { "/sys/fs/cgroup" + $0.dropFirst(3) }
        let limit = group.flatMap { facts.host.text($0 + "/memory.max") }?
            .trimmingCharacters(in: .whitespacesAndNewlines)
        // Where the groups are not to be seen, as in some containers, what the unit says.
        guard let limit = limit ?? facts.service["MemoryMax"] else {
            return .ok("memory", "the daemon has \(bytes: used); no limit is known")
        }
        let killed =
            group.flatMap { facts.host.text($0 + "/memory.events") }.map { DoctorHost.fields($0, separator: " ") }?[
                "oom_kill"
            ]
            .flatMap { Int($0) } ?? 0
        if killed > 0 {
            return .warning(
                "memory", "the kernel has ended \(killed, "process", "processes") of the daemon for want of memory",
                remedy: facts.target.isUsersOwn
                    ? "lower work.workers" : "raise MemoryMax= of likenessd.service, or lower work.workers")
        }
        guard let bytes = Int(limit) else { return .ok("memory", "the daemon has \(bytes: used), without a limit") }
        guard Double(used) < near * Double(bytes) else {
            return .warning(
                "memory", "the daemon has \(bytes: used) of the \(bytes: bytes) that it may have",
                remedy: facts.target.isUsersOwn
                    ? "lower work.workers" : "raise MemoryMax= of likenessd.service, or lower work.workers")
        }
        return .ok("memory", "the daemon has \(bytes: used) of the \(bytes: bytes) that it may have")
    }

    /// As the daemon reckons: the gallery, the journal and the event loops take some beside connections.
    private static let besideConnections = 128

    private static func descriptors(_ facts: DoctorFacts) -> DoctorFinding? {
        guard let process = facts.process else { return nil }
        guard
            let line = facts.host.text("/proc/\(process)/limits")?.split(separator: "\n").first(where: {
                $0.hasPrefix("Max open files")
            }),
            let limit = line.split(separator: " ").dropFirst(3).first.flatMap({ Int($0) })
        else { return .notLookedAt("descriptors", "the kernel does not show the daemon's limits to this user") }
        let needed = facts.settings.socket.maximumConnections + besideConnections
        if facts.areSettingsKnown, limit < needed {
            return .warning(
                "descriptors",
                "the daemon may hold \(limit, "descriptor") open, and \(number: facts.settings.socket.maximumConnections) connections need \(number: needed)",
                remedy: facts.target.isUsersOwn
                    ? "ulimit -n before it is started, or lower socket.maximum_connections"
                    : "raise LimitNOFILE= of likenessd.service, or lower socket.maximum_connections")
        }
        let folder = facts.host.root + "/proc/\(process)/fd"
        guard let open = try? FileManager.default.contentsOfDirectory(atPath: folder).count else {
            return .ok("descriptors", "the daemon may hold \(number: limit) open; how many it does is root's to see")
        }
        guard Double(open) < near * Double(limit) else {
            return .warning(
                "descriptors", "the daemon holds \(number: open) of at most \(number: limit) descriptors open",
                remedy: facts.target.isUsersOwn
                    ? "ulimit -n before it is started; ss -xp shows who is connected"
                    : "raise LimitNOFILE= of likenessd.service; ss -xp shows who is connected")
        }
        return .ok("descriptors", "the daemon holds \(number: open) of at most \(number: limit) open")
    }

    private static func kibibytes(_ name: String, _ text: String?) -> Int? {
        text.flatMap { DoctorHost.fields($0, separator: ":")[name] }?.split(separator: " ").first
            .flatMap { Int($0) }.flatMap { $0 < 1 << 50 ? $0 << 10 : nil }
    }
}
