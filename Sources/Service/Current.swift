// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What holds now. A reload puts another in its place, which holds for whatever begins from then on.
public final class Current<Value: Sendable>: Sendable {
    private let current: Mutex<Value>

    public init(_ value: Value) {
        current = Mutex(value)
    }

    public var value: Value { current.withLock { $0 } }

    public func use(_ value: Value) {
        current.withLock { $0 = value }
    }
}

package typealias CurrentConfiguration = Current<ServiceConfiguration>
