// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// A program that a test started. It is killed when the value goes.
///
/// Of this process's descriptors only the standard streams reach the program: tests run side by side in one process,
/// and a program that holds another's pipe or socket open hides that the other has ended.
public final class RunningProgram: Sendable {
    public enum Input: Sendable {
        case nothing
        case file(String)
        /// Written to through ``RunningProgram/input``.
        case pipe
    }

    public enum Output: Sendable {
        /// To where this process's own goes.
        case inherited
        case nothing
        /// To a file, whose former content goes.
        case file(String)
        /// To the end of a file.
        case appended(String)
        /// Read through ``RunningProgram/output``.
        case pipe
    }

    /// The writing end of the program's standard input, if that is a pipe.
    public let input: FileHandle?
    /// The reading end of the program's standard output, if that is a pipe.
    public let output: FileHandle?
    private let child: Child

    /// - Parameters:
    ///   - program: The path of the program.
    ///   - environment: Added to this process's own.
    ///   - errors: nil for standard error to go where standard output goes.
    ///   - limit: The program is killed when it has run so long.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], input: Input = .nothing,
        output: Output = .inherited, errors: Output? = .inherited, limit: Duration? = nil
    ) throws {
        var actions = SpawnActions()
        defer { actions.destroy() }
        self.input = try actions.connect(input)
        self.output = try actions.connect(output, to: STDOUT_FILENO)
        if let errors {
            guard try actions.connect(errors, to: STDERR_FILENO) == nil else {
                throw HarnessError("standard error cannot be a pipe of its own")
            }
        } else {
            actions.duplicate(STDOUT_FILENO, to: STDERR_FILENO)
        }
        // The program that prints a crash's stack inherits the pipes, and waits for ever for one that is killed
        // meanwhile.
        let variables = ["SWIFT_BACKTRACE": "enable=no"].merging(ProcessInfo.processInfo.environment) { $1 }.merging(
            environment
        ) { $1 }
        child = try Child(
            identifier: actions.spawn([program] + arguments, environment: variables.map { "\($0.key)=\($0.value)" }))
        if let limit {
            DispatchQueue.global().asyncAfter(deadline: .now() + limit.interval) { [child] in child.send(SIGKILL) }
        }
    }

    deinit {
        child.send(SIGKILL)
        _ = child.wait(atMost: .seconds(10))
    }

    public var identifier: pid_t { child.identifier }
    public var isRunning: Bool { child.status == nil }

    /// Sends a signal, unless the program has ended.
    public func send(_ signal: Int32) {
        child.send(signal)
    }

    /// The exit status, or the negative number of the signal that ended it; nil if it runs on after `limit`.
    public func status(within limit: Duration) -> Int32? {
        child.wait(atMost: limit)
    }

    /// As the other, but lets Swift's tasks go on.
    public func status(within limit: Duration) async throws -> Int32? {
        try await OwnThread.run { [child] in child.wait(atMost: limit) }
    }

    /// SIGKILL; returns when the program has ended.
    public func kill() throws {
        child.send(SIGKILL)
        guard child.wait(atMost: .seconds(30)) != nil else {
            throw HarnessError("process \(identifier) survives SIGKILL")
        }
    }
}

/// A child process, awaited by a thread of its own, so that none is left a zombie: a zombie would keep Swift Testing
/// from hearing of the processes that it started itself.
private final class Child: Sendable {
    let identifier: pid_t
    private let ended = DispatchGroup()
    private let recorded = Mutex<Int32?>(nil)

    init(identifier: pid_t) {
        self.identifier = identifier
        ended.enter()
        Thread.detachNewThread { self.reap() }
    }

    var status: Int32? { recorded.withLock { $0 } }

    func wait(atMost limit: Duration) -> Int32? {
        guard ended.wait(timeout: .now() + limit.interval) == .success else { return nil }
        return status
    }

    func send(_ signal: Int32) {
        // As long as it is not reaped, its number is no other process's.
        recorded.withLock { status in
            if status == nil { _ = Foundation.kill(identifier, signal) }
        }
    }

    private func reap() {
        var about = siginfo_t()
        while waitid(P_PID, id_t(identifier), &about, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        recorded.withLock { status in
            var state: Int32 = 0
            while waitpid(identifier, &state, 0) < 0, errno == EINTR {}
            status = state & 0x7F == 0 ? (state >> 8) & 0xFF : -(state & 0x7F)
        }
        ended.leave()
    }
}

extension Duration {
    fileprivate var interval: DispatchTimeInterval {
        .milliseconds(Int(components.seconds) * 1000 + Int(components.attoseconds / 1_000_000_000_000_000))
    }
}
