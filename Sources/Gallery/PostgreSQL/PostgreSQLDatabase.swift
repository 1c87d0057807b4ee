// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A gallery's tables in a PostgreSQL database, which several daemons may use at a time.
///
/// Changes of all of them run one after another: each begins by taking an advisory lock of the schema. A lock rather
/// than serialisable transactions, because every change renews the gallery's one summary and would be begun again for
/// ever; an advisory one rather than one on the summary's row, because it is also to be had while there is no such row.
/// With READ COMMITTED the statements after the lock see whatever was committed before it was had. Looks see one
/// snapshot (REPEATABLE READ) and wait for nobody.
final class PostgreSQLDatabase: SQLDatabase {
    /// How many looks go on at a time.
    private static let readers = 4
    /// How long the outcome of a commit is asked for, in seconds.
    private static let resolvingTime = 30.0

    let dialect = SQLDialect.postgres
    var name: String { parameters.description }
    let parameters: PostgreSQLParameters
    let maintenance: PostgreSQLSession
    let locks: PostgreSQLSession
    private let writer: PostgreSQLSession
    private let pool: PostgreSQLPool
    private let listener: PostgreSQLListener
    /// This store among all on the database.
    private let token = String(UInt64.random(in: .min ... .max), radix: 16)

    init(_ parameters: PostgreSQLParameters) {
        self.parameters = parameters
        writer = PostgreSQLSession(parameters, for: .changing)
        maintenance = PostgreSQLSession(parameters, for: .caring)
        locks = PostgreSQLSession(parameters, for: .locking)
        pool = PostgreSQLPool(parameters, count: Self.readers)
        listener = PostgreSQLListener(parameters, token: token)
    }

    /// Reaches the server, and listens from now on.
    func start() async throws(GalleryError) {
        try await writer.perform { _ = try $0.connected() }
        try await listener.start()
    }

    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws(GalleryError) -> Result {
        let token = token, mark = Int64.random(in: .min ... .max)
        do throws(GalleryError) {
            return try await writer.perform { session in
                let connection = try session.begin(Self.beginning)
                let transaction = PostgreSQLTransaction(
                    connection, server: try session.connected().server, token: token)
                let result: Result, isAnswered: Bool
                do {
                    result = try body(transaction)
                    isAnswered = try Self.commit(connection, marked: transaction.isChanging ? (token, mark) : nil)
                } catch {
                    session.rollBack()
                    throw error
                }
                if !isAnswered { try Self.resolve(token, mark, session) }
                return result
            }
        } catch {
            // A listener that was cut off no longer knows what has changed.
            if case .outcomeUnknown = error { listener.tellGap() }
            throw error
        }
    }

    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws(GalleryError) -> Result {
        let token = token
        return try await pool.perform { try Self.look($0, as: token, body) }
    }

    func readTogether<Result: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws(GalleryError) -> [Result] {
        guard count > 1 else { return [try await read(body)] }
        let followers = PostgreSQLFollowers<Result>()
        let first = try await read { [pool, token] transaction in
            // Once this transaction has ended, no other can begin with its state.
            defer { followers.waitUntilBegun() }
            guard let snapshot = try transaction.row("SELECT pg_export_snapshot()")?.text(0) else {
                throw GalleryError.storage(code: "?", reason: "the server exported no snapshot")
            }
            for _ in 1..<count {
                followers.start(on: pool) { session, begun in
                    try Self.look(session, as: token, of: snapshot) { transaction in
                        begun()
                        return try body(transaction)
                    }
                }
            }
            return try body(transaction)
        }
        return [first] + (try await followers.results())
    }

    /// - Parameter snapshot: the state to be seen; nil for that of now.
    private static func look<Result>(
        _ session: PostgreSQLSession, as token: String, of snapshot: String? = nil,
        _ body: (any SQLTransaction) throws -> Result
    ) throws -> Result {
        let connection = try session.begin { _ in
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
                + (snapshot.map { "; SET TRANSACTION SNAPSHOT '\($0)'" } ?? "")
        }
        do {
            let result = try body(
                PostgreSQLTransaction(connection, server: try session.connected().server, token: token))
            _ = try connection.runAsText("COMMIT")
            return result
        } catch {
            session.rollBack()
            throw error
        }
    }

    /// The files are the server's.
    func requireUndisturbed() async throws(GalleryError) {}

    func announcements() -> AsyncStream<String?> {
        listener.stream()
    }

    func close() async throws(GalleryError) {
        await listener.close()
        await pool.close()
        // Another store can have them at once, and not when the server has noticed.
        try? await locks.perform { session in
            if session.isConnected {
                _ = try session.connected().connection.runAsText("SELECT pg_advisory_unlock_all()")
            }
        }
        for session in [writer, maintenance, locks] { await session.close() }
    }

    // MARK: Commits

    private static func beginning(_ server: PostgreSQLServer) -> String {
        "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(\(LockKey.write.rawValue), \(LockKey.place(in: server)))"
    }

    /// - Parameter mark: left in the transaction to know it again by.
    /// - Returns: false when COMMIT was sent, and its answer never came.
    private static func commit(
        _ connection: PostgreSQLConnection, marked mark: (token: String, mark: Int64)?
    ) throws -> Bool {
        let leaving = mark.map { token, mark in
            """
            INSERT INTO commit_mark (store, mark, day) VALUES ('\(token)', \(mark), extract(epoch FROM now())::bigint / 86400)
                ON CONFLICT (store) DO UPDATE SET mark = excluded.mark, day = excluded.day;
            """
        }
        // Where the connection was lost before, COMMIT was not sent: everything is undone.
        guard !connection.isLost else {
            throw PostgreSQLFailure("the connection was lost amid the change", isConnectionLost: true)
        }
        let tag: String
        do {
            tag = try connection.runAsText((leaving ?? "") + "COMMIT").tag
        } catch let failure as PostgreSQLFailure where failure.isConnectionLost && mark != nil {
            return false
        }
        // A transaction in which a statement failed is rolled back by COMMIT, and that is no error to the server.
        guard tag == "COMMIT" else {
            throw PostgreSQLFailure(sqlState: "25P02", "a statement of the change failed", isConnectionLost: false)
        }
        return true
    }

    /// Finds out on another connection whether a change was stored: by the mark that it left, because the server's own
    /// number of a transaction (`pg_xact_status`) may be given again after a crash. When the lock of changes is had the
    /// transaction is over, whichever way.
    ///
    /// - Throws: ``GalleryError/unreachable(reason:)`` when it was not stored, or
    ///   ``GalleryError/outcomeUnknown(reason:)``.
    private static func resolve(_ token: String, _ mark: Int64, _ session: PostgreSQLSession) throws {
        let deadline = Date().addingTimeInterval(resolvingTime)
        while true {
            let last: Int64?
            do {
                let connection = try session.begin(beginning)
                last = try connection.run("SELECT mark FROM commit_mark WHERE store = ?", [.text(token)]).rows.first?
                    .integer(
                        0)
                session.rollBack()
            } catch {
                session.rollBack()
                guard Date() < deadline else {
                    throw GalleryError.outcomeUnknown(reason: (error as? PostgreSQLFailure)?.message ?? "\(error)")
                }
                Thread.sleep(forTimeInterval: 0.2)
                continue
            }
            guard last == mark else {
                throw GalleryError.unreachable(reason: "the connection was lost amid the change")
            }
            return
        }
    }
}
