// SPDX-License-Identifier: Apache-2.0

import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Who is at the other end of a Unix socket, by the kernel's word (`SO_PEERCRED` and `SO_PEERGROUPS`, unix(7)): of the
/// one who connected, at that time; of the one who listens, at the time when it began to.
public struct PeerCredentials: Sendable, Hashable {
    public let processID: Int32
    public let userID: UInt32
    /// The group that the process ran with.
    public let groupID: UInt32
    /// The supplementary groups that the process had, in the kernel's order; a group that it had given up is not among
    /// them.
    public let groups: [UInt32]

    public init(processID: Int32, userID: UInt32, groupID: UInt32, groups: [UInt32] = []) {
        self.processID = processID
        self.userID = userID
        self.groupID = groupID
        self.groups = groups
    }

    /// `struct ucred`, which the C library's headers declare for GNU programs only.
    private struct KernelCredentials {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
    }

    /// `SO_PEERGROUPS` of asm-generic/socket.h, which not every C library's headers have.
    private static let peerGroupsOption: Int32 = 59
    /// What Linux lets a process have (`NGROUPS_MAX`, limits.h).
    private static let mostGroups = 65_536

    /// On the channel's event loop.
    /// - Throws: what the kernel says where the channel is no Unix socket with a peer.
    package static func ofPeer(of channel: any Channel) throws -> PeerCredentials {
        let credentials = try channel.pipeline.syncOperations.withUnsafeTransportIfAvailable(
            of: NIOBSDSocket.Handle.self
        ) {
            try PeerCredentials(descriptor: $0)
        }
        guard let credentials else { throw ChannelError.operationUnsupported }
        return credentials
    }

    /// - Throws: `IOError` with what the kernel says.
    private init(descriptor: Int32) throws {
        var kernel = KernelCredentials()
        var size = socklen_t(MemoryLayout<KernelCredentials>.size)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &kernel, &size) == 0 else {
            throw IOError(errnoCode: errno, reason: "SO_PEERCRED")
        }
        self.init(processID: kernel.pid, userID: kernel.uid, groupID: kernel.gid, groups: Self.groups(descriptor))
    }

    /// None where the kernel does not tell them (before Linux 4.13): nobody has more by that.
    private static func groups(_ descriptor: Int32) -> [UInt32] {
        var room = 32
        while room <= mostGroups {
            var groups = [UInt32](repeating: 0, count: room)
            var size = socklen_t(room * MemoryLayout<UInt32>.size)
            if getsockopt(descriptor, SOL_SOCKET, peerGroupsOption, &groups, &size) == 0 {
                return Array(groups.prefix(Int(size) / MemoryLayout<UInt32>.size))
            }
            guard errno == ERANGE else { return [] }
            // It says how much room it needs; a socket's groups never change.
            room = max(Int(size) / MemoryLayout<UInt32>.size, room + 1)
        }
        return []
    }
}
