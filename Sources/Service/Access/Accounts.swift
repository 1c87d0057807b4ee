// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import LikenessInterface
import Synchronization

/// The accounts of this host's users.
///
/// A user with subordinate ids (subuid(5)) can call as thousands of users that keep his groups: they have no accounts,
/// and a group gives them nothing. Names of accounts are kept for a while, since a database may be at the other end of a
/// network.
package final class Accounts: Sendable {
    private static let lifetime = Duration.seconds(60)
    private static let capacity = 4096

    private let database: UserDatabase
    private let known = Mutex<[UInt32: (name: String?, until: ContinuousClock.Instant)]>([:])

    package init(_ database: UserDatabase = .host) {
        self.database = database
    }

    package func contains(_ user: UInt32) -> Bool { name(of: user) != nil }

    /// The name of the user's account; nil for a user without one.
    package func name(of user: UInt32) -> String? {
        let now = ContinuousClock.now
        if let entry = known.withLock({ $0[user] }), entry.until > now { return entry.name }
        let name = database.name(of: user)
        known.withLock { known in
            if known.count >= Self.capacity { known.removeAll() }
            known[user] = (name, now.advanced(by: Self.lifetime))
        }
        return name
    }

    /// Whether the identity is the user's own: called as the user's account is.
    func isOwn(_ identity: IdentityName, of user: UInt32) -> Bool {
        guard let name = name(of: user), let own = try? IdentityName(name) else { return false }
        return own == identity
    }

    /// Whether the identity is called as an account is, and that is another user's.
    ///
    /// - Throws: ``ServiceFailure/internal(message:)`` where nobody can tell.
    func isAnothers(_ identity: IdentityName, than user: UInt32) throws(ServiceFailure) -> Bool {
        do {
            // An account may be spelt in the other form of Unicode, which is the same name here.
            for spelling in [identity.text, identity.text.decomposedStringWithCanonicalMapping] {
                if let owner = try database.user(named: spelling) { return owner != user }
            }
            return false
        } catch {
            throw .internal(
                message:
                    "the user database does not say whether “\(identity)” is an account (error \(error.code)); try again, have an administrator do it, or mend /etc/nsswitch.conf where it names a database that is not there"
            )
        }
    }
}
