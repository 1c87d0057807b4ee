// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import Varlink

/// Calls to one daemon, each over a connection of its own, so that one that fails leaves the next alone.
public struct DaemonClient: Sendable {
    public let socket: SocketChoice
    /// How long a call may take, its connection included; of one that is followed, how long each reply may.
    public let timeout: Duration
    /// The longest reply that is taken.
    let maximumReplyBytes: Int

    public init(socket: SocketChoice, timeout: Duration, maximumReplyBytes: Int = 96 << 20) {
        self.socket = socket
        self.timeout = timeout
        self.maximumReplyBytes = maximumReplyBytes
    }

    /// Calls a method and waits for its reply.
    package func call<Method: VarlinkMethod>(_ call: Method) async throws(CommandFailure) -> Method.Reply {
        try await withConnection(role: Self.role(of: call)) { client in try await client.call(call) }
    }

    /// Calls a method that answers in several replies and waits for all of them.
    package func collect<Method: VarlinkMethod>(_ call: Method) async throws(CommandFailure) -> [Method.Reply] {
        try await withConnection(role: Self.role(of: call)) { client in
            var replies: [Method.Reply] = []
            for try await reply in try client.stream(call) { replies.append(reply) }
            return replies
        }
    }

    /// Whether a daemon takes connections.
    public func isReachable() async -> Bool {
        guard let client = try? await connect() else { return false }
        await client.close()
        return true
    }

    /// What the daemon asks a caller of the method for.
    static func role<Method: VarlinkMethod>(of call: Method) -> Role? {
        (Method.self as? any LikenessMethod.Type)?.rules.role
    }

    func withConnection<Value: Sendable>(
        role: Role?, _ body: @escaping @Sendable (VarlinkClient) async throws -> Value
    ) async throws(CommandFailure) -> Value {
        do {
            return try await withThrowingTaskGroup(of: Value?.self) { group in
                defer { group.cancelAll() }
                group.addTask {
                    do {
                        return try await onConnection(body)
                    } catch VarlinkClientError.notTaken {
                        // The daemon ended between the connection and the call; the next one waits at the socket.
                        return try await onConnection(body)
                    }
                }
                group.addTask { [timeout] in
                    try await Task.sleep(for: timeout)
                    return nil
                }
                guard let first = try await group.next(), let value = first else { throw timedOut }
                return value
            }
        } catch {
            throw failure(error, calling: role)
        }
    }

    private func onConnection<Value: Sendable>(
        _ body: @Sendable (VarlinkClient) async throws -> Value
    ) async throws -> Value {
        let client = try await connect()
        do {
            let value = try await body(client)
            await client.close()
            return value
        } catch {
            await client.close()
            throw error
        }
    }

    /// A connection to a daemon that is believed: before anything is sent.
    func connect() async throws -> VarlinkClient {
        try await VarlinkClient.connect(
            descriptor: socket.connect(), path: EscapedBytes.printable(socket.path),
            maximumMessageBytes: maximumReplyBytes)
    }

    var timedOut: CommandFailure {
        CommandFailure(
            .tryAgain, name: "Timeout",
            message:
                "the daemon did not answer within \(timeout.components.seconds) seconds; try again, or allow more with --timeout"
        )
    }

    /// - Parameter role: as ``CommandFailure/init(_:calling:)`` takes it.
    func failure(_ error: any Error, calling role: Role?) -> CommandFailure {
        if let error = error as? VarlinkError { return CommandFailure(error, calling: role) }
        guard let problem = error as? SocketProblem else { return CommandFailure(error) }
        let failure = problem.failure(socket.path)
        guard !socket.absent.isEmpty, !problem.isDistrust else { return failure }
        let others = socket.absent.map { path in
            EscapedBytes.printable(path)
                + (SocketPath.isTooLong(path)
                    ? ", which with more than \(SocketPath.maximumBytes) bytes is too long for a socket," : "")
        }.joined(separator: " and ")
        return CommandFailure(
            failure.status, name: failure.name,
            message:
                "\(failure.message) (there is none of yours at \(others) either\(socket.passedOver.map { "; \($0)" } ?? ""))"
        )
    }
}
