// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Runs what may block for long, such as a look into a user database at the other end of a network, on threads of its
/// own, a few at a time: neither an event loop nor a thread that tasks share is held up by it.
public final class BlockingWork: Sendable {
    private struct State {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
    }

    private let limit: Int
    private let state = Mutex(State())

    /// - Parameter limit: the most threads, at least 1.
    public init(limit: Int) {
        self.limit = max(1, limit)
    }

    /// Runs the work once a thread is free, and returns what it returns.
    public func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            let job: @Sendable () -> Void = { continuation.resume(returning: work()) }
            let begins = state.withLock { state in
                guard state.running < limit else {
                    state.waiting.append(job)
                    return false
                }
                state.running += 1
                return true
            }
            if begins { Thread.detachNewThread { self.work(job) } }
        }
    }

    private func work(_ first: @Sendable () -> Void) {
        first()
        while let next = next() { next() }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst() }
            state.running -= 1
            return nil
        }
    }
}
