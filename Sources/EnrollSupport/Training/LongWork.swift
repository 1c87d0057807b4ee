// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Work of hours, on a thread of its own: the few threads of Swift's tasks are for what does not block.
public enum LongWork {
    private static let stackBytes = 8 << 20

    public static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread { continuation.resume(with: Result(catching: body)) }
            thread.stackSize = stackBytes
            thread.start()
        }
    }
}
