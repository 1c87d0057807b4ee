// SPDX-License-Identifier: Apache-2.0

import CFiles

/// The host's clock.
public enum SystemClock {
    /// Whether something, such as NTP, keeps it right; nil where the kernel does not say.
    public static var isSynchronized: Bool? {
        switch likeness_clock_is_synchronized() {
        case 1: true
        case 0: false
        default: nil
        }
    }
}
