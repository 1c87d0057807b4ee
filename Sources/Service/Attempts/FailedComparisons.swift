// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import Synchronization

/// How many comparisons have failed since the audit log was last told, by caller and identity: one entry stands for
/// many.
final class FailedComparisons: Sendable {
    private struct Pair: Hashable {
        let caller: UInt32
        let identity: IdentityName?
    }

    /// The most pairs that are told apart; what is beyond goes to the caller as a whole.
    private static let capacity = 4096

    private let counts = Mutex<[Pair: (actor: AuditActor, count: Int)]>([:])

    func note(_ actor: AuditActor, _ identity: IdentityName?) {
        counts.withLock { counts in
            var pair = Pair(caller: actor.user, identity: identity)
            if counts.count >= Self.capacity, counts[pair] == nil { pair = Pair(caller: actor.user, identity: nil) }
            counts[pair] = (actor, (counts[pair]?.count ?? 0) + 1)
        }
    }

    /// What the audit log is to be told, which is forgotten here.
    func take() -> [AuditEvent] {
        counts.withLock { counts in
            defer { counts = [:] }
            return counts.map { pair, entry in
                AuditEvent(
                    .failedComparisons, by: entry.actor, identity: pair.identity, result: "\(entry.count) failed")
            }
        }
    }
}
