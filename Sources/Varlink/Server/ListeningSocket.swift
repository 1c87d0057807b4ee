// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Why a socket could not be opened.
public enum ListeningError: Error, Sendable, Hashable, CustomStringConvertible {
    case pathTooLong(String)
    case addressInUse(String)
    case notASocket(String)
    case system(path: String, step: String, code: Int32)

    public var description: String {
        switch self {
        case .pathTooLong(let path): "the socket's path “\(path)” is longer than the 107 bytes a Unix socket's may have"
        case .addressInUse(let path):
            "another program already listens on \(path); stop it first, or choose another socket"
        case .notASocket(let path): "\(path) exists and is no socket; it is left alone, choose another path"
        case .system(let path, let step, let code):
            "cannot \(step) the socket \(path): \(String(cString: strerror(code)))"
        }
    }
}

/// A Unix socket file of our own.
package enum ListeningSocket {
    /// Makes the file with its permissions before anybody can connect. A file that a dead server left is replaced.
    package static func open(path: String, mode: UInt32) throws(ListeningError) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path), !bytes.contains(0) else {
            throw .pathTooLong(path)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }

        func makeSocket() -> Int32 { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0) }
        func call(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
        var status = stat()
        if lstat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFSOCK else { throw .notASocket(path) }
            let probe = makeSocket()
            defer { close(probe) }
            if call({ connect(probe, $0, $1) }) == 0 || errno != ECONNREFUSED { throw .addressInUse(path) }
            unlink(path)
        }
        let descriptor = makeSocket()
        guard descriptor >= 0 else { throw .system(path: path, step: "make", code: errno) }
        func fail(_ step: String) -> ListeningError {
            let code = errno
            close(descriptor)
            return .system(path: path, step: step, code: code)
        }
        guard call({ bind(descriptor, $0, $1) }) == 0 else { throw fail("bind") }
        guard chmod(path, mode_t(mode)) == 0 else { throw fail("set the permissions of") }
        guard listen(descriptor, 128) == 0 else { throw fail("listen on") }
        return descriptor
    }

    package static func remove(path: String) {
        unlink(path)
    }
}
