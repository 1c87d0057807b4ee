// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The configuration that holds now. A reload puts another in its place, which holds for whatever begins from then on.
package final class CurrentConfiguration: Sendable {
    private let current: Mutex<ServiceConfiguration>

    package init(_ configuration: ServiceConfiguration) {
        current = Mutex(configuration)
    }

    package var value: ServiceConfiguration { current.withLock { $0 } }

    func use(_ configuration: ServiceConfiguration) {
        current.withLock { $0 = configuration }
    }
}
