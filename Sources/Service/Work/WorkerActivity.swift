// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What each worker that is busy does, and which were given up.
final class WorkerActivity: Sendable {
    struct Work {
        let begun: ContinuousClock.Instant
        /// What it is at, and what it took besides.
        let current: [WorkQueue.Job]
        let all: [WorkQueue.Job]
    }

    private struct State {
        var busy: [Int: Work] = [:]
        var givenUp: Set<Int> = []
    }

    private let state = Mutex(State())

    /// Notes that a worker begins something new.
    /// - Returns: whether it goes on: false once it was given up.
    func begin(_ worker: Int, current: [WorkQueue.Job], all: [WorkQueue.Job]) -> Bool {
        state.withLock { state in
            guard !state.givenUp.contains(worker) else { return false }
            state.busy[worker] = Work(begun: .now, current: current, all: all)
            return true
        }
    }

    /// Notes that a worker is done with what it took.
    /// - Returns: whether it goes on: false once it was given up, which is then forgotten.
    func end(_ worker: Int) -> Bool {
        state.withLock { state in
            state.busy[worker] = nil
            return state.givenUp.remove(worker) == nil
        }
    }

    /// The workers that have been at one thing for longer than `timeout`.
    func overdue(_ timeout: Duration) -> [Int] {
        let now = ContinuousClock.now
        return state.withLock { state in state.busy.filter { $0.value.begun.duration(to: now) > timeout }.keys.sorted()
        }
    }

    /// Gives a worker up that is still overdue.
    /// - Returns: what it was at; nil when it has come back meanwhile.
    func giveUp(_ worker: Int, after timeout: Duration) -> Work? {
        state.withLock { state in
            guard let work = state.busy[worker], work.begun.duration(to: .now) > timeout else { return nil }
            state.busy[worker] = nil
            state.givenUp.insert(worker)
            return work
        }
    }

    /// How many that were given up have not come back.
    var givenUp: Int { state.withLock { $0.givenUp.count } }

    /// The longest that a worker has been at one thing, of those that were not given up.
    var longest: Duration {
        let now = ContinuousClock.now
        return state.withLock { $0.busy.values.map { $0.begun.duration(to: now) }.max() ?? .zero }
    }
}
