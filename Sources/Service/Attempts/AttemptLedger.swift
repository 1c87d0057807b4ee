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

    private enum Verdict: Sendable {
        case admitted(locks: Bool)
        case refused(until: Date, isLockOut: Bool)
        case noted
    }

    private enum Change: Sendable {
        /// - Parameter delays: whether a delay refuses it; a lock-out does in any case.
        case charge(delays: Bool)
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

        var keys: Set<AttemptKey> {
            let total = AttemptKey(caller: actor.user, identity: nil)
            return identity.map { [total, AttemptKey(caller: actor.user, identity: $0)] } ?? [total]
        }
    }

    private struct Queue {
        var waiting: [Operation] = []
        var isWriting = false
        /// How many operations have come, and how many of them are written.
        var arrived = 0
        var written = 0
        /// Who waits until so many are written.
        var waiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    /// The most operations of one transaction.
    private static let batch = 256

    let store: any GalleryStore
    private let configuration: CurrentConfiguration
    var limits: AttemptLimits { configuration.value.attempts }
    let rate: CallRate
    private let queue = Mutex(Queue())
    let logger: Logger
    private let clock: @Sendable () -> Date
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
        let change = Change.charge(delays: !isFurther)
        let locks = try Self.check(await perform(change, by: actor, identity: identity), at: clock())
        return Ticket(actor: actor, identity: identity, isCharged: true, locks: locks)
    }

    /// Takes so many pictures of what a user may have looked at.
    ///
    /// - Throws: ``ServiceFailure/tooManyAttempts(retryAfter:isLockOut:)``.
    func pay(_ actor: AuditActor, _ count: Int) throws(ServiceFailure) {
        if let wait = rate.take(actor.user, count) {
            throw .tooManyAttempts(retryAfter: Self.wholeSeconds(wait), isLockOut: false)
        }
    }

    /// Returns whether the comparison would be the last.
    @discardableResult
    private static func check(_ answer: Result<Verdict, GalleryError>, at now: Date) throws(ServiceFailure) -> Bool {
        switch answer {
        case .success(.admitted(let locks)): return locks
        case .success(.noted): return false
        case .success(.refused(let until, let isLockOut)):
            throw .tooManyAttempts(retryAfter: wholeSeconds(until.timeIntervalSince(now)), isLockOut: isLockOut)
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
        if ticket.isCharged, outcome != .noMatch || ticket.locks {
            enqueue(Operation(change: .settle(outcome), actor: ticket.actor, identity: ticket.identity, answer: nil))
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
            let now = clock(), rules = AttemptRules(limits: limits)
            let verdicts = try await store.changeAttempts(of: operations.reduce(into: []) { $0.formUnion($1.keys) }) {
                records in
                var sheet = Sheet(records: records, rules: rules, now: now)
                let verdicts = operations.map { sheet.apply($0.change, by: $0.actor, identity: $0.identity) }
                return (sheet.changes, sheet.events, verdicts)
            }
            for (operation, verdict) in zip(operations, verdicts) { operation.answer?(.success(verdict)) }
        } catch {
            // One record that cannot be read must not refuse others.
            if operations.count > 1 {
                for operation in operations { await write([operation]) }
            } else if let operation = operations.first {
                if operation.answer == nil { logger.error("How a comparison ended cannot be kept: \(error)") }
                operation.answer?(.failure(error))
            }
        }
    }

    private static func wholeSeconds(_ seconds: Double) -> Int {
        Int(min(max(1, seconds.rounded(.up)), Double(Int32.max)))
    }

    /// The records that one transaction changes.
    private struct Sheet {
        let records: [AttemptKey: AttemptRecord]
        let rules: AttemptRules
        let now: Date
        var changes: [AttemptKey: AttemptRecord?] = [:]
        var events: [AuditEvent] = []

        mutating func apply(_ change: Change, by actor: AuditActor, identity: IdentityName?) -> Verdict {
            let total = AttemptKey(caller: actor.user, identity: nil),
                own = identity.map { AttemptKey(caller: actor.user, identity: $0) }
            let places = [(total, AttemptRules.Scope.caller)] + (own.map { [($0, .identity)] } ?? [])
            switch change {
            case .charge(let delays):
                let blocks = places.compactMap { key, scope in
                    rules.current(self[key], in: scope, at: now)?.blockedUntil
                }
                if let until = blocks.max() {
                    let isLockOut = until.timeIntervalSince(now) > AttemptRules.longestDelay
                    if isLockOut || delays { return .refused(until: until, isLockOut: isLockOut) }
                }
                return .admitted(locks: add(places))
            case .count:
                if add(places) { tellOfLockOut(of: actor, from: identity) }
                return .noted
            case .settle(.noMatch):
                tellOfLockOut(of: actor, from: identity)
                return .noted
            case .settle(let outcome):
                changes[total] = rules.refunded(self[total], in: .caller)
                if let own { changes[own] = outcome == .match ? .some(nil) : rules.refunded(self[own], in: .identity) }
                return .noted
            }
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
