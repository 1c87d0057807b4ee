// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A connection that is made when it is first needed, and again when it is needed after it was lost, with a thread of
/// its own for what blocks.
///
/// Unchecked, because everything that changes is touched on the queue alone.
final class PostgreSQLSession: @unchecked Sendable {
    let parameters: PostgreSQLParameters
    private let use: PostgreSQLServer.Use
    private let queue: DispatchQueue
    private var connection: PostgreSQLConnection?
    private var server: PostgreSQLServer?
    private var isClosed = false

    init(_ parameters: PostgreSQLParameters, for use: PostgreSQLServer.Use) {
        self.parameters = parameters
        self.use = use
        queue = DispatchQueue(label: "gallery.postgresql.\(use)")
    }

    /// Runs blocking work on the session's thread. It is not cancelled with the task that waits for it.
    func perform<Result: Sendable>(
        _ body: @escaping @Sendable (PostgreSQLSession) throws -> Result
    ) async throws(GalleryError) -> Result {
        let result: Swift.Result<Result, GalleryError> = await withCheckedContinuation { continuation in
            queue.async { [self] in
                do {
                    guard !isClosed else { throw GalleryError.closed }
                    continuation.resume(returning: .success(try body(self)))
                } catch {
                    continuation.resume(returning: .failure(GalleryError(error, database: parameters.description)))
                }
            }
        }
        return try result.get()
    }

    /// Ends the connection, and with it everything that it holds on the server, after what is under way.
    func close() async {
        await withCheckedContinuation { continuation in
            queue.async { [self] in
                isClosed = true
                connection = nil
                continuation.resume()
            }
        }
    }

    // MARK: On the session's thread

    /// Whether there is a connection, as far as is known.
    var isConnected: Bool { connection?.isLost == false }

    /// The connection, made if there is none.
    func connected() throws -> (connection: PostgreSQLConnection, server: PostgreSQLServer) {
        if let connection, let server, !connection.isLost { return (connection, server) }
        connection = nil
        let made = try PostgreSQLConnection(parameters, timeout: use.timeout)
        let server = try PostgreSQLServer.introduce(made, for: use)
        try server.requireFitness(database: parameters.description)
        connection = made
        self.server = server
        return (made, server)
    }

    /// Begins something with the first statements of it, which change nothing that could not be done again: where they
    /// find that the connection has been lost since it was last used, as when the server was restarted, they are run on
    /// another.
    func begin(_ statements: (PostgreSQLServer) -> String) throws -> PostgreSQLConnection {
        let isFresh = !isConnected
        let (connection, server) = try connected()
        do {
            _ = try connection.runAsText(statements(server))
            return connection
        } catch let failure as PostgreSQLFailure where failure.isConnectionLost && !isFresh {
            return try begin(statements)
        } catch {
            // A transaction that has begun and waited for its lock in vain.
            rollBack()
            throw error
        }
    }

    /// Undoes the transaction. A connection on which that fails is not used again: the server undoes it when it ends.
    func rollBack() {
        guard let connection, !connection.isLost, (try? connection.runAsText("ROLLBACK")) != nil else {
            self.connection = nil
            return
        }
    }
}
