// SPDX-License-Identifier: Apache-2.0

import DaemonSupport
import Foundation

/// Which daemon a command talks to.
public struct SocketChoice: Sendable, Hashable {
    /// Carried as ``EscapedBytes`` says.
    public let path: String
    /// Whose daemon is believed.
    public let trusted: TrustedUsers
    /// Where a daemon was looked for in vain before.
    public let absent: [String]
    /// Why it was not looked for where the environment says.
    public let passedOver: StandardPaths.PassedOver?

    /// - Parameters:
    ///   - option: What the caller named on the command line.
    ///   - environment: The process's environment; `LIKENESS_SOCKET` comes after the option.
    ///   - usersOwn: Where the socket of this user's own daemon can be, the likeliest first.
    ///   - passedOver: A folder that such a socket could be in, and is not looked for.
    ///   - system: The socket of the system's daemon, the last resort.
    ///   - isTheirs: Whether there is something of the caller's own at a path. Another's, in a home that is not the
    ///     caller's as under sudo, is not.
    public init(
        option: String?, environment: [String: String], usersOwn: [String],
        passedOver: StandardPaths.PassedOver? = nil, system: String, trusted: TrustedUsers,
        isTheirs: (String) -> Bool
    ) {
        let named = option ?? environment["LIKENESS_SOCKET"].flatMap { $0.isEmpty ? nil : $0 }
        let own = named == nil ? usersOwn.first(where: isTheirs) : nil
        path = named ?? own ?? system
        absent = named == nil && own == nil ? usersOwn : []
        self.passedOver = named == nil && own == nil ? passedOver : nil
        self.trusted = trusted
    }

    /// The daemon at a path, and no other.
    public init(path: String, trusted: TrustedUsers) {
        self.path = path
        self.trusted = trusted
        absent = []
        passedOver = nil
    }

    /// Whether a socket is at a path that is a daemon's of this user, or something that the user should see to.
    public static func isOwn(_ path: String, trusted: TrustedUsers) -> Bool {
        do throws(SocketProblem) {
            _ = try SocketPath(path, trusted: trusted)
            return true
        } catch {
            return switch error {
            case .openToOthers, .link, .notASocket: true
            case .absent, .system, .tooLong, .ownedByAnother, .answeredByAnother: false
            }
        }
    }

    /// Connects, once it is sure who answers; waits for a daemon whose queue of connections is full.
    ///
    /// - Returns: a connected socket, which the caller closes.
    /// - Throws: ``SocketProblem``, or that the task was cancelled.
    func connect() async throws -> Int32 {
        while true {
            do throws(SocketProblem) {
                return try SocketPath(path, trusted: trusted).connect()
            } catch {
                guard error == .system(code: EAGAIN) else { throw error }
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
