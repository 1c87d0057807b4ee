// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What of a unit's files may leave the host: directives that are known to name nobody, and of others that they are
/// there.
package enum KeptUnit {
    /// Their values are switches, times, amounts, or lists of words of systemd.
    private static let kept: Set = [
        "Type", "Restart", "RestartSec", "RestartPreventExitStatus", "StartLimitIntervalSec", "StartLimitBurst",
        "TimeoutStartSec", "TimeoutStopSec", "TimeoutAbortSec", "TimeoutSec", "WatchdogSec", "WatchdogSignal",
        "LimitNOFILE", "LimitCORE", "LimitAS", "LimitMEMLOCK", "LimitNPROC", "TasksMax", "MemoryMax", "MemoryHigh",
        "MemorySwapMax", "CPUQuota", "CPUWeight", "IOWeight", "Nice", "OOMPolicy", "OOMScoreAdjust",
        "StateDirectoryMode", "RuntimeDirectoryMode", "RuntimeDirectoryPreserve", "UMask", "CapabilityBoundingSet",
        "AmbientCapabilities", "NoNewPrivileges", "ProtectSystem", "ProtectHome", "PrivateTmp", "PrivateDevices",
        "PrivateMounts", "PrivateNetwork", "PrivateIPC", "PrivateUsers", "RestrictAddressFamilies", "DevicePolicy",
        "ProtectProc", "ProcSubset", "ProtectClock", "ProtectControlGroups", "ProtectHostname", "ProtectKernelLogs",
        "ProtectKernelModules", "ProtectKernelTunables", "KeyringMode", "LockPersonality", "MemoryDenyWriteExecute",
        "RemoveIPC", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "SystemCallArchitectures",
        "SystemCallFilter", "SystemCallErrorNumber", "SocketMode", "RemoveOnStop", "Backlog", "NotifyAccess",
        "KillMode", "KillSignal", "FileDescriptorStoreMax", "DynamicUser", "DefaultDependencies",
    ]

    /// Values that are those of every installation.
    private static let usual: Set = [
        "ExecStart=/usr/bin/likenessd", "User=likeness", "Group=likeness", "User=root", "SocketUser=root",
        "SocketGroup=likeness", "ListenStream=/run/likeness/likeness.sock", "StateDirectory=likeness",
        "RuntimeDirectory=likeness", "Wants=likenessd.socket", "After=likenessd.socket", "Also=likenessd.socket",
        "WantedBy=multi-user.target", "WantedBy=sockets.target", "IPAddressDeny=any", "AppArmorProfile=-likenessd",
        "Environment=LIBDISPATCH_LOG=NO", "Environment=LIKENESS_ISA=baseline", "Environment=LIKENESS_ISA=avx2",
        "Environment=LIKENESS_ISA=avx512",
    ]

    /// A value of the kept ones: words, numbers, signs of lists.
    private static func isPlain(_ value: Substring) -> Bool {
        value.utf8.count <= 256
            && value.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: " _-.%@~:,".utf8.contains(byte)
                }
            }
    }

    /// - Parameter text: what `systemctl cat` prints: the unit and its drop-ins.
    package static func text(_ text: String) -> String {
        var lines: [String] = [], isContinued = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).prefix(2000) {
            let wasContinued = isContinued
            isContinued = line.hasSuffix("\\")
            let line = line.drop(while: \.isWhitespace)
            // The rest of a value that was left out.
            if wasContinued { continue }
            if line.hasPrefix("# /") {
                lines.append(heading(line))
            } else if line.hasPrefix("["), line.hasSuffix("]"), isWord(line.dropFirst().dropLast()) {
                lines.append(String(line))
            } else if let equals = line.firstIndex(of: "="), isWord(line[..<equals]) {
                lines.append(directive(line[..<equals], line[line.index(after: equals)...], isCut: isContinued))
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func directive(_ name: Substring, _ value: Substring, isCut: Bool) -> String {
        let line = "\(name)=\(value)"
        if usual.contains(line) || (kept.contains(String(name)) && !isCut && isPlain(value)) { return line }
        if value.isEmpty { return line }
        // Which credential it is matters, and not where it comes from.
        for credential in ["likeness.gallery-key", "likeness.gallery-password"]
        where name.hasPrefix("LoadCredential") && value.hasPrefix(credential + ":") {
            return "\(name)=\(credential):…"
        }
        return "\(name)=…"
    }

    /// Which file the lines below are from: where drop-ins are, and not what they are called.
    private static func heading(_ line: Substring) -> String {
        let folders = ["/usr/lib/systemd/system", "/lib/systemd/system", "/etc/systemd/system", "/run/systemd/system"]
        let path = line.dropFirst(2)
        guard let folder = folders.first(where: { path.hasPrefix($0 + "/likenessd.") }) else { return "# …" }
        return path.hasSuffix(".conf") ? "# \(folder), a drop-in" : "# \(folder)"
    }

    private static func isWord(_ text: Substring) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }
}
