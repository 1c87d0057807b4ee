// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import LikenessInterface
import Synchronization

/// The accounts of this host's users.
///
/// A user with subordinate ids (subuid(5)) can call as thousands of users that keep his groups: they have no accounts,
/// and a group gives them nothing. A database may be at the other end of a network: it is asked on a few threads of its
/// own, about each user once at a time, and names of accounts are kept for a while.
package final class Accounts: Sendable {
    private static let lifetime = Duration.seconds(60)
    private static let capacity = 4096
    /// How many looks into the database there are at a time, of names and of users each: callers whose names are asked for
    /// do not wait for those who name somebody.
    private static let threads = 4

    private struct State {
        var known: [UInt32: (name: String?, until: ContinuousClock.Instant)] = [:]
        var asked: [UInt32: Task<String?, Never>] = [:]

        /// The name as it was found out lately, nil for none; nil where it has to be asked.
        func name(of user: UInt32) -> String?? {
            guard let entry = known[user], entry.until > .now else { return nil }
            return .some(entry.name)
        }
    }

    private let database: UserDatabase
    private let state = Mutex(State())
    private let names = BlockingWork(limit: Accounts.threads)
    private let users = BlockingWork(limit: Accounts.threads)

    package init(_ database: UserDatabase = .host) {
        self.database = database
    }

    /// Whether a user has an account, where that was found out lately; nil where it has to be asked.
    func knownToContain(_ user: UInt32) -> Bool? {
        state.withLock { $0.name(of: user) }.map { $0 != nil }
    }

    package func contains(_ user: UInt32) async -> Bool { await name(of: user) != nil }

    /// The name of the user's account; nil for a user without one.
    package func name(of user: UInt32) async -> String? {
        let (known, asked): (String??, Task<String?, Never>?) = state.withLock { state in
            if let name = state.name(of: user) { return (.some(name), nil) }
            let task =
                state.asked[user]
                ?? Task { [database, names] in
                    let name = await names.run { database.name(of: user) }
                    self.keep(name, of: user)
                    return name
                }
            state.asked[user] = task
            return (nil, task)
        }
        if let known { return known }
        return await asked?.value
    }

    private func keep(_ name: String?, of user: UInt32) {
        state.withLock { state in
            if state.known.count >= Self.capacity { state.known.removeAll() }
            state.known[user] = (name, .now.advanced(by: Self.lifetime))
            state.asked[user] = nil
        }
    }

    /// Whether the identity is the user's own: called as the user's account is.
    func isOwn(_ identity: IdentityName, of user: UInt32) async -> Bool {
        guard let name = await name(of: user), let own = try? IdentityName(name) else { return false }
        return own == identity
    }

    /// Whether the identity is called as an account is, and that is another user's.
    ///
    /// - Throws: ``ServiceFailure/internal(message:)`` where nobody can tell.
    func isAnothers(_ identity: IdentityName, than user: UInt32) async throws(ServiceFailure) -> Bool {
        let owner = await users.run { [database] in
            Result { () throws(UserDatabase.Unanswered) -> UInt32? in
                // An account may be spelt in the other form of Unicode, which is the same name here.
                for spelling in [identity.text, identity.text.decomposedStringWithCanonicalMapping] {
                    if let owner = try database.user(named: spelling) { return owner }
                }
                return nil
            }
        }
        do throws(UserDatabase.Unanswered) {
            return try owner.get().map { $0 != user } ?? false
        } catch {
            throw .internal(
                message:
                    "the user database does not say whether “\(identity)” is an account (error \(error.code)); try again, have an administrator do it, or mend /etc/nsswitch.conf where it names a database that is not there"
            )
        }
    }
}
