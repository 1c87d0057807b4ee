// SPDX-License-Identifier: Apache-2.0

import CPostgreSQL
import Foundation

/// One connection to a server, used by one thread at a time. Every statement is held to a time, after which the
/// connection counts as lost: nothing waits for ever for a server that is stopped or cut off.
final class PostgreSQLConnection {
    private static let maximumPrepared = 200

    private let connection: OpaquePointer
    /// Statements that the server has parsed, by their text.
    private var prepared: [String: String] = [:]
    private let timeout: Duration
    /// Whether nothing can be asked any more.
    private(set) var isLost = false

    /// - Parameter timeout: the most that a statement takes.
    /// - Throws: ``PostgreSQLFailure``, or ``GalleryError/unfit(database:reason:)``.
    init(_ parameters: PostgreSQLParameters, timeout: Duration) throws {
        let pairs = parameters.values.sorted { $0.key < $1.key }
        let keywords = pairs.map { strdup($0.key) }, values = pairs.map { strdup($0.value) }
        defer { for text in keywords + values { free(text) } }
        let made = PQconnectdbParams(
            keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 0)
        guard let made else { throw PostgreSQLFailure("there is no memory for a connection", isConnectionLost: true) }
        connection = made
        self.timeout = timeout
        guard PQstatus(made) == CONNECTION_OK else {
            isLost = true
            throw Self.failure(connecting: made)
        }
        likeness_pq_ignore_notices(made)
        guard PQsetnonblocking(made, 1) == 0 else { throw lost() }
        guard PQserverVersion(made) >= 130_000 else {
            throw GalleryError.unfit(
                database: parameters.description,
                reason: "the server is PostgreSQL \(PQserverVersion(made) / 10000), and 13 is needed")
        }
    }

    deinit {
        PQfinish(connection)
    }

    /// Runs a statement with `?` for its arguments, and keeps it prepared.
    func run(_ statement: String, _ arguments: [SQLValue] = []) throws -> PostgreSQLResult {
        let name = try prepare(statement)
        let sent = PostgreSQLArguments(arguments).withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(connection, name, count, values, lengths, formats, 1)
        }
        guard sent == 1 else { throw lost() }
        return try answer()
    }

    /// Runs statements without arguments, one after another; the answer is the last one's, with every column as text.
    func runAsText(_ statements: String) throws -> PostgreSQLResult {
        guard !isLost, PQsendQuery(connection, statements) == 1 else { throw lost() }
        return try answer()
    }

    // MARK: Listening

    /// Waits until the server has told something, or `wake` can be read.
    ///
    /// - Returns: the payloads of what was told.
    func notifications(wake: Int32) throws -> [String] {
        guard !isLost else { throw lost() }
        var found = told()
        if found.isEmpty {
            var polled = [
                pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0),
                pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
            ]
            guard polled[0].fd >= 0 else { throw lost() }
            while poll(&polled, 2, -1) < 0, errno == EINTR {}
            guard polled[0].revents == 0 || PQconsumeInput(connection) == 1 else { throw lost() }
            found = told()
        }
        return found
    }

    private func told() -> [String] {
        var found: [String] = []
        while let notification = PQnotifies(connection) {
            if let text = notification.pointee.extra { found.append(String(cString: text)) }
            PQfreemem(notification)
        }
        return found
    }

    // MARK: Steps

    private func prepare(_ statement: String) throws -> String {
        guard !isLost else { throw lost() }
        if let name = prepared[statement] { return name }
        if prepared.count >= Self.maximumPrepared {
            _ = try runAsText("DEALLOCATE ALL")
            prepared = [:]
        }
        let name = "s\(prepared.count)"
        // The server infers the types of the arguments from what they are compared with or written to.
        guard PQsendPrepare(connection, name, Self.numbered(statement), 0, nil) == 1 else { throw lost() }
        _ = try answer()
        prepared[statement] = name
        return name
    }

    /// The statement with `$1`, `$2`, … for every `?`.
    private static func numbered(_ statement: String) -> String {
        let parts = statement.split(separator: "?", omittingEmptySubsequences: false)
        return parts.dropFirst().enumerated().reduce(into: String(parts[0])) { text, part in
            text += "$\(part.offset + 1)\(part.element)"
        }
    }

    /// Takes the answers of everything that was sent, and returns the last one.
    private func answer() throws -> PostgreSQLResult {
        let deadline = ContinuousClock.now + timeout
        while case let left = PQflush(connection), left != 0 {
            guard left > 0 else { throw lost() }
            try wait(for: POLLIN | POLLOUT, until: deadline)
        }
        var last: PostgreSQLResult?, failure: (any Error)?
        while true {
            while PQisBusy(connection) != 0 { try wait(for: POLLIN, until: deadline) }
            guard let result = PQgetResult(connection) else { break }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
                do { last = try PostgreSQLResult(result) } catch { failure = failure ?? error }
            default:
                failure = failure ?? Self.failure(result)
            }
        }
        if PQstatus(connection) != CONNECTION_OK { isLost = true }
        if let failure = failure as? PostgreSQLFailure {
            if failure.isServerAbsent { isLost = true }
            throw PostgreSQLFailure(sqlState: failure.sqlState, failure.message, isConnectionLost: isLost)
        }
        if let failure { throw failure }
        guard let last, !isLost else { throw lost() }
        return last
    }

    private func wait(for events: Int32, until deadline: ContinuousClock.Instant) throws {
        var polled = pollfd(fd: PQsocket(connection), events: Int16(events), revents: 0)
        guard polled.fd >= 0 else { throw lost() }
        while true {
            let left = ContinuousClock.now.duration(to: deadline)
            guard left > .zero else { throw lost("the server did not answer within \(timeout.components.seconds) s") }
            let milliseconds = min(
                left.components.seconds * 1000 + left.components.attoseconds / 1_000_000_000_000_000 + 1, 60_000)
            let ready = poll(&polled, 1, Int32(milliseconds))
            if ready > 0 { break }
            guard ready == 0 || errno == EINTR else { throw lost(String(cString: strerror(errno))) }
        }
        if polled.revents & Int16(~POLLOUT) != 0, PQconsumeInput(connection) != 1 { throw lost() }
    }

    // MARK: Failures

    private func lost(_ reason: String? = nil) -> PostgreSQLFailure {
        isLost = true
        return PostgreSQLFailure(reason ?? String(cString: PQerrorMessage(connection)), isConnectionLost: true)
    }

    private static func failure(_ result: OpaquePointer) -> PostgreSQLFailure {
        let message =
            likeness_pq_message(result).map { String(cString: $0) }
            ?? PQresultErrorMessage(result).map { String(cString: $0) }
        return PostgreSQLFailure(
            sqlState: likeness_pq_sqlstate(result).map { String(cString: $0) }, message ?? "it failed without a word",
            isConnectionLost: false)
    }

    /// Why no connection was made. libpq tells no SQLSTATE of that: a refusal is known by its words.
    private static func failure(connecting connection: OpaquePointer) -> PostgreSQLFailure {
        let message = String(cString: PQerrorMessage(connection))
        let isDistrust = [
            "certificate verify failed", "root certificate file", "does not match host name", "does not support SSL",
        ]
        .contains(where: message.contains)
        if isDistrust { return PostgreSQLFailure(message, isConnectionLost: true, isDistrust: true) }
        let isRefusal = [
            "authentication failed", "no password supplied", "no pg_hba.conf entry", "does not exist",
            "permission denied",
        ]
        .contains { message.contains("FATAL") && message.contains($0) || message.contains("fe_sendauth") }
        return PostgreSQLFailure(sqlState: isRefusal ? "28000" : nil, message, isConnectionLost: true)
    }
}
