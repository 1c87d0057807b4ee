import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

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
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton).bind(descriptor) { [limits] channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(MessageFraming(
                    limit: limits.maximumMessageBytes, budget: budget, timeout: TimeAmount(limits.messageTimeout)))
                return try NIOAsyncChannel<Frame, ByteBuffer>(
                    wrappingChannelSynchronously: channel,
                    configuration: .init(backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2)))
            }
        }
        let connections = OpenConnections(limit: limits.maximumConnections)
        whenListening()
        try await withTaskCancellationOrGracefulShutdownHandler {
            try await server.executeThenClose { accepted in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await channel in accepted {
                        let connection = ServerConnection(channel: channel, routes: routes, limits: limits, logger: logger)
                        guard let number = connections.add(connection) else {
                            logger.warning("A connection is refused: \(limits.maximumConnections) are open, which is the most")
                            try? await channel.executeThenClose { _, _ in }
                            continue
                        }
                        group.addTask {
                            await connection.serve()
                            connections.remove(number)
                        }
                    }
                }
            }
        } onCancelOrGracefulShutdown: {
            server.channel.close(promise: nil)
            connections.stop()
        }
    }
}

/// The connections that are open, so that they can be told to stop.
private final class OpenConnections: Sendable {
    private struct Table {
        var connections: [Int: ServerConnection] = [:]
        var next = 0
        var stopping = false
    }

    private let limit: Int
    private let table = Mutex(Table())

    init(limit: Int) {
        self.limit = limit
    }

    /// The number to remove it by; nil when there are too many, or the server stops.
    func add(_ connection: ServerConnection) -> Int? {
        table.withLock { table in
            guard table.connections.count < limit, !table.stopping else { return nil }
            table.next += 1
            table.connections[table.next] = connection
            return table.next
        }
    }

    func remove(_ number: Int) {
        table.withLock { _ = $0.connections.removeValue(forKey: number) }
    }

    func stop() {
        let open = table.withLock { table in
            table.stopping = true
            return table.connections.values.map { $0 }
        }
        for connection in open { connection.stop() }
    }
}
