// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Work that blocks, kept off the few threads of Swift's tasks: what it waits for may need those.
public enum OwnThread {
    public static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
        }
    }
}
