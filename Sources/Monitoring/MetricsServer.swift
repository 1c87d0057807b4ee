// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Varlink

/// Answers `GET /metrics` on a Unix socket, in Prometheus' text format.
///
/// Each connection has one request and one reply, within ten seconds; connections beyond ``maximumConnections`` are
/// closed. Peers who may not read have a few places of their own, for a second each.
public struct MetricsServer: Service {
    public static let maximumConnections = 16
    private static let maximumStrangers = 4

    private let path: String
    private let descriptor: Int32
    private let mayRead: @Sendable (PeerCredentials) async -> Bool
    private let text: @Sendable () async -> String
    private let logger: Logger

    /// Opens the socket; ``run()`` answers at it.
    ///
    /// - Parameters:
    ///   - path: the socket's, absolute.
    ///   - mode: its permission bits.
    ///   - mayRead: whether a peer may read.
    ///   - text: what is answered, made for each request.
    /// - Throws: ``ListeningError`` when the socket cannot be opened.
    public init(
        path: String, mode: UInt32, logger: Logger, mayRead: @escaping @Sendable (PeerCredentials) async -> Bool,
        text: @escaping @Sendable () async -> String
    ) throws {
        descriptor = try ListeningSocket.open(path: path, mode: mode)
        self.path = path
        self.logger = logger
        self.mayRead = mayRead
        self.text = text
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for.
    public func run() async throws {
        defer { ListeningSocket.remove(path: path) }
        let readers = OpenRequests(limit: Self.maximumConnections),
            strangers = OpenRequests(limit: Self.maximumStrangers),
            waiting = OpenRequests(limit: 4 * Self.maximumConnections)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                // Whoever waits to be known takes no other's place, and holds nobody up.
                guard waiting.begin() else {
                    channel.close(promise: nil)
                    return channel.eventLoop.makeSucceededVoidFuture()
                }
                return channel.eventLoop.makeFutureWithTask {
                    await mayRead(try PeerCredentials.ofPeer(of: channel))
                }.always { _ in waiting.end() }.flatMapThrowing { try accept(channel, $0, readers, strangers) }
            }
            .withBoundSocket(descriptor).get()
        logger.notice("Metrics are read at \(path)")
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                try? await server.closeFuture.get()
            } onGracefulShutdown: {
                server.close(promise: nil)
            }
        } onCancel: {
            server.close(promise: nil)
        }
    }

    private func accept(
        _ channel: any Channel, _ isAllowed: Bool, _ readers: OpenRequests, _ strangers: OpenRequests
    ) throws {
        let open = isAllowed ? readers : strangers
        guard open.begin() else { return channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in open.end() }
        let deadline = channel.eventLoop.scheduleTask(in: .seconds(isAllowed ? 10 : 1)) { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in deadline.cancel() }
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: true)
        try channel.pipeline.syncOperations.addHandler(MetricsReplies(isAllowed: isAllowed, text: text))
    }
}
