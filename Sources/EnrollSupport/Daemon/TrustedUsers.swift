// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Whose daemons a command believes: its caller's, root's, the system daemon's user's, and that of a user whom the
/// caller named.
public struct TrustedUsers: Sendable, Hashable {
    /// The user that the system's daemon runs as.
    public static let serviceName = "likeness"

    let caller: UInt32
    private let others: Set<UInt32>

    /// - Parameter others: besides `caller` and root.
    public init(caller: UInt32, others: Set<UInt32>) {
        self.caller = caller
        self.others = others
    }

    /// Those of this process.
    ///
    /// - Parameter named: a user's name or number, as the caller gave it.
    /// - Throws: a failure when there is no such user.
    public static func ofProcess(named: String?) throws(CommandFailure) -> TrustedUsers {
        var others: Set<UInt32> = []
        if let service = number(of: serviceName) { others.insert(service) }
        if let named {
            // The last of the numbers stands for nobody.
            guard let number = UInt32(named).flatMap({ $0 < .max ? $0 : nil }) ?? number(of: named) else {
                throw CommandFailure(
                    .usage, name: "Usage",
                    message:
                        "there is no user “\(EscapedBytes.printable(named))”; --daemon-user takes a user's name or number"
                )
            }
            others.insert(number)
        }
        return TrustedUsers(caller: geteuid(), others: others)
    }

    func contains(_ user: UInt32) -> Bool { user == caller || user == 0 || others.contains(user) }

    private static func number(of name: String) -> UInt32? { getpwnam(name)?.pointee.pw_uid }

    /// `alice` or, without a name, `user 1000`.
    static func text(of user: UInt32) -> String {
        getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "user \(user)"
    }

    /// Whether a group is its user's own, as most systems make one for each: called as the user is, with nobody else in
    /// it.
    static func isOwnGroup(_ group: UInt32, of user: UInt32) -> Bool {
        guard let entry = getpwuid(user)?.pointee, entry.pw_gid == group else { return false }
        let name = String(cString: entry.pw_name)
        guard let own = getgrgid(group)?.pointee, String(cString: own.gr_name) == name else { return false }
        var member = own.gr_mem
        while let text = member?.pointee {
            if String(cString: text) != name { return false }
            member = member.map { $0 + 1 }
        }
        return true
    }
}
