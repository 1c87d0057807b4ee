// SPDX-License-Identifier: Apache-2.0

import LikenessInterface

/// Some users and groups, by the numbers the kernel knows them by.
public struct AccessHolders: Sendable, Hashable {
    public var users: Set<UInt32>
    public var groups: Set<UInt32>

    public init(users: Set<UInt32> = [], groups: Set<UInt32> = []) {
        self.users = users
        self.groups = groups
    }

    var isEmpty: Bool { users.isEmpty && groups.isEmpty }

    func contains(user: UInt32, groups member: Set<UInt32>) -> Bool {
        users.contains(user) || !groups.isDisjoint(with: member)
    }
}

/// Who may do what.
///
/// Root and the daemon's own user may do everything.
public struct AccessPolicy: Sendable, Hashable {
    /// By role. Who is named for several has all of them.
    public var roles: [Role: AccessHolders]
    /// Those whose replies hold distances, scores and thresholds. They are apart from the roles: a caller who sees how
    /// near a probe was can change it step by step until it matches.
    public var score: AccessHolders
    /// Those who may name the user for whom they ask, whose failed comparisons are then counted.
    public var relay: AccessHolders
    /// Whether, while nobody has a role, everyone who can connect may do everything: a user's own daemon, whose socket
    /// is that user's alone.
    public var isOpenWhileEmpty: Bool

    public init(
        roles: [Role: AccessHolders] = [:], score: AccessHolders = AccessHolders(),
        relay: AccessHolders = AccessHolders(),
        isOpenWhileEmpty: Bool = false
    ) {
        self.roles = roles
        self.score = score
        self.relay = relay
        self.isOpenWhileEmpty = isOpenWhileEmpty
    }

    /// Whether nobody is named at all.
    var isEmpty: Bool { roles.values.allSatisfy(\.isEmpty) && score.isEmpty && relay.isEmpty }

    /// What a user has who is in these groups.
    package func grants(user: UInt32, groups member: Set<UInt32>) -> Grants {
        if isEmpty, isOpenWhileEmpty { return .everything }
        let named = roles.filter { $0.value.contains(user: user, groups: member) }.keys
        return Grants(
            roles: Set(named), score: score.contains(user: user, groups: member),
            relay: relay.contains(user: user, groups: member))
    }
}

/// What one caller may do.
package struct Grants: Sendable, Hashable {
    /// With those that they include; none for a caller who may call nothing.
    package let roles: Set<Role>
    /// Whether replies hold distances, scores and thresholds, and no lock-out holds.
    package let score: Bool
    /// Whether the caller may say for whom it asks.
    package let relay: Bool

    package init(roles: Set<Role>, score: Bool, relay: Bool) {
        self.roles = Set(Role.allCases.filter { role in roles.contains { $0.includes(role) } })
        self.score = score
        self.relay = relay
    }

    package static let everything = Grants(roles: [.admin], score: true, relay: true)
    package static let nothing = Grants(roles: [], score: false, relay: false)

    package func allows(_ needed: Role) -> Bool { roles.contains(needed) }

    /// Whether the caller may know who is enrolled. Others are told the same of somebody who is not.
    var knowsWhoIsEnrolled: Bool { allows(.enroll) || score }
}
