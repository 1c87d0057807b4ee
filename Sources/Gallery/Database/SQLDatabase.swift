// SPDX-License-Identifier: Apache-2.0

/// A database that keeps a gallery: transactions, and nothing about what they hold.
///
/// Statements are written once for all databases: standard SQL, `?` for an argument, and no `?` anywhere else.
package protocol SQLDatabase: Sendable {
    /// What differs from one database to the other.
    var dialect: SQLDialect { get }
    /// What messages call it: a path, or a connection without its password.
    var name: String { get }

    /// One transaction that changes something. It runs alone among changes, sees what those before it left, runs to its
    /// end even if the task that asked for it is cancelled, and is on the disk when the call returns.
    ///
    /// - Parameter body: An error that it throws undoes all of it.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws(GalleryError) -> Result

    /// One transaction that only reads, and sees one committed state throughout. It never waits for a change.
    func read<Result: Sendable>(
        _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws(GalleryError) -> Result

    /// The same several times at once, on connections and threads of their own that all see one and the same committed
    /// state. Each call takes of the work what no other has taken.
    ///
    /// - Parameter count: how many, at the most; a database that has no more connections to spare makes fewer.
    /// - Returns: what the calls returned, of which there is one at least.
    func readTogether<Result: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (any SQLTransaction) throws -> Result
    ) async throws(GalleryError) -> [Result]

    /// - Throws: ``GalleryError/disturbed(path:_:)`` where somebody else has moved, replaced or changed the database's
    ///   files, as far as that can be known. From then on every change throws it too.
    func requireUndisturbed() async throws(GalleryError)

    /// Overwrites what was removed wherever the database still has a copy of it, as in a log, as far as the database
    /// can. It is no failure when something stands in the way: the next call does it.
    func forgetRemoved() async

    /// Finds what is wrong with the database's own structure, in words; empty when it is whole.
    func structuralDamage() async throws(GalleryError) -> [String]

    /// Writes a consistent copy of the whole database to a file, which is made with mode 0600, while changes go on.
    ///
    /// - Throws: ``GalleryError/notSupported(_:)`` where the database has better means of its own.
    func copy(to path: String) async throws(GalleryError)

    /// What other processes ``SQLTransaction/announce(_:)`` on the same database, from when the stream is asked for on.
    /// Nil stands for a gap: the connection was lost, and something may have been missed. A database that one process
    /// holds alone has none.
    func announcements() -> AsyncStream<String?>

    /// Takes a lock among all processes on the database, which ends with this process at the latest. Where it hangs on
    /// a connection it ends with that one: a process that has the lock for long asks for it again from time to time,
    /// and stops when it is not had.
    ///
    /// - Returns: whether this process has it now; false when another process has.
    func takeLock(_ name: SQLLockName) async throws(GalleryError) -> Bool
    func releaseLock(_ name: SQLLockName) async throws(GalleryError)

    /// Lets the database go. Every later call throws ``GalleryError/closed``.
    func close() async throws(GalleryError)
}

/// A lock among processes.
package enum SQLLockName: String, Sendable, Hashable, CaseIterable {
    /// Held by the process that embeds the samples of a building generation.
    case rotation
    /// Held by the process that replaces the data key.
    case rekey
}

/// What a transaction works with. It is used by the transaction's own thread, until its end.
package protocol SQLTransaction {
    var dialect: SQLDialect { get }

    /// Runs one statement, and returns how many rows it changed.
    @discardableResult
    func execute(_ statement: String, _ arguments: [SQLValue]) throws -> Int

    /// Every row that a statement answers with.
    func rows(_ statement: String, _ arguments: [SQLValue]) throws -> [SQLRow]

    /// Calls for every row that a statement answers with.
    func forEachRow(_ statement: String, _ arguments: [SQLValue], _ body: (SQLRow) throws -> Void) throws

    /// Tells other processes on the database, once the transaction is committed and only then.
    func announce(_ text: String) throws
}

extension SQLTransaction {
    package func forEachRow(_ statement: String, _ arguments: [SQLValue], _ body: (SQLRow) throws -> Void) throws {
        for row in try rows(statement, arguments) { try body(row) }
    }

    @discardableResult
    package func execute(_ statement: String) throws -> Int {
        try execute(statement, [])
    }

    package func rows(_ statement: String) throws -> [SQLRow] {
        try rows(statement, [])
    }

    package func row(_ statement: String, _ arguments: [SQLValue] = []) throws -> SQLRow? {
        try rows(statement, arguments).first
    }
}

/// The databases there are.
package enum SQLDialect: Sendable, Hashable {
    case sqlite
    case postgres
}
