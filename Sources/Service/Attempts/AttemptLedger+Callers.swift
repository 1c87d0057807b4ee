// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import LikenessInterface
import Varlink
import Wording

extension AttemptLedger {
    /// Makes a comparison that counts: charged before, settled after.
    ///
    /// - Parameters:
    ///   - user: whom the caller asks for; nil for itself.
    ///   - identity: nil for a comparison with everybody.
    func counted<Reply>(
        _ caller: Caller, for user: Int?, identity: IdentityName?,
        _ compare: () async throws -> (reply: Reply, outcome: WireResult)
    ) async throws -> Reply {
        let ticket = try await begin(caller, for: user, identity: identity)
        do {
            let (reply, outcome) = try await compare()
            settle(ticket, Outcome(outcome))
            return reply
        } catch {
            // Nobody was compared with anybody.
            settle(ticket, .undecided)
            throw error
        }
    }

    /// Begins a comparison that counts, which ``settle(_:_:)`` ends.
    ///
    /// - Parameter isFurther: as ``charge(_:identity:isFurther:)`` takes it.
    func begin(
        _ caller: Caller, for user: Int?, identity: IdentityName?, isFurther: Bool = false
    ) async throws -> Ticket {
        let actor = try requester(caller, for: user)
        return isWatched(caller, for: user)
            ? watch(actor, identity: identity)
            : try await charge(actor, identity: identity, isFurther: isFurther)
    }

    /// Makes work on pictures that compares with nobody who is enrolled, and so fails in nothing: it is held to the
    /// rate alone.
    ///
    /// - Parameters:
    ///   - pictures: how many are sent.
    ///   - work: counts the faces that are looked at; those beyond one for each picture are owed however it ends.
    func metered<Reply>(
        _ caller: Caller, for user: Int?, pictures: Int, _ work: (LookedAtFaces) async throws -> Reply
    ) async throws -> Reply {
        let actor = try requester(caller, for: user), faces = LookedAtFaces()
        if !isWatched(caller, for: user) { try pay(actor, pictures) }
        defer { owe(caller, for: user, faces.count - pictures) }
        return try await work(faces)
    }

    /// Counts faces towards the rate that were looked at before it was known how many there are.
    func owe(_ caller: Caller, for user: Int?, _ faces: Int) {
        guard !isWatched(caller, for: user), let actor = try? requester(caller, for: user) else { return }
        rate.owe(actor.user, faces)
    }

    /// Whether a caller is never refused, and its failures are told to the audit log alone. The user whom a relay asks for has no grant of the relay's.
    private func isWatched(_ caller: Caller, for user: Int?) -> Bool { caller.grants.score && user == nil }

    /// Whose failed comparison it would be.
    private func requester(_ caller: Caller, for user: Int?) throws -> AuditActor {
        let own = caller.actor
        guard let user else { return own }
        guard caller.grants.relay else { throw VarlinkError.permissionDenied }
        guard let user = UInt32(exactly: user), user != .max else { throw VarlinkError.invalidParameter("user") }
        return AuditActor(user: user, process: own.process, executable: own.executable)
    }

    /// Lifts lock-outs, and forgets the failures that led to them.
    func unlock(_ parameters: Unlock, by actor: AuditActor) async throws -> Unlock.Reply {
        var user: UInt32?
        if let asked = parameters.user {
            guard let exact = UInt32(exactly: asked) else { throw VarlinkError.invalidParameter("user") }
            user = exact
        }
        let identity = try parameters.identity.map { name throws(ServiceFailure) in try IdentityName(sent: name) }
        await flush()
        let removed = try await store.removeAttempts(caller: user, identity: identity, by: actor)
        return Unlock.Reply(removed: removed)
    }

    /// How failed comparisons are limited, and who is locked out, for administrators.
    func wire() async throws(GalleryError) -> WireAttempts {
        await flush()
        let now = Date()
        let records = try await store.attempts()
        let locked = records.filter { AttemptRules.isLockOut($0.record, at: now) }
        return WireAttempts(
            perIdentity: limits.perIdentity, perCaller: limits.perCaller, lockSeconds: Int(limits.lockSeconds),
            failing: records.count, lockedOut: locked.count,
            locked: locked.prefix(WireAttempts.maximumLocked).map(WireLockOut.init))
    }

    /// What a caller's failures with an identity become when another takes over one of its samples: whoever tried
    /// oneself out with the one has no more tries with the other.
    ///
    /// A lock-out is brought to nobody who is there already: else whoever may move could keep others from them.
    func carrying(from name: IdentityName, to other: IdentityName) -> CarriedAttempts {
        let now = clock(), rules = AttemptRules(limits: limits)
        return { caller, left, found, isMade throws(GalleryError) in
            let underWay = self.open(AttemptKey(caller: caller, identity: other))
            guard let carried = rules.carried(left, to: found, open: underWay, at: now) else { return nil }
            guard AttemptRules.isLockOut(left, at: now), !AttemptRules.isLockOut(found, at: now) else { return carried }
            // What is under way may yet be given back to the one, and would not be to the other.
            let open = self.open(AttemptKey(caller: caller, identity: name))
            let isCertain = rules.locksOut(left, without: open, in: .identity)
            guard isMade, isCertain else {
                let wait = isCertain ? left.blockedUntil?.timeIntervalSince(now) ?? 1 : 1
                throw .bringsLockOut(name, to: other, seconds: Self.wholeSeconds(wait))
            }
            return carried
        }
    }

    /// Tells the audit log how many comparisons have failed since it was last told.
    func auditFailures() async {
        let events = failures.take()
        guard !events.isEmpty else { return }
        do throws(GalleryError) {
            try await store.record(events)
        } catch {
            logger.error("The audit log is not told of \(events.count) counts of failed comparisons: \(error)")
        }
    }

    /// Forgets records that mean nothing any more.
    func trim() async {
        do throws(GalleryError) {
            _ = try await store.trimAttempts(
                before: Date(timeIntervalSinceNow: -limits.lockSeconds))
        } catch {
            logger.error("Old records of failed comparisons cannot be removed: \(error)")
        }
    }
}

extension AttemptLedger.Outcome {
    init(_ result: WireResult) {
        self =
            switch result {
            case .match: .match
            case .noMatch: .noMatch
            case .inconclusive: .undecided
            }
    }
}

extension WireLockOut {
    fileprivate init(_ entry: StoredAttempts) {
        self.init(
            user: Int(entry.caller), identity: entry.identity?.text,
            identityHash: entry.nameHash.map(HexadecimalText.of),
            failures: Int(entry.record.failures.rounded()),
            until: entry.record.blockedUntil.map { Int($0.wholeSeconds) } ?? 0)
    }
}
