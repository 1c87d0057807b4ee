// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Varlink

extension DaemonClient {
    /// Calls a method that sends many replies and hands each to `body` before the next is taken. ``timeout`` bounds the
    /// wait for each of them, not that for all.
    package func follow<Method: VarlinkMethod>(
        _ call: Method, _ body: (Method.Reply) async throws -> Void
    ) async throws(CommandFailure) {
        let watch = SilenceWatch()
        do {
            let client = try await connect()
            do {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    defer { group.cancelAll() }
                    group.addTask { [timeout] in
                        try await watch.waitForSilence(of: timeout)
                        // Ends the stream for its reader.
                        await client.close()
                    }
                    for try await reply in try client.stream(call) {
                        try await watch.pause { try await body(reply) }
                    }
                }
                await client.close()
            } catch {
                await client.close()
                throw error
            }
        } catch {
            if watch.isOver { throw timedOut }
            throw failure(error, calling: Self.role(of: call))
        }
    }
}

/// Tells when nothing has been heard for too long.
private final class SilenceWatch: Sendable {
    private struct State {
        var since = ContinuousClock.now
        var isPaused = false
        var isOver = false
    }

    private let state = Mutex(State())

    var isOver: Bool { state.withLock { $0.isOver } }

    /// Returns when it has been silent for so long, outside pauses.
    func waitForSilence(of limit: Duration) async throws {
        while true {
            let rest = state.withLock { state -> Duration in
                if state.isPaused { return limit }
                let rest = limit - state.since.duration(to: .now)
                if rest <= .zero { state.isOver = true }
                return rest
            }
            guard rest > .zero else { return }
            try await Task.sleep(for: rest)
        }
    }

    /// Does what is no silence, though nothing is heard meanwhile.
    func pause(_ body: () async throws -> Void) async rethrows {
        state.withLock { $0.isPaused = true }
        defer {
            state.withLock { state in
                state.isPaused = false
                state.since = .now
            }
        }
        try await body()
    }
}
