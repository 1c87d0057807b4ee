// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Transactions that read the state of another, which must not end before they have begun.
final class PostgreSQLFollowers<Value: Sendable>: Sendable {
    private struct Outcome {
        var hasBegun = false
        var value: Value?
    }

    private let started = Mutex(0)
    private let begun = DispatchSemaphore(value: 0)
    private let outcomes: AsyncStream<Result<Value?, GalleryError>>
    private let told: AsyncStream<Result<Value?, GalleryError>>.Continuation

    init() {
        (outcomes, told) = AsyncStream.makeStream()
    }

    /// Begins one on a connection that nobody uses, if there is one.
    ///
    /// - Parameter body: calls what it is given when it has begun. What fails before counts as not there.
    func start(
        on pool: PostgreSQLPool,
        _ body: @escaping @Sendable (PostgreSQLSession, _ begun: () -> Void) throws -> Value
    ) {
        let outcome = Reference(Outcome())
        let isStarted = pool.performIfIdle { [begun] session in
            let value = try body(session) {
                outcome.state.withLock { $0.hasBegun = true }
                begun.signal()
            }
            outcome.state.withLock { $0.value = value }
        } then: { [begun, told] result in
            let (hasBegun, value) = outcome.state.withLock { ($0.hasBegun, $0.value) }
            if !hasBegun { begun.signal() }
            told.yield(hasBegun ? result.map { value } : .success(nil))
        }
        if isStarted { started.withLock { $0 += 1 } }
    }

    /// Blocks until all that were started have begun or failed. To be called once.
    func waitUntilBegun() {
        for _ in 0..<started.withLock({ $0 }) { begun.wait() }
    }

    /// What those that have begun returned.
    func results() async throws(GalleryError) -> [Value] {
        let count = started.withLock { $0 }
        guard count > 0 else { return [] }
        // An unstructured task is not cancelled, after which there would be fewer values than are there.
        let all = await Task { [outcomes] in
            var all: [Result<Value?, GalleryError>] = []
            for await outcome in outcomes {
                all.append(outcome)
                if all.count == count { break }
            }
            return all
        }.value
        var values: [Value] = []
        for outcome in all {
            if let value = try outcome.get() { values.append(value) }
        }
        return values
    }

    private final class Reference: Sendable {
        let state: Mutex<Outcome>

        init(_ outcome: Outcome) {
            state = Mutex(outcome)
        }
    }
}
