import Synchronization

/// The connections that are open, each with the task that serves it, so that they can be told to stop.
final class OpenConnections: Sendable {
    private struct Table {
        var connections: [Int: (connection: ServerConnection, task: Task<Void, Never>)] = [:]
        var next = 0
        var stopping = false
    }

    private let limit: Int
    private let table = Mutex(Table())

    init(limit: Int) {
        self.limit = limit
    }

    /// Serves a connection; closes it at once when there are too many, or the server stops.
    func open(_ connection: ServerConnection) {
        table.withLock { table in
            guard table.connections.count < limit, !table.stopping else {
                connection.logger.warning("A connection is refused: \(table.connections.count) are open")
                Task { await connection.refuse() }
                return
            }
            table.next += 1
            let number = table.next
            let task = Task {
                await connection.serve()
                self.table.withLock { _ = $0.connections.removeValue(forKey: number) }
            }
            table.connections[number] = (connection, task)
        }
    }

    /// Lets each connection end its call, and takes no further one.
    func stop() {
        for connection in close().map(\.connection) { connection.stop() }
    }

    /// Ends each connection and what is being answered on it.
    func cancel() {
        for task in close().map(\.task) { task.cancel() }
    }

    func allEnded() async {
        while let task = table.withLock({ $0.connections.values.first?.task }) { await task.value }
    }

    private func close() -> [(connection: ServerConnection, task: Task<Void, Never>)] {
        table.withLock { table in
            table.stopping = true
            return Array(table.connections.values)
        }
    }
}
