// SPDX-License-Identifier: Apache-2.0

import Foundation
import Synchronization
import Varlink

/// Decides what a peer may do.
package final class AccessControl: Sendable {
    private let policy: Mutex<AccessPolicy>
    private let ownUser: UInt32
    let accounts: Accounts

    package init(policy: AccessPolicy, ownUser: UInt32 = geteuid(), users: UserDatabase = .host) {
        self.policy = Mutex(policy)
        self.ownUser = ownUser
        accounts = Accounts(users)
    }

    /// Decides by another policy from now on, on the connections that are open too.
    func use(_ policy: AccessPolicy) {
        self.policy.withLock { $0 = policy }
    }

    /// What the peer may do. The groups are those that the peer's process had when it connected, so that one that has
    /// given a group up has not its role. They count for users with an account alone (``Accounts``), since failures and
    /// shares are counted by user.
    package func grants(of peer: PeerCredentials) async -> Grants {
        let (own, all) = possibleGrants(of: peer)
        if own == all { return all }
        return await accounts.contains(peer.userID) ? all : own
    }

    /// The same without a look into a user database; nil where one is needed.
    package func knownGrants(of peer: PeerCredentials) -> Grants? {
        let (own, all) = possibleGrants(of: peer)
        return own == all ? all : accounts.knownToContain(peer.userID).map { $0 ? all : own }
    }

    /// What the peer has as a user, and with its groups.
    private func possibleGrants(of peer: PeerCredentials) -> (own: Grants, all: Grants) {
        if isPrivileged(peer) { return (.everything, .everything) }
        let policy = policy.withLock { $0 }
        return (
            policy.grants(user: peer.userID, groups: []),
            policy.grants(user: peer.userID, groups: Set(peer.groups).union([peer.groupID]))
        )
    }

    /// Whether the peer is root or the daemon's own user.
    package func isPrivileged(_ peer: PeerCredentials) -> Bool {
        peer.userID == 0 || peer.userID == ownUser
    }
}
