/// What a caller may do. A role includes those before it.
public enum Role: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Compare: Verify, Identify, and ask for the daemon's status.
    case verify
    /// Also change and see who is enrolled: Enroll, Remove, List, Describe.
    case enrol
    /// Also the rest of the interface for administration.
    case admin

    public static func < (first: Role, second: Role) -> Bool {
        rank(first) < rank(second)
    }

    private static func rank(_ role: Role) -> Int {
        switch role {
        case .verify: 0
        case .enrol: 1
        case .admin: 2
        }
    }
}

/// Who has which role, by the numbers the kernel knows callers by.
///
/// Root and the daemon's own user have every role. Where nothing is stated, so has everybody who may connect:
/// the permissions of the socket are then the gate.
public struct AccessPolicy: Sendable, Hashable {
    /// By user id.
    public var users: [UInt32: Role]
    /// By group id; it holds for members by their primary group and by any other.
    public var groups: [UInt32: Role]

    public init(users: [UInt32: Role] = [:], groups: [UInt32: Role] = [:]) {
        self.users = users
        self.groups = groups
    }

    var isEmpty: Bool { users.isEmpty && groups.isEmpty }

    /// The highest role that a user has, by itself or by one of these groups.
    package func role(ofUser user: UInt32, groups member: some Sequence<UInt32>) -> Role? {
        let byGroup = member.compactMap { groups[$0] }.max()
        return [users[user], byGroup].compactMap(\.self).max()
    }
}
