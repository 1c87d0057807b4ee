// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface

/// What else is connected to: the database of the gallery, and the socket at which metrics are read.
enum ConnectionChecks {
    static func findings(_ facts: DoctorFacts) -> [DoctorFinding] {
        guard facts.areSettingsKnown else { return [] }
        return [database(facts), metrics(facts)].compactMap { $0 }
    }

    private static func database(_ facts: DoctorFacts) -> DoctorFinding? {
        guard let address = DatabaseAddress(of: facts.settings.gallery.database) else { return nil }
        if let reply = try? facts.answers.metrics.get(),
            let readable = PrometheusText(reply.text).value("likeness_gallery_readable")
        {
            return readable == 1
                ? .ok("database", "the daemon reads its gallery in PostgreSQL")
                : .problem(
                    "database", "the daemon cannot read its gallery in PostgreSQL",
                    remedy: facts.target.journal + "; see whether the server runs and lets the daemon in")
        }
        switch StreamConnection.open(address, within: facts.host.limit) {
        case .success(let connection):
            connection.close()
            return .ok(
                "database", "the PostgreSQL server takes connections; whether it lets the daemon in, the daemon says")
        case .failure(let failure):
            return .problem(
                "database", "the PostgreSQL server cannot be reached: \(failure.reason)",
                remedy: "see whether it runs, and what gallery.database names")
        }
    }

    private static func metrics(_ facts: DoctorFacts) -> DoctorFinding? {
        let path = facts.settings.metrics.socket
        guard !path.isEmpty else { return nil }
        guard facts.answers.isAnswering else { return .notLookedAt("metrics", facts.answers.silence) }
        let connection: StreamConnection
        switch StreamConnection.open(path: path, within: facts.host.limit) {
        case .success(let opened): connection = opened
        case .failure(let failure) where failure.code == EACCES || failure.code == EPERM:
            return .notLookedAt("metrics", "needs root, or whom metrics.mode lets connect")
        case .failure(let failure):
            return .problem(
                "metrics", "nothing answers at the socket for metrics: \(failure.reason)",
                remedy: facts.target.restart + "; the setting takes effect with a start")
        }
        defer { connection.close() }
        let reply = connection.exchange("GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n", atMost: 256)
        switch reply?.split(separator: " ").dropFirst().first.map(String.init) {
        case "200"?: return .ok("metrics", "the socket for metrics answers")
        case "403"?: return .ok("metrics", "the socket for metrics answers, and tells this user nothing")
        default:
            return .problem(
                "metrics", "what is at the socket for metrics does not answer as it should",
                remedy: facts.target.restart)
        }
    }
}

/// A connected stream socket, with a time for all that is done on it. Blocks.
struct StreamConnection: Sendable {
    struct Failure: Error, Sendable, Hashable {
        let code: Int32
        let reason: String

        init(code: Int32) { (self.code, reason) = (code, String(cString: strerror(code))) }
        init(reason: String) { (code, self.reason) = (0, reason) }
    }

    private let descriptor: Int32
    private let deadline: ContinuousClock.Instant

    static func open(_ address: DatabaseAddress, within limit: Duration) -> Result<StreamConnection, Failure> {
        switch address {
        case .socket(let path): return open(path: path, within: limit)
        case .network(let host, let port):
            var hints = addrinfo(), found: UnsafeMutablePointer<addrinfo>?
            hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
            let code = getaddrinfo(host, "\(port)", &hints, &found)
            guard code == 0 else { return .failure(Failure(reason: String(cString: gai_strerror(code)))) }
            defer { freeaddrinfo(found) }
            var failure = Failure(code: EHOSTUNREACH), entry = found
            while let each = entry?.pointee {
                switch open(each.ai_family, each.ai_addr, each.ai_addrlen, within: limit) {
                case .success(let connection): return .success(connection)
                case .failure(let next): failure = next
                }
                entry = each.ai_next
            }
            return .failure(failure)
        }
    }

    static func open(path: String, within limit: Duration) -> Result<StreamConnection, Failure> {
        let bytes = EscapedBytes.bytes(of: path)
        guard bytes.count <= SocketPath.maximumBytes else { return .failure(Failure(code: ENAMETOOLONG)) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                open(AF_UNIX, $0, socklen_t(MemoryLayout<sockaddr_un>.size), within: limit)
            }
        }
    }

    private static func open(
        _ family: Int32, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t, within limit: Duration
    ) -> Result<StreamConnection, Failure> {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(family, type, 0)
        guard descriptor >= 0, let address else { return .failure(Failure(code: errno)) }
        let connection = StreamConnection(descriptor: descriptor, deadline: .now + limit)
        if connect(descriptor, address, length) != 0 {
            var code = errno
            if code == EINPROGRESS {
                var size = socklen_t(MemoryLayout<Int32>.size)
                code = ETIMEDOUT
                if connection.isReady(for: POLLOUT) { getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size) }
            }
            guard code == 0 else {
                connection.close()
                return .failure(Failure(code: code))
            }
        }
        return .success(connection)
    }

    func close() { Foundation.close(descriptor) }

    /// Sends a short text, and returns the beginning of what comes back; nil where nothing does in time.
    func exchange(_ text: String, atMost limit: Int) -> String? {
        guard send(descriptor, text, text.utf8.count, Int32(MSG_NOSIGNAL)) == text.utf8.count else { return nil }
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: limit)
        while bytes.count < limit {
            guard isReady(for: POLLIN) else { return nil }
            let count = recv(descriptor, &buffer, limit - bytes.count, 0)
            guard count >= 0 else { return nil }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func isReady(for events: Int32) -> Bool {
        let rest = ContinuousClock.now.duration(to: deadline)
        guard rest > .zero else { return false }
        var request = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        return poll(&request, 1, Int32(clamping: Int(rest / .milliseconds(1)) + 1)) > 0
    }
}
