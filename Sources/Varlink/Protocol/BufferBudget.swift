import Synchronization

/// The bytes of messages that all connections together may hold.
final class BufferBudget: Sendable {
    private let limit: Int
    private let used = Mutex(0)

    init(limit: Int) {
        self.limit = limit
    }

    func reservation() -> Reservation { Reservation(of: self) }

    /// What one message holds; given back when the last reference goes.
    final class Reservation: Sendable {
        private let budget: BufferBudget
        private let held = Mutex(0)

        fileprivate init(of budget: BufferBudget) {
            self.budget = budget
        }

        deinit {
            let held = held.withLock { $0 }
            budget.used.withLock { $0 -= held }
        }

        /// Returns false, and takes nothing, when the budget does not hold so much.
        func grow(by count: Int) -> Bool {
            let granted = budget.used.withLock { used in
                guard count <= budget.limit - used else { return false }
                used += count
                return true
            }
            if granted { held.withLock { $0 += count } }
            return granted
        }
    }
}
