// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// Work of hours, on a thread of its own: the few threads of Swift's tasks are for what does not block.
public enum LongWork {
    public static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            ComputeThread.start("work") { continuation.resume(with: Result(catching: body)) }
        }
    }
}
