// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// Why no call could be made or no reply came.
public enum VarlinkClientError: Error, Sendable, Hashable, CustomStringConvertible {
    case cannotConnect(path: String, reason: String)
    /// After the call was sent: whether it was taken is not known.
    case connectionClosed
    /// Before the call was taken: nothing has come of it, and it can be made again.
    case notTaken
    case badReply(String)

    public var description: String {
        switch self {
        case .cannotConnect(let path, let reason): "cannot reach a daemon at \(path): \(reason)"
        case .connectionClosed:
            "the daemon closed the connection before it answered; see whether it still runs, and its journal for why"
        case .notTaken:
            "the daemon closed the connection before it took the call; see whether it still runs, and its journal for why"
        case .badReply(let reason): "the daemon's answer is not understood: \(reason)"
        }
    }
}

/// A connection to a Varlink server. Calls made at once are answered in their order.
public final class VarlinkClient: Sendable {
    private let channel: any Channel
    private let replies: NIOLoopBound<ReplyHandler>

    private init(channel: any Channel, replies: NIOLoopBound<ReplyHandler>) {
        self.channel = channel
        self.replies = replies
    }

    /// - Parameter maximumMessageBytes: the longest reply that is taken.
    /// - Throws: ``VarlinkClientError/cannotConnect(path:reason:)``.
    public static func connect(unixPath: String, maximumMessageBytes: Int = 96 << 20) async throws -> VarlinkClient {
        do {
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(unixDomainSocketPath: unixPath) { client(on: $0, maximumMessageBytes) }
        } catch let error as IOError {
            let reason =
                switch error.errnoCode {
                case 2: "there is no such socket; is likenessd running?"
                case 111: "nobody listens on the socket; is likenessd running?"
                case 13: "permission to the socket is denied; ask the administrator to add you to its group"
                default: "\(error)"
                }
            throw VarlinkClientError.cannotConnect(path: unixPath, reason: reason)
        } catch {
            throw VarlinkClientError.cannotConnect(path: unixPath, reason: "\(error)")
        }
    }

    /// A client on a socket that is connected already.
    ///
    /// - Parameter descriptor: a Unix stream socket; it is the client's from now on.
    /// - Throws: ``VarlinkClientError/cannotConnect(path:reason:)``.
    public static func connect(
        descriptor: CInt, path: String, maximumMessageBytes: Int = 96 << 20
    ) async throws -> VarlinkClient {
        do {
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .withConnectedSocket(descriptor) { client(on: $0, maximumMessageBytes) }
        } catch {
            throw VarlinkClientError.cannotConnect(path: path, reason: "\(error)")
        }
    }

    private static func client(on channel: any Channel, _ maximumMessageBytes: Int) -> EventLoopFuture<VarlinkClient> {
        channel.eventLoop.makeCompletedFuture {
            let replies = ReplyHandler()
            try channel.pipeline.syncOperations.addHandlers(MessageFraming(limit: maximumMessageBytes), replies)
            return VarlinkClient(channel: channel, replies: NIOLoopBound(replies, eventLoop: channel.eventLoop))
        }
    }

    /// Calls a method and waits for its reply. Cancelling the task closes the connection, which is how Varlink abandons
    /// a call.
    /// - Throws: ``VarlinkError`` for an error reply, ``VarlinkClientError`` where none came.
    package func call<Method: VarlinkMethod>(_ call: Method) async throws -> Method.Reply {
        try await self.call(Method.name, call, returning: Method.Reply.self)
    }

    /// Calls a method that may send several replies. Ending the loop early closes the connection.
    package func stream<Method: VarlinkMethod>(_ call: Method) throws -> VarlinkReplies<Method.Reply> {
        try stream(Method.name, call, returning: Method.Reply.self)
    }

    /// The same of a method that there is no type for, by its qualified name.
    package func call<Parameters: Encodable & Sendable, Reply: Decodable & Sendable>(
        _ method: String, _ parameters: Parameters, returning type: Reply.Type
    ) async throws -> Reply {
        var first: Reply?
        // To the end of the stream: leaving it between the reply and its end would be taken for a cancellation, and
        // would close the connection.
        for try await reply in try replies(to: method, parameters, more: nil, as: type) { first = first ?? reply }
        guard let first else { throw VarlinkClientError.connectionClosed }
        return first
    }

    /// The same of a method that there is no type for, by its qualified name.
    package func stream<Parameters: Encodable & Sendable, Reply: Decodable & Sendable>(
        _ method: String, _ parameters: Parameters, returning type: Reply.Type
    ) throws -> VarlinkReplies<Reply> {
        try replies(to: method, parameters, more: true, as: type)
    }

    /// Calls a method without wanting to know how it ends: there is no reply, nor an error.
    /// - Throws: what keeps the call from being sent.
    package func send<Parameters: Encodable & Sendable>(_ method: String, _ parameters: Parameters) async throws {
        try await channel.writeAndFlush(
            MessageCoding.bytes(CallMessage(method: method, parameters: parameters, oneway: true)))
    }

    /// Who listens at the other end, by the kernel's word: to be asked before anything is sent that not everybody may
    /// see. Of a socket that a service manager opened it is the manager.
    /// - Throws: `IOError` with what the kernel says.
    public func serverCredentials() async throws -> PeerCredentials {
        try await channel.eventLoop.submit { [channel] in try PeerCredentials.ofPeer(of: channel) }.get()
    }

    public func close() async {
        try? await channel.close()
    }

    private func replies<Parameters: Encodable & Sendable, Reply: Decodable & Sendable>(
        to method: String, _ parameters: Parameters, more: Bool?, as type: Reply.Type
    ) throws -> VarlinkReplies<Reply> {
        let bytes = try MessageCoding.bytes(CallMessage(method: method, parameters: parameters, more: more))
        let (stream, continuation) = AsyncThrowingStream.makeStream(of: Reply.self)
        continuation.onTermination = { [channel] reason in
            if case .cancelled = reason { channel.close(promise: nil) }
        }
        let flow = ReplyFlow(channel: channel)
        let pending = ReplyHandler.Pending { result in
            do {
                let reply = try MessageCoding.decode(IncomingReply<Reply>.self, from: try result.get())
                switch reply.content {
                case .error(let error):
                    continuation.finish(throwing: error)
                    return true
                case .parameters(let parameters):
                    flow.arrived()
                    continuation.yield(parameters)
                    if reply.continues { return false }
                    continuation.finish()
                }
            } catch let error as DecodingError {
                continuation.finish(throwing: VarlinkClientError.badReply(error.parameterName))
            } catch {
                continuation.finish(throwing: error)
            }
            return true
        }
        channel.eventLoop.execute { [channel, replies] in
            guard replies.value.expect(pending, on: channel) else { return }
            channel.writeAndFlush(bytes).whenSuccess { replies.value.wasSent() }
        }
        return VarlinkReplies(stream: stream, flow: flow)
    }
}
