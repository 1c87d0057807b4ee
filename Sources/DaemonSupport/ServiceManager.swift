// SPDX-License-Identifier: Apache-2.0

import CSystemd
import Foundation

/// What the daemon tells the service manager that started it (`sd_notify(3)`).
///
/// Without a manager, in a terminal or a test, every message goes nowhere. None of it is ever a reason to stop.
public enum ServiceManager {
    public enum Message: Sendable, Hashable {
        /// Callers can connect.
        case ready
        /// The configuration is being read again; ``ready`` ends it.
        case reloading
        /// One line for `systemctl status`.
        case status(String)
        /// The daemon has begun to stop and needs up to this long.
        case stopping(within: Duration)
        /// The daemon has checked itself and is well.
        case watchdog

        /// The lines of the protocol.
        package var text: String {
            switch self {
            case .ready: "READY=1"
            // The moment tells the manager which of its own requests this answers.
            case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(microsecondsOfMonotonicClock)"
            case .status(let line): "STATUS=" + String(line.map { $0.isNewline ? " " : $0 })
            // A stop that may lawfully take longer than TimeoutStopSec= asks for the time it needs.
            case .stopping(let time): "STOPPING=1\nEXTEND_TIMEOUT_USEC=\(max(0, time.components.seconds) * 1_000_000)"
            case .watchdog: "WATCHDOG=1"
            }
        }
    }

    /// `CLOCK_MONOTONIC`, which the manager compares with its own.
    private static var microsecondsOfMonotonicClock: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000 + time.tv_nsec / 1000
    }

    public enum Outcome: Sendable, Hashable {
        case sent
        /// Nobody asked to be told.
        case noManager
        case failed(code: Int32)
    }

    /// Sends the messages as one datagram, so that they take effect together.
    @discardableResult
    public static func notify(_ messages: Message...) -> Outcome {
        let result = sd_notify(0, messages.map(\.text).joined(separator: "\n"))
        return result > 0 ? .sent : result == 0 ? .noManager : .failed(code: -result)
    }

    /// How often at least the manager wants to hear ``Message/watchdog``; nil when it does not watch this process.
    public static func watchdogInterval() -> Duration? {
        var microseconds: UInt64 = 0
        guard sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }
}
