// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// Waits for work that suspends, which libFuzzer's own thread does not.
package enum AsyncWork {
    package static func wait(_ work: @escaping @Sendable () async throws -> Void) throws {
        let end = DispatchSemaphore(value: 0)
        let failure = Failure()
        Task {
            do {
                try await work()
            } catch {
                failure.error.withLock { $0 = error }
            }
            end.signal()
        }
        end.wait()
        if let error = failure.error.withLock({ $0 }) { throw error }
    }

    private final class Failure: Sendable {
        let error = Mutex<(any Error)?>(nil)
    }
}
