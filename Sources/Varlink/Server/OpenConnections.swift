// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The connections that are open, each with the task that serves it, so that they can be told to stop.
final class OpenConnections: Sendable {
    private struct Table {
        var connections: [Int: (connection: ServerConnection, task: Task<Void, Never>)] = [:]
        var shares: ConnectionShares
        var next = 0
        var stopping = false
    }

    private let table: Mutex<Table>

    init(shares: ConnectionShares) {
        table = Mutex(Table(shares: shares))
    }

    /// Finds a place for a peer's connection and serves it, on the terms of the place.
    /// - Returns: false where there is none, or the server stops: then the connection is to be closed.
    func open(
        _ peer: PeerCredentials, _ standing: PeerStanding, _ make: (ConnectionTerms) throws -> ServerConnection
    ) rethrows -> Bool {
        try table.withLock { table in
            guard !table.stopping, let slot = table.shares.enter(peer.userID, standing) else { return false }
            let connection: ServerConnection
            do {
                connection = try make(slot.terms)
            } catch {
                table.shares.leave(slot)
                throw error
            }
            table.next += 1
            let number = table.next
            let task = Task {
                await connection.serve()
                self.table.withLock { table in
                    table.connections[number] = nil
                    table.shares.leave(slot)
                }
            }
            table.connections[number] = (connection, task)
            return true
        }
    }

    /// A place for a peer whose standing is asked for; nil where there is none.
    func wait(_ peer: PeerCredentials) -> ConnectionShares.Slot? {
        table.withLock { $0.stopping ? nil : $0.shares.wait(peer.userID) }
    }

    func leave(_ place: ConnectionShares.Slot) { table.withLock { $0.shares.leave(place) } }

    var isStopping: Bool { table.withLock { $0.stopping } }

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
