// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface

/// Requests that wait for a worker; no more than a stated number, and of one caller no more than half of that.
///
/// Callers are served in turn, the one with the fewest workers first, and each caller's requests in their order. While
/// another caller has asked for something lately, nobody gets the last free worker: what a worker has begun it
/// finishes, so that who comes next would else wait for as long as the costliest picture takes.
///
/// Workers are threads that block here, so that what they compute, for tens of milliseconds and more, holds up
/// neither the event loops nor the threads of Swift's tasks.
///
/// Its state is touched while the condition is locked, and not else, which the compiler cannot see.
package final class WorkQueue: @unchecked Sendable {
    package struct Job: Sendable {
        package let request: ProbeRequest
        /// Whether somebody still waits for it.
        let life: JobLife
        let arrived: ContinuousClock.Instant
        /// Called once, on the worker's thread; with nil, when the job is withdrawn.
        package let finish: @Sendable (Result<ProbedPicture, ServiceFailure>?) -> Void

        package init(
            request: ProbeRequest, finish: @escaping @Sendable (Result<ProbedPicture, ServiceFailure>?) -> Void
        ) {
            self.init(request: request, life: JobLife(), finish: finish)
        }

        init(
            request: ProbeRequest, life: JobLife, arrived: ContinuousClock.Instant = .now,
            finish: @escaping @Sendable (Result<ProbedPicture, ServiceFailure>?) -> Void
        ) {
            self.request = request
            self.life = life
            self.arrived = arrived
            self.finish = finish
        }
    }

    /// What is known of a caller while it has requests, and for a while after.
    private struct Caller {
        /// By the order of their arrival.
        var waiting: [(number: Int, job: Job)] = []
        /// How many jobs each worker that is at this caller's has still to finish.
        var atWork: [Int: Int] = [:]
        /// When it was last served, counted in turns.
        var turn = 0
        /// When its last request came or ended.
        var lastSeen: ContinuousClock.Instant
    }

    /// The most jobs that wait.
    let limit: Int
    private let limitPerCaller: Int
    /// Root and the daemon's own user: no share binds them, and some places are kept for them.
    private let unbound: Set<UInt32>
    private let reserved: Int
    private let workers: Int
    /// How long a caller is expected to ask again.
    private let attention: Duration
    private let condition = NSCondition()
    private var callers: [UInt32: Caller] = [:]
    private var total = 0
    private var lastNumber = 0
    private var turn = 0
    private var closed = false

    package init(limit: Int, workers: Int, attention: Duration = .seconds(2), unbound: Set<UInt32> = [0, geteuid()]) {
        self.limit = limit
        self.unbound = unbound
        limitPerCaller = max(1, limit / 2)
        reserved = limit < 4 ? 0 : max(1, limit / 16)
        self.workers = workers
        self.attention = attention
    }

    package var count: Int { condition.withLock { total } }
    /// How many wait, by the user who asked; without those of whom none does.
    var countByUser: [UInt32: Int] {
        condition.withLock { callers.mapValues(\.waiting.count).filter { $0.value > 0 } }
    }

    /// Returns the number to withdraw the job by.
    /// - Throws: ``ServiceFailure/busy(limit:)`` when the queue is full, ``ServiceFailure/busyWithCaller(limit:)`` when
    ///   the caller has its share of it, or ``ServiceFailure/stopping`` once the queue is closed.
    package func add(_ job: Job) throws(ServiceFailure) -> Int {
        let result = condition.withLock { () -> Result<Int, ServiceFailure> in
            let user = job.request.caller
            guard !closed else { return .failure(.stopping) }
            let isBound = !unbound.contains(user)
            guard total < (isBound ? limit - reserved : limit) else { return .failure(.busy(limit: limit)) }
            guard !isBound || callers[user]?.waiting.count ?? 0 < limitPerCaller else {
                return .failure(.busyWithCaller(limit: limitPerCaller))
            }
            lastNumber += 1
            total += 1
            let now = ContinuousClock.now
            callers[user, default: Caller(lastSeen: now)].waiting.append((lastNumber, job))
            callers[user]?.lastSeen = now
            condition.signal()
            return .success(lastNumber)
        }
        return try result.get()
    }

    /// Takes back a job that no worker has begun; it is finished with nil.
    package func withdraw(_ number: Int) {
        let job = condition.withLock { () -> Job? in
            for (user, caller) in callers {
                guard let place = caller.waiting.firstIndex(where: { $0.number == number }) else { continue }
                total -= 1
                return callers[user]?.waiting.remove(at: place).job
            }
            return nil
        }
        job?.finish(nil)
    }

    /// Waits for the next jobs, all of one caller and one modality: several when more wait than there are workers, so
    /// that they are embedded together. Nil once the queue is closed and empty.
    package func next(atMost batch: Int) -> [Job]? {
        condition.withLock {
            while true {
                let now = ContinuousClock.now
                if let user = chosen(now) { return take(from: user, atMost: batch, now) }
                guard total > 0 || !closed else { return nil }
                if total > 0 {
                    // Only what is left to others keeps it from being taken, and that is not left for ever.
                    _ = condition.wait(until: Date(timeIntervalSinceNow: attention.inSeconds))
                } else {
                    condition.wait()
                }
            }
        }
    }

    /// Takes no further job; what waits is still worked on, and then the workers end.
    package func close() {
        condition.withLock {
            closed = true
            condition.broadcast()
        }
    }

    // MARK: Locked

    /// Whose job is begun next: of those who may have one more worker the one with the fewest, and of these the one who
    /// was served longest ago.
    private func chosen(_ now: ContinuousClock.Instant) -> UInt32? {
        for (user, caller) in callers
        where caller.waiting.isEmpty && caller.atWork.isEmpty && caller.lastSeen.advanced(by: attention) <= now {
            callers[user] = nil
        }
        // With one worker there is none to leave to others, and a queue that ends has no others.
        let most = workers > 1 && callers.count > 1 && !closed ? workers - 1 : workers
        return callers.filter { !$0.value.waiting.isEmpty && $0.value.atWork.count < most }
            .min { ($0.value.atWork.count, $0.value.turn, $0.key) < ($1.value.atWork.count, $1.value.turn, $1.key) }?
            .key
    }

    private func take(from user: UInt32, atMost batch: Int, _ now: ContinuousClock.Instant) -> [Job] {
        guard var caller = callers[user], let modality = caller.waiting.first?.job.request.modality else { return [] }
        // Where others are about, the one worker that there is comes back after each job.
        let most = workers == 1 && callers.count > 1 ? 1 : batch
        let share = max(1, min(most, caller.waiting.count / workers))
        let taken = caller.waiting.prefix(share).prefix { $0.job.request.modality == modality }
        caller.waiting.removeFirst(taken.count)
        total -= taken.count
        turn += 1
        caller.turn = turn
        caller.atWork[turn] = taken.count
        callers[user] = caller
        let batch = turn
        return taken.map { _, job in
            Job(request: job.request, life: job.life, arrived: job.arrived) { [self] result in
                ended(batch, of: user)
                job.finish(result)
            }
        }
    }

    private func ended(_ batch: Int, of user: UInt32) {
        condition.withLock {
            let left = callers[user]?.atWork[batch].map { $0 - 1 } ?? 0
            callers[user]?.atWork[batch] = left > 0 ? left : nil
            callers[user]?.lastSeen = .now
            condition.signal()
        }
    }
}

extension Duration {
    fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
