// SPDX-License-Identifier: Apache-2.0

import CSystemd
import Foundation

/// The listening socket that the service manager opened before it started the daemon (`sd_listen_fds(3)`).
public enum SocketActivation {
    /// The socket, closed on `exec`; nil when none was handed over to this process.
    ///
    /// - Throws: ``SocketActivationError``, when what was handed over is not one listening Unix stream socket.
    public static func inheritedSocket() throws(SocketActivationError) -> Int32? {
        let count = sd_listen_fds(0)
        guard count >= 0 else { throw .cannotTell(code: -count) }
        let first = likeness_listen_fds_start()
        return try onlySocket(of: first..<first + count)
    }

    package static func onlySocket(of descriptors: Range<Int32>) throws(SocketActivationError) -> Int32? {
        guard let descriptor = descriptors.first else { return nil }
        guard descriptors.count == 1 else { throw .several(descriptors.count) }
        let answer = likeness_is_listening_unix_stream(descriptor)
        guard answer >= 0 else { throw .cannotTell(code: -answer) }
        guard answer > 0 else { throw .notAListeningUnixSocket }
        return descriptor
    }
}

/// Why a socket that was handed over cannot be used.
public enum SocketActivationError: Error, Sendable, Hashable, CustomStringConvertible {
    case several(Int)
    case notAListeningUnixSocket
    case cannotTell(code: Int32)

    public var description: String {
        switch self {
        case .several(let count):
            "systemd handed over \(count) sockets, and this daemon serves one; leave one ListenStream= in likenessd.socket"
        case .notAListeningUnixSocket:
            "what systemd handed over is not a listening Unix stream socket; likenessd.socket needs ListenStream= with an absolute path, and Accept=no"
        case .cannotTell(let code):
            "what systemd handed over cannot be looked at: \(String(cString: strerror(code)))"
        }
    }
}
