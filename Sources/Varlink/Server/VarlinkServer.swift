// SPDX-License-Identifier: Apache-2.0

import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// A Varlink server on a Unix socket.
///
/// Each connection's calls are answered in order; connections are independent. What a peer sends is bounded by
/// ``VarlinkLimits`` before it is kept, and so is what one user's connections may take of what there is for all. On
/// graceful shutdown the server stops accepting, lets the calls that are being answered end, and closes.
public struct VarlinkServer: Service {
    private let routes: CallRoutes
    private let address: VarlinkAddress
    private let limits: VarlinkLimits
    private let logger: Logger
    private let standing: @Sendable (PeerCredentials) -> PeerStanding?
    private let askStanding: @Sendable (PeerCredentials) async -> PeerStanding
    private let denial: @Sendable (PeerCredentials) -> VarlinkError
    private let whenListening: @Sendable () -> Void

    /// - Parameters:
    ///   - standing: tells how much of the server a peer may take, when it connects; nil where that has to be asked. It is
    ///     called on an event loop and must not block.
    ///   - askStanding: tells it where `standing` cannot, and may take as long as it needs: other peers are not held up.
    ///   - denial: what a peer of unknown standing is told whose call is too long to be looked at.
    ///   - whenListening: called once, when peers can connect.
    /// - Throws: ``InterfaceDescriptionError`` when a handler's description is none.
    public init(
        configuration: VarlinkServerConfiguration, address: VarlinkAddress, handlers: [any VarlinkInterfaceHandler],
        logger: Logger, standing: @escaping @Sendable (PeerCredentials) -> PeerStanding? = { _ in .admitted },
        askStanding: @escaping @Sendable (PeerCredentials) async -> PeerStanding = { _ in .unknown },
        denial: @escaping @Sendable (PeerCredentials) -> VarlinkError = { _ in .permissionDenied },
        whenListening: @escaping @Sendable () -> Void = {}
    ) throws {
        routes = try CallRoutes(configuration: configuration, handlers: handlers)
        self.address = address
        limits = configuration.limits
        self.logger = logger
        self.standing = standing
        self.askStanding = askStanding
        self.denial = denial
        self.whenListening = whenListening
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for.
    /// - Throws: ``ListeningError`` when the socket cannot be opened.
    public func run() async throws {
        let descriptor: Int32
        switch address {
        case .unixPath(let path, let mode): descriptor = try ListeningSocket.open(path: path, mode: mode)
        case .inheritedDescriptor(let inherited): descriptor = inherited
        }
        defer { if case .unixPath(let path, _) = address { ListeningSocket.remove(path: path) } }

        let memory = FreedMemory()
        let budget = BufferBudget(
            limit: limits.maximumBufferedBytes, limitPerUser: limits.bufferedBytesPerUser,
            reserved: limits.reservedBytes
        ) { memory.gaveBack(before: $0, used: $1) }
        let connections = OpenConnections(
            shares: ConnectionShares(limit: limits.maximumConnections, limitPerUser: limits.maximumConnectionsPerUser))
        let lines = ConnectionLines(logger: logger)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelInitializer { [logger] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptFailures(logger: logger))
                }
            }
            // Read when a call is asked for, one buffer at a time; written to when the peer has ended its own side.
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in take(channel, budget, connections, lines) }
            .withBoundSocket(descriptor).get()
        whenListening()
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                try? await server.closeFuture.get()
                await connections.allEnded()
            } onGracefulShutdown: {
                // First the socket: whoever connects again when his connection ends is for the next server to answer.
                server.closeFuture.whenComplete { _ in connections.stop() }
                server.close(promise: nil)
            }
        } onCancel: {
            server.close(promise: nil)
            connections.cancel()
        }
    }

    /// Opens a connection once it is known what its peer may take.
    private func take(
        _ channel: any Channel, _ budget: BufferBudget, _ connections: OpenConnections, _ lines: ConnectionLines
    ) -> EventLoopFuture<Void> {
        let peer: PeerCredentials
        do {
            peer = try PeerCredentials.ofPeer(of: channel)
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
        let known = standing(peer)
        guard known == nil, let place = connections.wait(peer) else {
            // Where as many wait as may, the rest is served as those are of whom nothing is known.
            return channel.eventLoop.makeCompletedFuture {
                try open(channel, peer, known ?? .unknown, budget, connections, lines)
            }
        }
        return channel.eventLoop.makeFutureWithTask { await askStanding(peer) }.flatMapThrowing { standing in
            connections.leave(place)
            try open(channel, peer, standing, budget, connections, lines)
        }
    }

    private func open(
        _ channel: any Channel, _ peer: PeerCredentials, _ standing: PeerStanding, _ budget: BufferBudget,
        _ connections: OpenConnections, _ lines: ConnectionLines
    ) throws {
        let isOpen = try connections.open(peer, standing) { terms in
            let reader = CallReader(
                buffer: MessageBuffer(
                    limit: limits.maximumMessageBytes,
                    keptLimit: terms == .served ? nil : limits.maximumBriefMessageBytes,
                    budget: budget, user: standing == .privileged ? nil : peer.userID),
                messageTimeout: limits.messageTimeout, idleTimeout: limits.idleTimeout)
            try channel.pipeline.syncOperations.addHandler(reader)
            return ServerConnection(
                channel: channel, reader: NIOLoopBound(reader, eventLoop: channel.eventLoop), peer: peer, terms: terms,
                routes: routes,
                limits: limits, denial: denial, lines: lines)
        }
        if !isOpen {
            if !connections.isStopping { lines.turnAway(peer) }
            channel.close(promise: nil)
        }
    }
}
