// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Why a command does not talk to whatever is at a path.
public enum SocketProblem: Error, Sendable, Hashable {
    case absent
    /// The system refused it, with the number of the reason, errno(3).
    case system(code: Int32)
    case notASocket
    case tooLong(bytes: Int)
    case link(path: String)
    case ownedByAnother(path: String, owner: UInt32)
    case openToOthers(path: String, mode: UInt32)
    case answeredByAnother(user: UInt32)

    /// Whether something is there that is not to be believed.
    public var isDistrust: Bool {
        switch self {
        case .absent, .system, .notASocket, .tooLong: false
        case .link, .ownedByAnother, .openToOthers, .answeredByAnother: true
        }
    }

    func failure(_ path: String) -> CommandFailure {
        let path = EscapedBytes.printable(path)
        guard isDistrust else {
            let isDenied = self == .system(code: EACCES)
            return CommandFailure(
                isDenied ? .noPermission : .unavailable, name: "DaemonUnavailable",
                message: "cannot reach a daemon at \(path): \(reason)")
        }
        return CommandFailure(
            .noPermission, name: "DaemonNotTrusted", message: "the daemon at \(path) is not asked: \(reason)")
    }

    private var reason: String {
        let whose = "only a daemon of yours, root's or of the user \(TrustedUsers.serviceName) is believed"
        return switch self {
        case .absent: "there is no such socket; is likenessd running?"
        case .system(let code) where code == EACCES:
            "permission to the socket is denied; ask the administrator to add you to its group"
        case .system(let code) where code == ECONNREFUSED: "nobody listens on the socket; is likenessd running?"
        case .system(let code): String(cString: strerror(code))
        case .notASocket: "that is no socket"
        case .tooLong(let bytes):
            "its path has \(bytes) bytes, and a socket's may have \(SocketPath.maximumBytes); give the daemon and this command a shorter one (socket.path, --socket)"
        case .link(let path):
            "\(EscapedBytes.printable(path)) is a symbolic link, which is not followed; name the place it leads to"
        case .ownedByAnother(let path, let owner):
            "\(EscapedBytes.printable(path)) belongs to \(TrustedUsers.text(of: owner)), and \(whose); if it is the right one, name its user with --daemon-user"
        case .openToOthers(let path, let mode):
            "other users can write to \(EscapedBytes.printable(path)) (its mode is \(String(mode, radix: 8))), and could put a socket of theirs there; "
                // What everybody is to write to stays as it is.
                + (mode & 0o1000 == 0
                    ? "chmod go-w it, or have the socket in a folder of its own"
                    : "have the socket in a folder of its own")
        case .answeredByAnother(let user):
            "the program that answers there is \(TrustedUsers.text(of: user))'s, and \(whose); if it is the right one, name its user with --daemon-user"
        }
    }
}
