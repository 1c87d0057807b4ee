// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The number of files and sockets that this process may hold open.
public enum DescriptorLimit {
    /// Raises the soft limit to `count` when it is lower, as far as the hard limit goes.
    ///
    /// - Returns: The soft limit in force.
    @discardableResult
    public static func raise(to count: Int) -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        let wanted = min(rlim_t(clamping: count), limit.rlim_max)
        if limit.rlim_cur < wanted {
            var raised = rlimit(rlim_cur: wanted, rlim_max: limit.rlim_max)
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
