// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization

/// Which users this host has an account of, as its databases say (getpwuid(3)).
///
/// A user with subordinate ids (subuid(5)) can call as thousands of users that keep his groups: they are no accounts,
/// and a group gives them nothing. The answers are kept for a while, since a database may be at the other end of a
/// network.
package final class Accounts: Sendable {
    private static let lifetime = Duration.seconds(60)
    private static let capacity = 4096
    private static let maximumRecordBytes = 1 << 20

    private let known = Mutex<[UInt32: (isAccount: Bool, until: ContinuousClock.Instant)]>([:])

    package init() {}

    package func contains(_ user: UInt32) -> Bool {
        let now = ContinuousClock.now
        if let entry = known.withLock({ $0[user] }), entry.until > now { return entry.isAccount }
        let isAccount = Self.lookUp(user)
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll() }
            known[user] = (isAccount, now.advanced(by: Self.lifetime))
        }
        return isAccount
    }

    private static func lookUp(_ user: UInt32) -> Bool {
        var size = 1024
        while size <= maximumRecordBytes {
            var text = [CChar](repeating: 0, count: size)
            var account = passwd()
            var found: UnsafeMutablePointer<passwd>?
            guard getpwuid_r(user, &account, &text, size, &found) == ERANGE else { return found != nil }
            size *= 4
        }
        return false
    }
}
