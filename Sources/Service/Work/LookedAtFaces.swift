// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Counts the faces that workers have begun to make ready for a call, which is known however the call ends.
package final class LookedAtFaces: Sendable {
    private let number = Atomic(0)

    package init() {}

    var count: Int { number.load(ordering: .relaxed) }

    func increment() { number.add(1, ordering: .relaxed) }
}
