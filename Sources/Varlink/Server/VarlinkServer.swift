import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// A Varlink server on a Unix socket.
///
/// Each connection's calls are answered in order; connections are independent. What a peer sends is bounded by
/// ``VarlinkLimits`` before it is kept. On graceful shutdown the server stops accepting, lets the calls that are
/// being answered end, and closes.
public struct VarlinkServer: Service {
    private let routes: CallRoutes
    private let address: VarlinkAddress
    private let limits: VarlinkLimits
    private let logger: Logger
    private let whenListening: @Sendable () -> Void

    /// - Parameter whenListening: called once, when peers can connect.
    /// - Throws: ``InterfaceDescriptionError`` when a handler's description is none.
    public init(
        configuration: VarlinkServerConfiguration, address: VarlinkAddress, handlers: [any VarlinkInterfaceHandler],
        logger: Logger, whenListening: @escaping @Sendable () -> Void = {}
    ) throws {
        routes = try CallRoutes(configuration: configuration, handlers: handlers)
        self.address = address
        limits = configuration.limits
        self.logger = logger
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

        let budget = BufferBudget(limit: limits.maximumBufferedBytes)
        let connections = OpenConnections(limit: limits.maximumConnections)
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { [routes, limits, logger] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(MessageFraming(
                        limit: limits.maximumMessageBytes, budget: budget, timeout: TimeAmount(limits.messageTimeout)))
                    let messages = try NIOAsyncChannel<Frame, ByteBuffer>(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2)))
                    connections.open(ServerConnection(channel: messages, routes: routes, limits: limits, logger: logger))
                }
            }
            .withBoundSocket(descriptor).get()
        whenListening()
        await withTaskCancellationHandler {
            await withGracefulShutdownHandler {
                try? await server.closeFuture.get()
                await connections.allEnded()
            } onGracefulShutdown: {
                server.close(promise: nil)
                connections.stop()
            }
        } onCancel: {
            server.close(promise: nil)
            connections.cancel()
        }
    }
}
