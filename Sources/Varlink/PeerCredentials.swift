import Glibc
import NIOCore

/// Who is at the other end of a Unix socket, as the kernel recorded it when the peer connected.
public struct PeerCredentials: Sendable, Hashable {
    public let pid: Int32
    public let uid: UInt32
    public let gid: UInt32

    public init(pid: Int32, uid: UInt32, gid: UInt32) {
        self.pid = pid
        self.uid = uid
        self.gid = gid
    }
}

extension PeerCredentials {
    /// The members of `struct ucred` (unix(7)) in their order; Glibc hides the type behind `_GNU_SOURCE`.
    private struct KernelCredentials: Sendable {
        var pid: Int32
        var uid: UInt32
        var gid: UInt32
    }

    /// Asks the kernel by `SO_PEERCRED`.
    static func ofPeer(of channel: any Channel) async throws -> PeerCredentials {
        guard let options = channel as? any SocketOptionProvider else {
            throw VarlinkConnectionError.system(operation: "SO_PEERCRED", message: "the channel is not a socket")
        }
        let credentials: KernelCredentials = try await options.unsafeGetSocketOption(
            level: .socket, name: NIOBSDSocket.Option(rawValue: SO_PEERCRED)
        ).get()
        return PeerCredentials(pid: credentials.pid, uid: credentials.uid, gid: credentials.gid)
    }
}
