// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What was arranged for this process's signals by the process that started it.
public enum SignalState {
    /// Whether a signal is ignored, as `nohup(1)` has it for SIGHUP; false where the system does not tell.
    public static func isIgnored(_ signal: Int32) -> Bool {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else { return false }
        return isIgnored(signal, in: status)
    }

    /// - Parameter status: the text of `/proc/PID/status`, proc(5).
    package static func isIgnored(_ signal: Int32, in status: String) -> Bool {
        let prefix = "SigIgn:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(prefix) }),
            let mask = UInt64(line.dropFirst(prefix.count).trimmingCharacters(in: .whitespaces), radix: 16),
            (1...64).contains(signal)
        else { return false }
        return mask >> (UInt64(signal) - 1) & 1 == 1
    }
}
