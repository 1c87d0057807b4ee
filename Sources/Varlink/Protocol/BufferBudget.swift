// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The bytes of messages that connections may hold: all together, and those of each user.
package final class BufferBudget: Sendable {
    /// Why no more bytes are granted; with the number that may be held.
    package enum Refusal: Sendable, Hashable {
        case user(limit: Int)
        case all(limit: Int)
    }

    private struct State {
        var used = 0
        var byUser: [UInt32: Int] = [:]
    }

    private let limit: Int
    private let limitPerUser: Int
    /// What only those whom no share binds may take.
    private let reserved: Int
    /// Told what was held and is held now, when some of it was given back.
    private let whenGivenBack: @Sendable (_ before: Int, _ used: Int) -> Void
    private let state = Mutex(State())

    package init(
        limit: Int, limitPerUser: Int? = nil, reserved: Int = 0,
        whenGivenBack: @escaping @Sendable (_ before: Int, _ used: Int) -> Void = { _, _ in }
    ) {
        self.limit = limit
        self.limitPerUser = limitPerUser ?? limit
        self.reserved = reserved
        self.whenGivenBack = whenGivenBack
    }

    /// What is held now.
    package var used: Int { state.withLock { $0.used } }

    /// - Parameter user: Whose share it is; nil for one whom no share binds.
    package func reservation(for user: UInt32?) -> Reservation { Reservation(of: self, user: user, held: 0) }

    private func take(_ count: Int, for user: UInt32?) -> Refusal? {
        state.withLock { state in
            if let user {
                guard count <= limitPerUser - state.byUser[user, default: 0] else { return .user(limit: limitPerUser) }
                guard count <= limit - reserved - state.used else { return .all(limit: limit) }
                state.byUser[user, default: 0] += count
            } else {
                guard count <= limit - state.used else { return .all(limit: limit) }
            }
            state.used += count
            return nil
        }
    }

    private func giveBack(_ count: Int, of user: UInt32?) {
        guard count > 0 else { return }
        let used = state.withLock { state in
            state.used -= count
            if let user {
                let left = state.byUser[user, default: 0] - count
                state.byUser[user] = left > 0 ? left : nil
            }
            return state.used
        }
        whenGivenBack(used + count, used)
    }

    /// What one message holds; given back when the last reference goes.
    package final class Reservation: Sendable {
        private let budget: BufferBudget
        private let user: UInt32?
        private let held: Mutex<Int>

        fileprivate init(of budget: BufferBudget, user: UInt32?, held: Int) {
            self.budget = budget
            self.user = user
            self.held = Mutex(held)
        }

        deinit {
            budget.giveBack(held.withLock { $0 }, of: user)
        }

        /// Takes so much more, or nothing where it is refused.
        package func grow(by count: Int) -> Refusal? {
            if let refusal = budget.take(count, for: user) { return refusal }
            held.withLock { $0 += count }
            return nil
        }

        /// Another reservation, which has so much of what this one had, or all of it where that is less.
        package func split(_ count: Int) -> Reservation {
            let moved = held.withLock { held in
                let moved = min(count, held)
                held -= moved
                return moved
            }
            return Reservation(of: budget, user: user, held: moved)
        }
    }
}
