// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Synchronization

/// Counts what was accepted and is not finished, and lets no more in once the service stops.
final class Admission: Sendable {
    private struct State {
        var active = 0
        var stopping = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    var isStopping: Bool { state.withLock { $0.stopping } }

    /// Runs work that a stop waits for.
    ///
    /// - Throws: ``ServiceFailure/stopping`` without having begun, or what the work throws.
    func admit<Value>(_ work: () async throws -> Value) async throws -> Value {
        let isAdmitted = state.withLock { state in
            guard !state.stopping else { return false }
            state.active += 1
            return true
        }
        guard isAdmitted else { throw ServiceFailure.stopping }
        defer { leave() }
        return try await work()
    }

    /// Lets nothing more in, and returns when everything that was is done.
    func stop() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.stopping = true
                if state.active > 0 { state.waiters.append(continuation) }
                return state.active == 0
            }
            if isIdle { continuation.resume() }
        }
    }

    private func leave() {
        let waiters = state.withLock { state in
            state.active -= 1
            guard state.active == 0 else { return [CheckedContinuation<Void, Never>]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.resume() }
    }
}
