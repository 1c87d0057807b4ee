// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The terminal that this process was started from.
public enum ControllingTerminal {
    /// Whether there is one; a terminal that was closed is there no more (`tty(4)`).
    public static var isThere: Bool {
        let descriptor = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }
}
