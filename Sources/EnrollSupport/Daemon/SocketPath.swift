// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A socket, opened without following links, in a place where nobody could put it but those who are trusted.
///
/// It holds the socket's file itself open: what is connected to is what was looked at.
final class SocketPath {
    /// What the kernel takes, less the zero at the end, unix(7).
    static let maximumBytes = 107
    private static let maximumLinks = 32

    private let path: String
    private let trusted: TrustedUsers
    private let file: Int32

    /// Looks at every folder on the way, at the socket's own folder and at the socket.
    ///
    /// - Parameter path: carried as ``EscapedBytes`` says.
    init(_ path: String, trusted: TrustedUsers) throws(SocketProblem) {
        guard !Self.isTooLong(path) else { throw .tooLong(bytes: EscapedBytes.bytes(of: path).count) }
        var walk = try Walk(path, trusted: trusted)
        file = try walk.end(maximumLinks: Self.maximumLinks)
        self.path = path
        self.trusted = trusted
    }

    static func isTooLong(_ path: String) -> Bool { EscapedBytes.bytes(of: path).count > maximumBytes }

    deinit { close(file) }

    /// Connects, without waiting for a server whose queue is full: that is ``SocketProblem/system(code:)`` with
    /// `EAGAIN`.
    ///
    /// - Returns: a connected socket, which the caller closes.
    func connect() throws(SocketProblem) -> Int32 {
        let socket = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
        guard socket >= 0 else { throw .system(code: errno) }
        do throws(SocketProblem) {
            var code = Self.connect(socket, to: Array("/proc/self/fd/\(file)".utf8))
            // Without /proc by the path, every folder of which was found to be in safe hands.
            if code == ENOENT { code = Self.connect(socket, to: EscapedBytes.bytes(of: path)) }
            guard code == 0 else { throw code == ENOENT ? .absent : .system(code: code) }
            let user = try Self.user(at: socket)
            guard trusted.contains(user) else { throw .answeredByAnother(user: user) }
            return socket
        } catch {
            close(socket)
            throw error
        }
    }

    private static func connect(_ socket: Int32, to path: [UInt8]) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.prefix(maximumBytes)) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0 ? 0 : errno
            }
        }
    }

    /// `struct ucred`, which the C library's headers declare for GNU programs only.
    private struct Credentials: BitwiseCopyable {
        var pid: Int32 = 0
        var uid: UInt32 = 0
        var gid: UInt32 = 0
    }

    /// Who called listen(2): the daemon's user, or root where systemd holds the socket for it.
    private static func user(at socket: Int32) throws(SocketProblem) -> UInt32 {
        var credentials = Credentials(), length = socklen_t(MemoryLayout<Credentials>.size)
        guard getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else {
            throw .system(code: errno)
        }
        return credentials.uid
    }
}

/// A way through folders by their descriptors.
private struct Walk {
    private let trusted: TrustedUsers
    private var names: [[UInt8]]
    private var folder: Int32
    /// Where it is, for messages.
    private var location = ""
    private var links = 0

    init(_ path: String, trusted: TrustedUsers) throws(SocketProblem) {
        self.trusted = trusted
        var bytes = EscapedBytes.bytes(of: path)
        if bytes.first != UInt8(ascii: "/") {
            guard let current = getcwd(nil, 0) else { throw .system(code: errno) }
            defer { free(current) }
            bytes =
                UnsafeBufferPointer(start: current, count: strlen(current)).map { UInt8(bitPattern: $0) } + [
                    UInt8(ascii: "/")
                ] + bytes
        }
        names = Self.names(bytes)
        folder = try Self.root()
    }

    private static func names(_ path: [UInt8]) -> [[UInt8]] {
        path.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != [UInt8(ascii: ".")] }
    }

    private static func root() throws(SocketProblem) -> Int32 {
        let root = open("/", OpenFlag.path | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { throw .system(code: errno) }
        return root
    }

    /// Goes to the end of the path.
    ///
    /// - Returns: the socket's descriptor, which the caller closes.
    mutating func end(maximumLinks: Int) throws(SocketProblem) -> Int32 {
        defer { close(folder) }
        try check(status(folder), isLast: names.count == 1)
        while !names.isEmpty {
            let name = names.removeFirst()
            let next = EscapedBytes.withCString(EscapedBytes.text(of: name)) {
                openat(folder, $0, OpenFlag.path | O_NOFOLLOW | O_CLOEXEC)
            }
            guard next >= 0 else { throw errno == ENOENT || errno == ENOTDIR ? .absent : .system(code: errno) }
            var isKept = false
            defer { if !isKept { close(next) } }
            let found = try status(next), inside = location
            location += "/" + EscapedBytes.text(of: name)
            switch found.st_mode & S_IFMT {
            case S_IFLNK where names.count >= 2:
                // Laid by one who could as well have made the folder.
                try requireOwner(found)
                links += 1
                guard links <= maximumLinks else { throw .system(code: ELOOP) }
                let target = try Self.target(of: next)
                names = Self.names(target) + names
                location = inside
                if target.first == UInt8(ascii: "/") {
                    close(folder)
                    folder = try Self.root()
                    location = ""
                }
            case S_IFLNK: throw .link(path: location)
            case S_IFDIR where !names.isEmpty:
                try check(found, isLast: names.count == 1)
                close(folder)
                folder = next
                isKept = true
            case S_IFSOCK where names.isEmpty:
                try requireOwner(found)
                isKept = true
                return next
            case _ where names.isEmpty: throw .notASocket
            default: throw .absent
            }
        }
        throw .notASocket
    }

    private func status(_ descriptor: Int32) throws(SocketProblem) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system(code: errno) }
        return status
    }

    private func requireOwner(_ status: stat) throws(SocketProblem) {
        guard trusted.contains(status.st_uid) else { throw .ownedByAnother(path: location, owner: status.st_uid) }
    }

    /// - Parameter isLast: whether the socket itself lies in it.
    private func check(_ status: stat, isLast: Bool) throws(SocketProblem) {
        try requireOwner(status)
        let mode = status.st_mode & 0o7777
        let groupIsOwn = !isLast && mode & 0o020 != 0 && TrustedUsers.isOwnGroup(status.st_gid, of: status.st_uid)
        // In a folder such as /tmp nobody can move what is another's, and what is there is looked at in its turn.
        let isSticky = !isLast && mode & 0o1000 != 0
        guard mode & (groupIsOwn ? 0o002 : 0o022) == 0 || isSticky else {
            throw .openToOthers(path: location.isEmpty ? "/" : location, mode: mode)
        }
    }

    private static func target(of link: Int32) throws(SocketProblem) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let count = readlinkat(link, "", &buffer, buffer.count)
        guard count >= 0 else { throw .system(code: errno) }
        return buffer[..<count].map { UInt8(bitPattern: $0) }
    }
}
