// SPDX-License-Identifier: Apache-2.0

import Foundation

extension SocketActivation {
    /// How long a start that is of no use holds on. With it systemd starts a daemon fewer than five times in ten seconds,
    /// its usual limit (StartLimitBurst= of systemd.unit(5)).
    public static let refusalTime = Duration.milliseconds(2500)

    /// Takes the connections that wait at the socket that was handed over, closes them, and goes on for a while; returns
    /// at once where no socket was.
    ///
    /// A daemon that ends with a connection waiting is started again at once, by the same connection, until systemd has
    /// enough and closes the socket for good. So the callers know, and the next call after the mend starts a daemon.
    public static func turnAway(for time: Duration = refusalTime) {
        guard let socket = try? inheritedSocket() else { return }
        let end = ContinuousClock.now.advanced(by: time)
        while true {
            let left = ContinuousClock.now.duration(to: end).components
            let milliseconds = left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000
            guard milliseconds > 0 else { return }
            var ready = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            guard poll(&ready, 1, Int32(clamping: milliseconds)) > 0 else { continue }
            // Nobody else takes connections of it, so that this does not wait.
            let connection = accept(socket, nil, nil)
            if connection >= 0 { close(connection) } else { usleep(10_000) }
        }
    }
}
