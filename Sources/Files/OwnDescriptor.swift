// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A descriptor that is closed when the value is gone.
struct OwnDescriptor: ~Copyable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }
}
