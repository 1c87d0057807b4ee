// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Runs changes one after the other, in the order in which they were asked for, each to its end.
///
/// An actor would let the next change in while one waits for the disk, and would let memory and disk disagree
/// in the order of two changes.
final class SerialQueue: Sendable {
    private let last = Mutex<Task<Void, Never>?>(nil)

    /// The change is a task of its own, so that it ends even when the one that asked for it is cancelled.
    func run<Value: Sendable, Failure: Error>(
        _ change: @escaping @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let task = last.withLock { last in
            let task = Task { [previous = last] () -> Result<Value, Failure> in
                await previous?.value
                do throws(Failure) {
                    return .success(try await change())
                } catch {
                    return .failure(error)
                }
            }
            last = Task { _ = await task.value }
            return task
        }
        return try await task.value.get()
    }
}
