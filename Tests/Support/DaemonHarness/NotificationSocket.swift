// SPDX-License-Identifier: Apache-2.0

import Foundation
import ProgramHarness

/// The socket at which a service manager hears of its services: `AF_UNIX`, datagrams.
public final class NotificationSocket: Sendable {
    private let folder: TemporaryFolder
    private let descriptor: Int32

    /// What belongs into `NOTIFY_SOCKET`.
    public var path: String { folder.appending("notify") }

    public init() throws {
        folder = try TemporaryFolder()
        descriptor = try UnixSocket.bind(folder.appending("notify"), type: SOCK_DGRAM)
    }

    deinit {
        Foundation.close(descriptor)
    }

    /// The next datagram, which has to arrive within `seconds`.
    public func receive(within seconds: Int = 10) throws -> String {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&ready, 1, Int32(seconds * 1000)) == 1 else {
            throw HarnessError("the service manager's socket received nothing within \(seconds) seconds")
        }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw HarnessError("cannot receive: \(String(cString: strerror(errno)))") }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
