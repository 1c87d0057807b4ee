import Foundation
import Varlink

/// Decides what a peer may do.
package struct AccessControl: Sendable {
    private let policy: AccessPolicy
    private let ownUser: UInt32
    private let membership = GroupMembership()

    package init(policy: AccessPolicy, ownUser: UInt32 = geteuid()) {
        self.policy = policy
        self.ownUser = ownUser
    }

    /// Whether the peer has the role. The groups are those of the peer's user and the one the peer ran with.
    package func allows(_ peer: PeerCredentials, _ role: Role) async -> Bool {
        if policy.isEmpty || peer.userID == 0 || peer.userID == ownUser { return true }
        if let granted = policy.role(ofUser: peer.userID, groups: [peer.groupID]), granted >= role { return true }
        guard !policy.groups.isEmpty else { return false }
        let granted = policy.role(ofUser: peer.userID, groups: await membership.groups(ofUser: peer.userID))
        return granted.map { $0 >= role } ?? false
    }
}
