// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness

/// Unix sockets as a test needs them.
public enum UnixSocket {
    /// A socket bound to a path. The caller closes it.
    public static func bind(_ path: String, type: __socket_type) throws -> Int32 {
        try open(path, type: type, step: "bind") { Foundation.bind($0, $1, $2) }
    }

    /// A stream socket connected to a path. The caller closes it.
    public static func connected(_ path: String) throws -> Int32 {
        try open(path, type: SOCK_STREAM, step: "connect to") { Foundation.connect($0, $1, $2) }
    }

    /// Connects to a path, sends a text and closes.
    public static func connect(_ path: String, type: __socket_type, sending text: String) throws {
        let descriptor = try open(path, type: type, step: "connect to") { Foundation.connect($0, $1, $2) }
        defer { close(descriptor) }
        guard send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) == text.utf8.count else {
            throw HarnessError("cannot send to \(path): \(String(cString: strerror(errno)))")
        }
    }

    private static func open(
        _ path: String, type: __socket_type, step: String, _ call: (Int32, UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw HarnessError("\(path) is too long for a socket")
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let descriptor = socket(AF_UNIX, Int32(type.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw HarnessError("cannot make a socket: \(String(cString: strerror(errno)))") }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else {
            let code = errno
            close(descriptor)
            throw HarnessError("cannot \(step) \(path): \(String(cString: strerror(code)))")
        }
        return descriptor
    }
}
