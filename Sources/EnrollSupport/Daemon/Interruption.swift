// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Synchronization

/// A wish, by ^C or SIGTERM, to end work that is made of steps: the step at hand is waited for a little, so that what
/// became of it is known, and no further one begins. The second signal does not wait.
public final class Interruption: Sendable {
    private struct State {
        var count = 0
        /// Ends the step at hand without its answer.
        var abandon: (@Sendable () -> Void)?
        /// Ends at once what is not worth waiting for.
        var end: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())
    private let grace: Duration

    /// - Parameter grace: how long the step at hand may still take.
    public init(grace: Duration = .seconds(3)) {
        self.grace = grace
    }

    public var isRequested: Bool { state.withLock { $0.count > 0 } }

    /// As a signal does.
    public func request() {
        let (isFirst, abandon) = state.withLock { state in
            state.count += 1
            state.end?()
            state.end = nil
            return (state.count == 1, state.abandon)
        }
        guard isFirst else {
            abandon?()
            return
        }
        Task { [grace] in
            try? await Task.sleep(for: grace)
            state.withLock { $0.abandon }?()
        }
    }

    /// Does one step.
    ///
    /// - Throws: what the step throws, and the failure that a step without its answer is.
    func step<Value: Sendable>(
        _ work: @escaping @Sendable () async throws(CommandFailure) -> Value
    ) async throws(CommandFailure) -> Value {
        let task = Task { () async -> Result<Value, CommandFailure> in
            do throws(CommandFailure) {
                return .success(try await work())
            } catch {
                return .failure(error)
            }
        }
        state.withLock { $0.abandon = { task.cancel() } }
        let result = await task.value
        state.withLock { $0.abandon = nil }
        guard case .failure = result, task.isCancelled else { return try result.get() }
        // Called as a lost connection is, for that is what became of it.
        throw CommandFailure(.interrupted, name: "ConnectionClosed", message: "interrupted before the answer came")
    }

    /// Does what the first signal ends at once.
    ///
    /// - Parameter end: does not wait, and is not called any more when this returns.
    func ending<Value>(
        by end: @escaping @Sendable () -> Void, during work: () async -> Value
    ) async -> Value {
        state.withLock { state in
            if state.count > 0 { end() } else { state.end = end }
        }
        let value = await work()
        state.withLock { $0.end = nil }
        return value
    }

    static let ended = CommandFailure(.interrupted, name: "Interrupted", message: "interrupted")

    /// What is told of a step that was not begun.
    static let notTried = CommandFailure(
        .interrupted, name: "Interrupted", message: "not tried, because of the interruption")
}

/// Hands ^C and SIGTERM to an interruption for as long as it exists.
public final class InterruptionSignals {
    private static let numbers = [SIGINT, SIGTERM]
    private let sources: [any DispatchSourceSignal]

    public init(_ interruption: Interruption) {
        sources = Self.numbers.map { number in
            // A source only hears of signals that do not end the process.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { interruption.request() }
            source.resume()
            return source
        }
    }

    deinit {
        for source in sources { source.cancel() }
        for number in Self.numbers { signal(number, SIG_DFL) }
    }
}
