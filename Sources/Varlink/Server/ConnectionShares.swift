// SPDX-License-Identifier: Apache-2.0

/// On which terms a connection is served.
package enum ConnectionTerms: Sendable, Hashable {
    case served
    /// Its first call is answered, and it is closed.
    case answeredOnce
    /// Its first call is answered with the reason, and it is closed.
    case refused(Refusal)
}

/// Why a call is refused that could be taken at another time. It is `Busy` to the peer.
package enum Refusal: Sendable, Hashable, CustomStringConvertible {
    case connectionsOfUser(limit: Int)
    case connections(limit: Int)
    case bytes(BufferBudget.Refusal)

    package var description: String {
        switch self {
        case .connectionsOfUser(let limit):
            "too many connections of yours: \(limit) are open, which is the most that one user may have; close some, or try again in a moment"
        case .connections(let limit):
            "too many connections of all users: \(limit) are open, which is the most; try again in a moment"
        case .bytes(.user(let limit)):
            "too many bytes of yours: your calls under way may hold \(limit) bytes together; try again in a moment"
        case .bytes(.all(let limit)):
            "too many bytes of all users: the calls under way may hold \(limit) bytes together; try again in a moment"
        }
    }
}

/// Who holds how many of the connections that may be open.
///
/// Of all places some are kept for privileged peers, some for peers without any business here, and some for those who
/// are refused, until they were told. The rest is shared by the users who are admitted, of whom none gets more than a
/// stated number.
package struct ConnectionShares: Sendable {
    package struct Slot: Sendable, Hashable {
        package let terms: ConnectionTerms
        fileprivate let user: UInt32
        fileprivate let pool: Pool
    }

    fileprivate enum Pool: Int, Sendable, Hashable, CaseIterable {
        case privileged, admitted, unknown, refused, waiting
    }

    private struct Usage: Sendable {
        var total = 0
        var byUser: [UInt32: Int] = [:]
    }

    private let limit: Int
    private let limitPerUser: Int
    /// The places of each of the three small pools.
    private let few: Int
    private var usage = [Usage](repeating: Usage(), count: Pool.allCases.count)

    /// - Parameters:
    ///   - limit: The most connections, of all kinds.
    ///   - limitPerUser: The most of one admitted user; nil for a quarter of all.
    package init(limit: Int, limitPerUser: Int?) {
        self.limit = limit
        few = limit < 4 ? 0 : max(1, limit / 16)
        self.limitPerUser = min(limitPerUser ?? max(1, limit / 4), limit - 3 * few)
    }

    /// A place for one more connection of a user; nil where there is none, not even to be told so.
    package mutating func enter(_ user: UInt32, _ standing: PeerStanding) -> Slot? {
        guard usage.reduce(0, { $0 + $1.total }) < limit else { return nil }
        switch standing {
        case .privileged: return take(.privileged, user, .served)
        case .unknown: return takeFew(.unknown, user, .answeredOnce)
        case .admitted:
            let admitted = usage[Pool.admitted.rawValue], waiting = usage[Pool.waiting.rawValue]
            // Those whom no share binds may have taken what is left of the rest, and never what is kept for the others.
            let most = limit - 3 * few
            if admitted.byUser[user, default: 0] >= limitPerUser {
                return takeFew(.refused, user, .refused(.connectionsOfUser(limit: limitPerUser)))
            }
            if admitted.total + waiting.total >= most {
                return takeFew(.refused, user, .refused(.connections(limit: most)))
            }
            return take(.admitted, user, .served)
        }
    }

    /// A place until it is known what a user may take, of those for users who are admitted: at most half of these, so that
    /// a user database that does not answer keeps nobody out who is known.
    package mutating func wait(_ user: UInt32) -> Slot? {
        guard usage.reduce(0, { $0 + $1.total }) < limit else { return nil }
        let waiting = usage[Pool.waiting.rawValue], most = limit - 3 * few
        guard waiting.total < most / 2, waiting.total + usage[Pool.admitted.rawValue].total < most,
            waiting.byUser[user, default: 0] < limitPerUser
        else { return nil }
        return take(.waiting, user, .answeredOnce)
    }

    package mutating func leave(_ slot: Slot) {
        let pool = slot.pool.rawValue
        usage[pool].total -= 1
        let left = usage[pool].byUser[slot.user, default: 1] - 1
        usage[pool].byUser[slot.user] = left > 0 ? left : nil
    }

    /// A place in a small pool, of which one user gets no more than half.
    private mutating func takeFew(_ pool: Pool, _ user: UInt32, _ terms: ConnectionTerms) -> Slot? {
        let used = usage[pool.rawValue]
        guard used.total < few, used.byUser[user, default: 0] < max(1, few / 2) else { return nil }
        return take(pool, user, terms)
    }

    private mutating func take(_ pool: Pool, _ user: UInt32, _ terms: ConnectionTerms) -> Slot {
        usage[pool.rawValue].total += 1
        usage[pool.rawValue].byUser[user, default: 0] += 1
        return Slot(terms: terms, user: user, pool: pool)
    }
}
