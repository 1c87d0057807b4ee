// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Work that is given up when it takes too long, whatever it hangs on: a folder of a server that is gone, say.
enum BoundedWork {
    /// What blocking work returns, done on a thread of its own, which is left behind when the time is over.
    ///
    /// - Returns: nil when it has not ended in time.
    static func onThread<Value: Sendable>(
        within limit: Duration, _ work: @escaping @Sendable () -> Value
    ) async -> Value? {
        let (values, taker) = AsyncStream.makeStream(of: Value.self)
        Thread.detachNewThread {
            taker.yield(work())
            taker.finish()
        }
        return await first(of: values, taker, within: limit)
    }

    /// The same of work that waits for others. It is cancelled when the time is over, and not waited for.
    static func task<Value: Sendable>(
        within limit: Duration, _ work: @escaping @Sendable () async -> Value
    ) async -> Value? {
        let (values, taker) = AsyncStream.makeStream(of: Value.self)
        let task = Task {
            taker.yield(await work())
            taker.finish()
        }
        defer { task.cancel() }
        return await first(of: values, taker, within: limit)
    }

    private static func first<Value: Sendable>(
        of values: AsyncStream<Value>, _ taker: AsyncStream<Value>.Continuation, within limit: Duration
    ) async -> Value? {
        let clock = Task {
            try? await Task.sleep(for: limit)
            taker.finish()
        }
        defer { clock.cancel() }
        for await value in values { return value }
        return nil
    }
}
