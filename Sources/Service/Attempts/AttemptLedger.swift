// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import LikenessInterface
import Logging
import Synchronization

/// Counts failed comparisons in the store, so that they outlast a restart and are shared by all daemons on a gallery.
///
/// What arrives while one transaction runs goes into the next one together.
final class AttemptLedger: Sendable {
    /// A comparison that was charged before it is made.
    struct Ticket: Sendable {
        let actor: AuditActor
        /// Nil for a comparison with everybody.
        let identity: IdentityName?
        /// Whether it is charged; one that a caller with the grant `score` makes for itself is not, and locks nobody
        /// out.
        let isCharged: Bool
        /// Whether its failure locks the caller out.
        let locks: Bool

        var caller: UInt32 { actor.user }
    }

    /// How a comparison ended.
    enum Outcome: Sendable, Hashable {
        case match
        case noMatch
        /// No comparison was made, or none that the probe's quality supports.
        case undecided
    }

    fileprivate enum Verdict: Sendable {
        case admitted(locks: Bool)
        case refused(until: Date, isLockOut: Bool)
        /// More at once than may fail.
        case tooMany(allowed: Int, wait: Double)
        case noted
    }

    fileprivate enum Change: Sendable {
        /// - Parameter count: how many comparisons, all of them or none; 0 asks alone whether one would be refused.
        /// - Parameter delays: whether a delay refuses it; a lock-out does in any case.
        case charge(count: Int, delays: Bool)
        case settle(Outcome)
        /// One failure more, whether or not anything is blocked.
        case count
    }

    private struct Operation: Sendable {
        let change: Change
        let actor: AuditActor
        let identity: IdentityName?
        /// Nil where nobody waits.
        let answer: (@Sendable (Result<Verdict, GalleryError>) -> Void)?

        var keys: Set<AttemptKey> { AttemptLedger.keys(actor, identity) }
    }

    private struct Queue {
        var waiting: [Operation] = []
        var isWriting = false
        /// How many operations have come, and how many of them are written.
        var arrived = 0
        var written = 0
        /// Who waits until so many are written.
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        /// Comparisons of this daemon that are charged and have not ended.
        var open: [AttemptKey: Int] = [:]

        mutating func change(_ keys: Set<AttemptKey>, by count: Int) {
            for key in keys {
                let left = (open[key] ?? 0) + count
                open[key] = left > 0 ? left : nil
            }
        }
    }

    fileprivate static func keys(_ actor: AuditActor, _ identity: IdentityName?) -> Set<AttemptKey> {
        let total = AttemptKey(caller: actor.user, identity: nil)
        return identity.map { [total, AttemptKey(caller: actor.user, identity: $0)] } ?? [total]
    }

    /// The most operations of one transaction.
    private static let batch = 256

    let store: any GalleryStore
    private let configuration: CurrentConfiguration
    var limits: AttemptLimits { configuration.value.attempts }
    let rate: CallRate
    private let queue = Mutex(Queue())
    let logger: Logger
    let clock: @Sendable () -> Date
    /// For the audit log, which is told now and then how many have failed.
    let failures = FailedComparisons()

    init(
        store: any GalleryStore, configuration: CurrentConfiguration, logger: Logger,
        clock: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.store = store
        self.configuration = configuration
        rate = CallRate(perMinute: configuration.value.attempts.perMinute)
        self.logger = logger
        self.clock = clock
    }

    /// Charges a comparison that is about to be made.
    ///
    /// - Parameter isFurther: whether it is one more of a call that was admitted: a lock-out alone refuses it. What the
    ///   rate has to count of it is the caller's to tell (``owe(_:for:_:)``).
    /// - Throws: ``ServiceFailure/tooManyAttempts(retryAfter:isLockOut:)``, or the store's failure: without it nothing
    ///   is compared.
    func charge(
        _ actor: AuditActor, identity: IdentityName?, isFurther: Bool = false
    ) async throws(ServiceFailure) -> Ticket {
        if !isFurther { try pay(actor, 1) }
        let change = Change.charge(count: 1, delays: !isFurther)
        let locks = try check(await perform(change, by: actor, identity: identity), asked: 1)
        return Ticket(actor: actor, identity: identity, isCharged: true, locks: locks)
    }

    /// Charges several comparisons of one call in one step: all of them or none, so that none is refused for those of
    /// the same call.
    ///
    /// - Parameter count: at least 1. The rate counts the first; the others are the caller's to tell.
    /// - Throws: as ``charge(_:identity:isFurther:)``, and ``ServiceFailure/tooManyAtOnce(asked:allowed:retryAfter:)``.
    func charge(
        _ actor: AuditActor, identity: IdentityName, count: Int
    ) async throws(ServiceFailure) -> [Ticket] {
        try pay(actor, 1)
        let change = Change.charge(count: count, delays: true)
        let locks = try check(await perform(change, by: actor, identity: identity), asked: count)
        return (1...max(1, count)).map { place in
            Ticket(actor: actor, identity: identity, isCharged: true, locks: locks && place == count)
        }
    }

    /// Refuses who is locked out of an identity, and charges nothing.
    ///
    /// - Throws: ``ServiceFailure/tooManyAttempts(retryAfter:isLockOut:)``, or the store's failure.
    func requireAdmitted(_ actor: AuditActor, identity: IdentityName) async throws(ServiceFailure) {
        let change = Change.charge(count: 0, delays: false)
        _ = try check(await perform(change, by: actor, identity: identity), asked: 0)
    }

    /// How many comparisons of this daemon are charged and have not ended.
    func open(_ key: AttemptKey) -> Int { queue.withLock { $0.open[key] ?? 0 } }

    /// Takes so many pictures of what a user may have looked at.
    ///
    /// - Throws: ``ServiceFailure/tooManyAttempts(retryAfter:isLockOut:)``.
    func pay(_ actor: AuditActor, _ count: Int) throws(ServiceFailure) {
        if let wait = rate.take(actor.user, count) {
            throw .tooManyAttempts(retryAfter: Self.wholeSeconds(wait), isLockOut: false)
        }
    }

    /// Returns whether the comparison would be the last.
    private func check(_ answer: Result<Verdict, GalleryError>, asked: Int) throws(ServiceFailure) -> Bool {
        switch answer {
        case .success(.admitted(let locks)): return locks
        case .success(.noted): return false
        case .success(.refused(let until, let isLockOut)):
            throw .tooManyAttempts(
                retryAfter: Self.wholeSeconds(until.timeIntervalSince(clock())), isLockOut: isLockOut)
        case .success(.tooMany(let allowed, let wait)):
            throw .tooManyAtOnce(
                asked: asked, allowed: allowed, retryAfter: wait > 0 ? Self.wholeSeconds(wait) : 0)
        case .failure(let error): throw ServiceFailure(error)
        }
    }

    /// Stands for a comparison of a caller who is told every distance, and so is never refused: the audit log alone
    /// hears of its failures. Were they kept, they would lock the user out where a relay asks for him.
    func watch(_ actor: AuditActor, identity: IdentityName?) -> Ticket {
        Ticket(actor: actor, identity: identity, isCharged: false, locks: false)
    }

    /// Ends a comparison.
    func settle(_ ticket: Ticket, _ outcome: Outcome) {
        if outcome == .noMatch { failures.note(ticket.actor, ticket.identity) }
        guard ticket.isCharged else { return }
        if outcome != .noMatch || ticket.locks {
            enqueue(Operation(change: .settle(outcome), actor: ticket.actor, identity: ticket.identity, answer: nil))
        } else {
            queue.withLock { $0.change(Self.keys(ticket.actor, ticket.identity), by: -1) }
        }
    }

    /// Counts a comparison that a caller learnt the failure of without having asked for it, and waits until that is
    /// kept.
    func countFailure(_ actor: AuditActor, identity: IdentityName) async {
        failures.note(actor, identity)
        if case .failure(let error) = await perform(.count, by: actor, identity: identity) {
            logger.error("A failed comparison cannot be kept: \(error)")
        }
    }

    /// Returns when what came before is written.
    func flush() async {
        await withCheckedContinuation { continuation in
            let isWritten = queue.withLock { queue in
                guard queue.written < queue.arrived else { return true }
                queue.waiters.append((queue.arrived, continuation))
                return false
            }
            if isWritten { continuation.resume() }
        }
    }

    // MARK: Writing

    private func perform(
        _ change: Change, by actor: AuditActor, identity: IdentityName?
    ) async -> Result<Verdict, GalleryError> {
        await withCheckedContinuation { continuation in
            enqueue(Operation(change: change, actor: actor, identity: identity) { continuation.resume(returning: $0) })
        }
    }

    private func enqueue(_ operation: Operation) {
        let begins = queue.withLock { queue in
            queue.waiting.append(operation)
            queue.arrived += 1
            defer { queue.isWriting = true }
            return !queue.isWriting
        }
        if begins { Task { await writeAll() } }
    }

    private func writeAll() async {
        while true {
            let next = queue.withLock { queue in
                let next = Array(queue.waiting.prefix(Self.batch))
                queue.waiting.removeFirst(next.count)
                if next.isEmpty { queue.isWriting = false }
                return next
            }
            if next.isEmpty { return }
            await write(next)
            let done = queue.withLock { queue in
                queue.written += next.count
                let done = queue.waiters.filter { $0.count <= queue.written }
                queue.waiters.removeAll { $0.count <= queue.written }
                return done
            }
            for waiter in done { waiter.continuation.resume() }
        }
    }

    private func write(_ operations: [Operation]) async {
        do throws(GalleryError) {
            let now = clock(), rules = AttemptRules(limits: limits), open = queue.withLock { $0.open }
            let verdicts = try await store.changeAttempts(of: operations.reduce(into: []) { $0.formUnion($1.keys) }) {
                records in
                var sheet = Sheet(records: records, rules: rules, now: now, open: open)
                let verdicts = operations.map { sheet.apply($0.change, by: $0.actor, identity: $0.identity) }
                return (sheet.changes, sheet.events, verdicts)
            }
            queue.withLock { queue in
                for (operation, verdict) in zip(operations, verdicts) {
                    queue.change(operation.keys, by: operation.change.opened(verdict))
                }
            }
            for (operation, verdict) in zip(operations, verdicts) { operation.answer?(.success(verdict)) }
        } catch {
            // One record that cannot be read must not refuse others.
            if operations.count > 1 {
                for operation in operations { await write([operation]) }
            } else if let operation = operations.first {
                if operation.answer == nil { logger.error("How a comparison ended cannot be kept: \(error)") }
                if case .settle = operation.change { queue.withLock { $0.change(operation.keys, by: -1) } }
                operation.answer?(.failure(error))
            }
        }
    }

    static func wholeSeconds(_ seconds: Double) -> Int {
        Int(min(max(1, seconds.rounded(.up)), Double(Int32.max)))
    }

    /// The records that one transaction changes.
    private struct Sheet {
        let records: [AttemptKey: AttemptRecord]
        let rules: AttemptRules
        let now: Date
        /// Comparisons that are charged and have not ended, with those of this sheet.
        var open: [AttemptKey: Int]
        var changes: [AttemptKey: AttemptRecord?] = [:]
        var events: [AuditEvent] = []

        mutating func apply(_ change: Change, by actor: AuditActor, identity: IdentityName?) -> Verdict {
            let verdict = verdict(change, by: actor, identity: identity)
            for key in AttemptLedger.keys(actor, identity) { open[key, default: 0] += change.opened(verdict) }
            return verdict
        }

        private mutating func verdict(_ change: Change, by actor: AuditActor, identity: IdentityName?) -> Verdict {
            let total = AttemptKey(caller: actor.user, identity: nil),
                own = identity.map { AttemptKey(caller: actor.user, identity: $0) }
            let places = [(total, AttemptRules.Scope.caller)] + (own.map { [($0, .identity)] } ?? [])
            switch change {
            case .charge(let count, let delays):
                if let refusal = refusal(places, delays: delays) { return refusal }
                let allowed = places.map { rules.allowance(self[$0], in: $1, at: now) }.min() ?? count
                if count > allowed {
                    let wait = places.map { rules.wait(for: count, self[$0], in: $1, at: now) }.max() ?? 0
                    return .tooMany(allowed: allowed, wait: wait)
                }
                var locks = false
                for _ in 0..<count { locks = add(places) }
                return .admitted(locks: locks)
            case .count:
                if add(places) { tellOfLockOut(of: actor, from: identity) }
                return .noted
            case .settle(.noMatch):
                // One that was charged at the same time may have been given back.
                if places.contains(where: { AttemptRules.isLockOut(self[$0.0], at: now) }) {
                    tellOfLockOut(of: actor, from: identity)
                }
                return .noted
            case .settle(let outcome):
                changes[total] = rules.refunded(self[total], in: .caller)
                if let own { changes[own] = outcome == .match ? .some(nil) : rules.refunded(self[own], in: .identity) }
                return .noted
            }
        }

        /// Why nothing is charged; nil where something may be.
        private func refusal(_ places: [(AttemptKey, AttemptRules.Scope)], delays: Bool) -> Verdict? {
            var refusal: (until: Date, isLockOut: Bool)?
            for (key, scope) in places {
                guard let record = rules.current(self[key], in: scope, at: now), var until = record.blockedUntil
                else { continue }
                var isLockOut = AttemptRules.isLockOut(record, at: now)
                guard isLockOut || delays else { continue }
                if isLockOut, !rules.locksOut(self[key] ?? record, without: open[key] ?? 0, in: scope) {
                    // What is under way may yet be given back, and is no reason to speak of a day.
                    (until, isLockOut) = (now.addingTimeInterval(1), false)
                }
                refusal = (max(until, refusal?.until ?? until), isLockOut || refusal?.isLockOut == true)
            }
            return refusal.map { .refused(until: $0.until, isLockOut: $0.isLockOut) }
        }

        private subscript(key: AttemptKey) -> AttemptRecord? {
            if let changed = changes[key] { return changed }
            return records[key]
        }

        private mutating func tellOfLockOut(of actor: AuditActor, from identity: IdentityName?) {
            events.append(
                AuditEvent(.lockOut, by: actor, identity: identity, result: "locked out after failed comparisons"))
        }

        /// Returns whether that locks out.
        private mutating func add(_ places: [(AttemptKey, AttemptRules.Scope)]) -> Bool {
            var locks = false
            for (key, scope) in places {
                let (record, isLast) = rules.charged(self[key], in: scope, at: now)
                changes[key] = record
                locks = locks || isLast
            }
            return locks
        }
    }
}

extension AttemptLedger.Change {
    /// By how many comparisons more are under way.
    fileprivate func opened(_ verdict: AttemptLedger.Verdict) -> Int {
        switch (self, verdict) {
        case (.charge(let count, _), .admitted): count
        case (.settle, _): -1
        default: 0
        }
    }
}
