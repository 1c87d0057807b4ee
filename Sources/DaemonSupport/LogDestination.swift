// SPDX-License-Identifier: Apache-2.0

import CSystemd
import Foundation
import Logging

extension DaemonConfiguration.Log {
    /// Whether messages go to the journal.
    ///
    /// - Parameter environment: The process's environment; systemd states in `JOURNAL_STREAM` which file standard
    ///   error was when the service began, and a caller may have redirected it since.
    public func usesJournal(environment: [String: String], standardError: Int32 = STDERR_FILENO) -> Bool {
        switch destination {
        case .journal: true
        case .terminal: false
        case .automatic:
            Self.isJournal(standardError, stream: environment["JOURNAL_STREAM"] ?? "")
        }
    }

    /// Whether the descriptor is the file that `DEVICE:INODE` names.
    package static func isJournal(_ descriptor: Int32, stream: String) -> Bool {
        let numbers = stream.split(separator: ":", omittingEmptySubsequences: false).map { UInt64($0) }
        guard numbers.count == 2, let device = numbers[0], let inode = numbers[1] else { return false }
        return likeness_is_file(descriptor, device, inode) == 1
    }

    /// The handler that this configuration asks for.
    public func handler(label: String, environment: [String: String]) -> any LogHandler {
        let level = Logger.Level(rawValue: level.rawValue) ?? .info
        if usesJournal(environment: environment) {
            var handler = JournalLogHandler(label: label)
            handler.logLevel = level
            return handler
        }
        var handler = TerminalLogHandler(label: label)
        handler.logLevel = level
        return handler
    }
}
