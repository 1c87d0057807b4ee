// SPDX-License-Identifier: Apache-2.0

import Varlink

/// A method of `io.likeness.Verification` or `io.likeness.Admin`: beside its name, its parameters and its reply, who may
/// call it and what is done about each call, so that the daemon need not be told a second time.
package protocol LikenessMethod: VarlinkMethod {
    static var rules: MethodRules { get }

    /// Whom the call is about, as the caller spelt it, for the journal.
    var subject: String? { get }
    /// The same where only the reply tells; nil where it tells nothing more.
    static func subject(of reply: Reply) -> String?
    /// What the call came to, in a word or two, for the journal; nil where that is no more than an answer.
    static func outcome(of reply: Reply) -> String?
}

extension LikenessMethod {
    package var subject: String? { nil }
    package static func subject(of reply: Reply) -> String? { nil }
    package static func outcome(of reply: Reply) -> String? { nil }
}

/// What holds for every call of a method.
package struct MethodRules: Sendable, Hashable {
    /// What a daemon that stops does with a call.
    package enum Stop: Sendable, Hashable {
        /// It answers it: it reads, or waits for what it needs by itself.
        case answers
        /// It takes no new one, and waits for those that it has taken: they compare or change something.
        case refuses
        /// It takes no new one and waits for the beginning of those that it has taken. Callers may follow what they
        /// began for hours.
        case refusesTheBeginning
    }

    /// How a call comes into the audit log.
    package enum Auditing: Sendable, Hashable {
        /// It does not: it changes nothing.
        case never
        /// With what it changes, in one transaction of the gallery.
        case withTheChange
        /// Before its reply. One that cannot be entered is not answered.
        case beforeTheReply
        /// Before its reply, where the configuration asks for comparisons too.
        case whereConfigured
    }

    /// What the caller needs.
    package let role: Role
    package let stop: Stop
    package let audit: Auditing
    /// Whether the journal tells of a call that was answered. What only looks at the daemon is asked often, and would
    /// fill it.
    package let isLogged: Bool

    package init(role: Role, stop: Stop = .answers, audit: Auditing = .never, isLogged: Bool = true) {
        self.role = role
        self.stop = stop
        self.audit = audit
        self.isLogged = isLogged
    }
}

/// What a caller may do.
public enum Role: String, Sendable, Hashable, CaseIterable {
    /// Have pictures of one's own looked at, without the gallery: Detect, Compare. Neither of the next two includes it.
    case compare
    /// Ask whether a picture shows oneself, the identity that is called as one's account is: Verify and VerifyFrames.
    case verifySelf = "verify_self"
    /// Compare with anybody who is enrolled: Verify, VerifyFrames, Identify, IdentifyAll, and ask for the daemon's status.
    case verify
    /// Change and see what is enrolled of oneself, where polkit lets one: Enroll, EnrollSamples, CheckSample, Remove and Describe
    /// of the identity that is called as one's account is.
    case enrollSelf = "enrol_self"
    /// Also change and see who is enrolled: Enroll, EnrollSamples, CheckSample, MoveSample, Remove, List, Describe.
    case enroll = "enrol"
    /// Read what the daemon counts: Metrics. No other role but the next includes it.
    case monitor
    /// All of this, and the rest of the interface for administration.
    case admin

    /// Whether who has this role may do what another one is needed for.
    public func includes(_ other: Role) -> Bool {
        switch (self, other) {
        case (.admin, _), (.enroll, .verify), (.enroll, .verifySelf), (.enroll, .enrollSelf),
            (.enrollSelf, .verifySelf),
            (.verify, .verifySelf):
            true
        case (.compare, _), (.verifySelf, _), (.verify, _), (.enrollSelf, _), (.enroll, _), (.monitor, _): self == other
        }
    }
}

/// The methods of both interfaces, in the order of their descriptions.
package enum LikenessMethods {
    package static let all: [any LikenessMethod.Type] = [
        Enroll.self, EnrollSamples.self, CheckSample.self, Verify.self, VerifyFrames.self, Identify.self,
        IdentifyAll.self, Detect.self, Compare.self,
        List.self, Describe.self, MoveSample.self, Remove.self,
        Unlock.self, Status.self, Metrics.self, ListModels.self, ListGenerations.self, RotateModel.self,
        RotationStatus.self,
        CancelRotation.self, Rollback.self, PruneGenerations.self, Audit.self, VerifyAudit.self, CheckGallery.self,
        RepairGallery.self, Backup.self, ExportGallery.self, ImportIdentity.self, Rekey.self,
    ]
}
