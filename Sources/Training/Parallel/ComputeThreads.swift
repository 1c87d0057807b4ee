// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet

/// Threads that work together on one task at a time, each on a share that depends on their number alone.
///
/// They live as long as the object and sleep between tasks. The thread that asks for a task works on the first share
/// itself, so that there is one thread less than ``count``.
package final class ComputeThreads {
    /// The shares of a task.
    package let count: Int
    private let meeting = Barrier()

    /// - Parameter count: at least 1; less counts as 1.
    package init(count: Int) {
        self.count = max(1, count)
        for share in 1..<max(2, self.count) where share < self.count {
            ComputeThread.start("train \(share)") { [meeting] in meeting.work(share) }
        }
    }

    deinit { meeting.close() }

    /// Calls the body once for each share, all at once, and returns when every call has. Not to be called from a body.
    package func run(_ body: (_ share: Int) -> Void) {
        guard count > 1 else { return body(0) }
        withoutActuallyEscaping(body) { body in
            meeting.begin(body, others: count - 1)
            body(0)
            meeting.awaitOthers()
        }
    }

    /// Calls the body with each thread's part of `0..<total`, cut at multiples of `granularity`; empty parts are left
    /// out.
    package func run(over total: Int, granularity: Int = 1, _ body: (_ range: Range<Int>) -> Void) {
        run { share in
            let range = part(share, of: total, granularity: granularity)
            if !range.isEmpty { body(range) }
        }
    }

    /// The part of `0..<total` that belongs to a share; the parts differ by one `granularity` at most.
    package func part(_ share: Int, of total: Int, granularity: Int = 1) -> Range<Int> {
        let units = (total + granularity - 1) / granularity
        let begin = units * share / count * granularity, end = units * (share + 1) / count * granularity
        return min(begin, total)..<min(end, total)
    }
}

/// Where the threads wait for a task, and the task's owner for the threads.
// Safe to share: every access to what changes holds the condition's lock, and the task's body outlives its calls,
// because its owner waits for all of them.
private final class Barrier: @unchecked Sendable {
    private let condition = NSCondition()
    private var body: ((Int) -> Void)?
    private var generation = 0
    private var working = 0
    private var isClosed = false

    func begin(_ body: @escaping (Int) -> Void, others: Int) {
        condition.lock()
        self.body = body
        generation += 1
        working = others
        condition.broadcast()
        condition.unlock()
    }

    func awaitOthers() {
        condition.lock()
        while working > 0 { condition.wait() }
        body = nil
        condition.unlock()
    }

    func close() {
        condition.lock()
        isClosed = true
        condition.broadcast()
        condition.unlock()
    }

    /// The life of a thread.
    func work(_ share: Int) {
        var done = 0
        condition.lock()
        while true {
            while generation == done, !isClosed { condition.wait() }
            guard generation != done, let task = body else { break }
            done = generation
            condition.unlock()
            task(share)
            condition.lock()
            working -= 1
            if working == 0 { condition.broadcast() }
        }
        condition.unlock()
    }
}
