// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Date {
    /// Whole seconds since 1970; for a time further off than an integer can tell, one as far as it can nearly tell.
    package var wholeSeconds: Int64 {
        Int64(min(max(timeIntervalSince1970, -9e18), 9e18))
    }
}
