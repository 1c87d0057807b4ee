// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Varlink

/// Who calls: the peer, and what it may do.
struct Caller: Sendable {
    let peer: PeerCredentials
    let grants: Grants
    let accounts: Accounts
    let selfEnrollment: SelfEnrollment

    var user: UInt32 { peer.userID }
    /// With the program that it runs now.
    var actor: AuditActor { AuditActor(peer) }

    /// Whose shares a call takes: those of the user for whom a relay asks.
    func user(asking other: Int?) -> UInt32 { other.flatMap(UInt32.init(exactly:)) ?? user }

    /// - Throws: `PermissionDenied` for an identity that a caller with the role `verify_self` alone asks about, and that
    ///   is not called as the account is that it asks for: its own, or that of the user whom a relay names.
    func checkVerification(of identity: IdentityName, for other: Int?) async throws {
        if grants.allows(.verify) { return }
        guard await accounts.isOwn(identity, of: user(asking: other)) else { throw VarlinkError.permissionDenied }
    }

    /// Whoever can log in by a face must not be enrolled by anybody but an administrator and himself. A caller with the role
    /// `enrol_self` alone is asked for a consent, which may take a while.
    ///
    /// - Throws: ``ServiceFailure/reservedName(identity:)`` for the name of another user's account,
    ///   ``ServiceFailure/notAuthorized(_:)``, or `PermissionDenied` for what is not the caller's own.
    func checkChange(of identity: IdentityName) async throws {
        if grants.allows(.admin) { return }
        if !grants.allows(.enroll) { try await checkIsOwn(identity) }
        if try await accounts.isAnothers(identity, than: user) {
            throw ServiceFailure.reservedName(identity: identity.text)
        }
        if !grants.allows(.enroll) { try await selfEnrollment.obtainConsent(of: peer) }
    }

    /// - Throws: `PermissionDenied` for an identity that a caller with the role `enrol_self` alone would see, and that is not called as
    ///   its account is.
    func checkSight(of identity: IdentityName) async throws {
        if !grants.allows(.enroll) { try await checkIsOwn(identity) }
    }

    private func checkIsOwn(_ identity: IdentityName) async throws {
        guard await accounts.isOwn(identity, of: user) else { throw VarlinkError.permissionDenied }
    }

    /// - Throws: `PermissionDenied` for a rate that a caller without the grant `score` names: with several thresholds
    ///   to ask for, a result is a distance.
    func checkOperatingPoint(_ rate: Double?) throws {
        guard rate == nil || grants.score else { throw VarlinkError.permissionDenied }
    }
}

/// A call that its caller may make, on its way through a method.
struct ServiceCall<Method: LikenessMethod>: Sendable {
    let caller: Caller
    private let wire: VarlinkCall
    private let pipeline: CallPipeline

    init(_ wire: VarlinkCall, by caller: Caller, in pipeline: CallPipeline) {
        self.wire = wire
        self.caller = caller
        self.pipeline = pipeline
    }

    var grants: Grants { caller.grants }
    var actor: AuditActor { caller.actor }
    /// Whether the caller takes several replies.
    var more: Bool { wire.more }

    /// A reply that others follow. The last one is what the method returns.
    func replyContinuing(_ reply: Method.Reply) async throws {
        try await wire.replyContinuing(reply)
    }

    /// Runs the part of a method that a stop waits for (``MethodRules/Stop/refusesTheBeginning``).
    ///
    /// - Throws: ``ServiceFailure/stopping`` without having begun, or what the work throws.
    func begin<Value>(_ work: () async throws -> Value) async throws -> Value {
        try await pipeline.admission.admit(work)
    }

    /// Enters the call in the audit log before its reply, where the method's rules ask for that; the store itself
    /// enters what it changes.
    ///
    /// - Throws: ``ServiceFailure``. A call that cannot be entered is not answered.
    func enter(
        _ action: AuditEntry.Action, identity: IdentityName? = nil, model: ModelDigest? = nil, result: String? = nil
    ) async throws(ServiceFailure) {
        try await enter([AuditEvent(action, by: actor, identity: identity, model: model, result: result)])
    }

    /// The same of a call that did several things.
    func enter(_ events: [AuditEvent]) async throws(ServiceFailure) {
        switch Method.rules.audit {
        case .never, .withTheChange:
            // An entry that is silently left out would be missed by nobody.
            throw .internal(message: "the rules of \(Method.name) leave it no entry of its own in the audit log")
        case .whereConfigured where !pipeline.configuration.value.auditsComparisons: return
        case .whereConfigured, .beforeTheReply: break
        }
        do throws(GalleryError) {
            try await pipeline.store.record(events)
        } catch {
            throw ServiceFailure(error)
        }
    }
}
