// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Synchronization

/// The values of a function at 0..<count, in order, computed on all cores.
func concurrentMap<Value: Sendable>(_ count: Int, _ value: @Sendable (Int) -> Value) -> [Value] {
    guard count > 1 else { return (0..<count).map(value) }
    let values = Mutex<[Value?]>(Array(repeating: nil, count: count))
    DispatchQueue.concurrentPerform(iterations: count) { index in
        let found = value(index)
        values.withLock { $0[index] = found }
    }
    return values.withLock { $0.compactMap(\.self) }
}
