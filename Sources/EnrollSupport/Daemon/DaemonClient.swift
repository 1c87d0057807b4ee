import Foundation
import Varlink

/// Calls to one daemon, each over a connection of its own, so that one that fails leaves the next alone.
public struct DaemonClient: Sendable {
    public let socket: SocketChoice
    /// How long a call may take, its connection included; of one that is followed, how long each reply may.
    public let timeout: Duration

    public init(socket: SocketChoice, timeout: Duration) {
        self.socket = socket
        self.timeout = timeout
    }

    /// Calls a method and waits for its reply.
    public func call<Parameters: Encodable & Sendable, Reply: Decodable & Sendable>(
        _ method: String, _ parameters: Parameters, returning type: Reply.Type
    ) async throws(CommandFailure) -> Reply {
        try await withConnection { client in
            try await client.call(method, parameters, returning: type)
        }
    }

    /// Calls a method that answers in several replies and waits for all of them.
    public func collect<Parameters: Encodable & Sendable, Reply: Decodable & Sendable>(
        _ method: String, _ parameters: Parameters, returning type: Reply.Type
    ) async throws(CommandFailure) -> [Reply] {
        try await withConnection { client in
            var replies: [Reply] = []
            for try await reply in try client.stream(method, parameters, returning: type) { replies.append(reply) }
            return replies
        }
    }

    /// Whether a daemon takes connections.
    public func isReachable() async -> Bool {
        guard let client = try? await VarlinkClient.connect(unixPath: socket.path) else { return false }
        await client.close()
        return true
    }

    private func withConnection<Value: Sendable>(
        _ body: @escaping @Sendable (VarlinkClient) async throws -> Value
    ) async throws(CommandFailure) -> Value {
        do {
            return try await withThrowingTaskGroup(of: Value?.self) { group in
                defer { group.cancelAll() }
                group.addTask { [socket] in
                    let client = try await VarlinkClient.connect(unixPath: socket.path)
                    do {
                        let value = try await body(client)
                        await client.close()
                        return value
                    } catch {
                        await client.close()
                        throw error
                    }
                }
                group.addTask { [timeout] in
                    try await Task.sleep(for: timeout)
                    return nil
                }
                guard let first = try await group.next(), let value = first else { throw timedOut }
                return value
            }
        } catch let error as VarlinkClientError {
            throw failure(error)
        } catch {
            throw CommandFailure(error)
        }
    }

    var timedOut: CommandFailure {
        CommandFailure(
            .tryAgain, name: "Timeout",
            message: "the daemon did not answer within \(timeout.components.seconds) seconds; try again, or allow more with --timeout")
    }

    func failure(_ error: VarlinkClientError) -> CommandFailure {
        let failure = CommandFailure(error)
        guard case .cannotConnect = error else { return failure }
        if access(socket.path, W_OK) != 0, errno == EACCES {
            return CommandFailure(.noPermission, name: failure.name, message: failure.message)
        }
        guard !socket.absent.isEmpty else { return failure }
        let others = socket.absent.joined(separator: " and ")
        return CommandFailure(failure.status, name: failure.name, message: "\(failure.message) (there is none at \(others) either)")
    }
}
