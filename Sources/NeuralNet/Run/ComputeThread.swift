// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Threads for the engine's work.
package enum ComputeThread {
    /// Deep enough for the matrix library, whatever the system's default.
    private static let stackBytes = 8 << 20

    /// Starts a thread with the process's own priority: Foundation's threads begin with the default one, whatever `nice` or
    /// a unit's `Nice=` has said.
    ///
    /// - Parameters:
    ///   - name: as `ps` shows it; Linux takes 15 bytes.
    ///   - niceness: by how much it is nicer than the process, as setpriority(2) counts.
    package static func start(_ name: String, niceness: Int32 = 0, _ body: @escaping @Sendable () -> Void) {
        let thread = Thread {
            // Linux takes the process's number for its first thread, and 0 for the calling one.
            let process = getpriority(priority, id_t(getpid()))
            setpriority(priority, 0, process + niceness)
            body()
        }
        thread.name = name
        thread.stackSize = stackBytes
        thread.start()
    }

    /// Whether the calling thread is nicer than the process.
    static var isNicer: Bool { getpriority(priority, 0) > getpriority(priority, id_t(getpid())) }

    private static var priority: __priority_which_t { __priority_which_t(PRIO_PROCESS.rawValue) }
}
