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
    ///
    /// - Parameters:
    ///   - level: the least level that it logs, which can change.
    ///   - messageID: as ``JournalLogHandler/init(label:level:messageID:)`` takes it.
    public func handler(
        label: String, environment: [String: String], level: LogLevel,
        messageID: @escaping @Sendable (Logger.Metadata) -> String?
    ) -> any LogHandler {
        usesJournal(environment: environment)
            ? JournalLogHandler(label: label, level: level, messageID: messageID)
            : TerminalLogHandler(label: label, level: level)
    }
}
