// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Programs of the host that are asked, each within bounds of time and output.
package struct HostPrograms: Sendable, Hashable {
    /// Where they are looked for. Root asks none that a PATH of somebody else would name.
    package let folders: [String]

    package static let system = HostPrograms(folders: ["/usr/bin", "/bin", "/usr/sbin", "/sbin"])

    package init(folders: [String]) {
        self.folders = folders
    }

    package enum Outcome: Sendable, Hashable {
        case absent
        /// It was ended after its time.
        case timedOut
        /// - Parameters:
        ///   - status: negative is the signal that ended it.
        ///   - output: standard output and standard error, no further than was asked for.
        case ended(status: Int32, output: [UInt8])

        /// What a program printed that ended well.
        package var text: String? {
            guard case .ended(0, let output) = self else { return nil }
            return String(decoding: output, as: UTF8.self)
        }
    }

    package func path(of name: String) -> String? {
        if name.hasPrefix("/") { return access(name, X_OK) == 0 ? name : nil }
        return folders.lazy.map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }

    /// Runs a program without a shell and with nothing to read, in a group of processes that is ended as a whole. Blocks.
    ///
    /// - Parameters:
    ///   - environment: in the place of variables of this process.
    ///   - bytes: what is read of its output; the rest is read and left out.
    package func run(
        _ name: String, _ arguments: [String], within limit: Duration, atMost bytes: Int = 1 << 20,
        environment: [String: String] = [:]
    ) -> Outcome {
        guard let path = path(of: name) else { return .absent }
        var ends: [Int32] = [0, 0]
        // A pair of sockets in the place of a pipe: Swift imports no way to make a pipe that another program, started
        // by another thread meanwhile, does not get too.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            return .absent
        }
        defer { close(ends[0]) }
        let child = Self.spawn(path, arguments, output: ends[1], environment: environment)
        close(ends[1])
        guard let child else { return .absent }
        let deadline = ContinuousClock.now + limit
        let output = Self.read(ends[0], until: deadline, atMost: bytes)
        guard let output, let status = Self.status(of: child, until: deadline) else {
            kill(-child, SIGKILL)
            _ = Self.status(of: child, until: .now + .seconds(1))
            return .timedOut
        }
        return .ended(status: status, output: output)
    }

    private static func spawn(
        _ path: String, _ arguments: [String], output: Int32, environment: [String: String]
    ) -> pid_t? {
        var actions = posix_spawn_file_actions_t(), attributes = posix_spawnattr_t()
        guard posix_spawn_file_actions_init(&actions) == 0 else { return nil }
        defer { posix_spawn_file_actions_destroy(&actions) }
        guard posix_spawnattr_init(&attributes) == 0 else { return nil }
        defer { posix_spawnattr_destroy(&attributes) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        let overriding = [
            "LC_ALL": "C", "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        ].merging(environment) { $1 }
        let variables = GivenProcess.environment.merging(overriding) { $1 }.map { "\($0.key)=\($0.value)" }
        var child = pid_t()
        let code = withCStrings([path] + arguments) { arguments in
            withCStrings(variables) { posix_spawn(&child, path, &actions, &attributes, arguments, $0) }
        }
        return code == 0 ? child : nil
    }

    private static func withCStrings(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Int32
    ) -> Int32 {
        // As bytes: the environment may hold what is not UTF-8.
        let copies = texts.map { text in EscapedBytes.withCString(text) { strdup($0) } }
        defer { for copy in copies { free(copy) } }
        return (copies + [nil]).withUnsafeBufferPointer { $0.baseAddress.map(body) ?? EINVAL }
    }

    /// - Returns: nil when the end has not come in time.
    private static func read(
        _ descriptor: Int32, until deadline: ContinuousClock.Instant, atMost limit: Int
    ) -> [UInt8]? {
        var bytes: [UInt8] = [], buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let rest = ContinuousClock.now.duration(to: deadline)
            guard rest > .zero else { return nil }
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&request, 1, Int32(clamping: Int(rest / .milliseconds(1)) + 1))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else { return nil }
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return bytes }
            bytes += buffer[..<min(count, limit - bytes.count)]
        }
    }

    private static func status(of child: pid_t, until deadline: ContinuousClock.Instant) -> Int32? {
        while true {
            var status: Int32 = 0
            let found = waitpid(child, &status, WNOHANG)
            if found == child { return status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F) }
            if found < 0, errno != EINTR { return nil }
            guard ContinuousClock.now < deadline else { return nil }
            usleep(5_000)
        }
    }
}
