// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Connections for looks, which are used by one at a time each.
final class PostgreSQLPool: Sendable {
    private struct State {
        var idle: [PostgreSQLSession]
        var waiting: [CheckedContinuation<PostgreSQLSession, Never>] = []
    }

    private let sessions: [PostgreSQLSession]
    private let state: Mutex<State>

    init(_ parameters: PostgreSQLParameters, count: Int) {
        sessions = (0..<count).map { _ in PostgreSQLSession(parameters, for: .looking) }
        state = Mutex(State(idle: sessions))
    }

    func perform<Result: Sendable>(
        _ body: @escaping @Sendable (PostgreSQLSession) throws -> Result
    ) async throws(GalleryError) -> Result {
        let session = await take()
        defer { give(session) }
        return try await session.perform(body)
    }

    /// Does the same on a session that nobody uses, if there is one now.
    ///
    /// - Returns: whether there is.
    func performIfIdle(
        _ body: @escaping @Sendable (PostgreSQLSession) throws -> Void,
        then end: @escaping @Sendable (Swift.Result<Void, GalleryError>) -> Void
    ) -> Bool {
        guard let session = state.withLock({ $0.idle.popLast() }) else { return false }
        Task {
            do throws(GalleryError) {
                end(.success(try await session.perform(body)))
            } catch {
                end(.failure(error))
            }
            give(session)
        }
        return true
    }

    func close() async {
        for session in sessions { await session.close() }
    }

    private func take() async -> PostgreSQLSession {
        await withCheckedContinuation { continuation in
            // The one that was used last: the others' connections are not even made while nobody needs them.
            let session = state.withLock { state in
                if state.idle.isEmpty { state.waiting.append(continuation) }
                return state.idle.popLast()
            }
            if let session { continuation.resume(returning: session) }
        }
    }

    private func give(_ session: PostgreSQLSession) {
        let next = state.withLock { state in
            if state.waiting.isEmpty {
                state.idle.append(session)
                return nil as CheckedContinuation<PostgreSQLSession, Never>?
            }
            return state.waiting.removeFirst()
        }
        next?.resume(returning: session)
    }
}
