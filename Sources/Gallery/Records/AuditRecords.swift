// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation

/// Who asked for something, as the audit log keeps it.
public struct AuditActor: Sendable, Hashable {
    /// The user and the process at the other end of the socket.
    public let user: UInt32
    public let process: Int32
    /// The path of the process's program, or its name in parentheses where the path is not to be seen; nil where
    /// neither is.
    public let executable: String?

    public init(user: UInt32, process: Int32, executable: String? = nil) {
        self.user = user
        self.process = process
        self.executable = executable
    }
}

/// What the audit log is told.
public struct AuditEvent: Sendable, Hashable {
    public let action: AuditEntry.Action
    /// Nil when the daemon acted by itself.
    public let actor: AuditActor?
    public let identity: IdentityName?
    public let sample: Int?
    /// The identity that a sample was moved to, and its number there; nil for every other action.
    public let destination: SampleReference?
    public let model: ModelDigest?
    /// What came of it, in a word or a few.
    public let result: String?

    public init(
        _ action: AuditEntry.Action, by actor: AuditActor?, identity: IdentityName? = nil, sample: Int? = nil,
        destination: SampleReference? = nil, model: ModelDigest? = nil, result: String? = nil
    ) {
        self.action = action
        self.actor = actor
        self.identity = identity
        self.sample = sample
        self.destination = destination
        self.model = model
        self.result = result
    }
}

/// One entry of the audit log. Entries outlive the identities they speak of: they hold a keyed hash of a name, never
/// the name.
public struct AuditEntry: Sendable, Hashable {
    /// What was done.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        case enroll = "enrol"
        case removeSample = "remove_sample"
        case removeIdentity = "remove_identity"
        /// A sample became one of another identity, which the entry names too.
        case moveSample = "move_sample"
        case verify
        case identify
        /// Faces were searched for in a caller's picture.
        case detect
        /// Two pictures of a caller's were compared with one another.
        case compare
        case activateModel = "activate_model"
        case beginRotation = "begin_rotation"
        case endRotation = "end_rotation"
        case rollBack = "roll_back"
        case prune
        case importIdentity = "import_identity"
        case exportGallery = "export_gallery"
        case backup
        case repair
        case rekey
        case trimAudit = "trim_audit"
        case migrate
        /// Comparisons that failed, told together.
        case failedComparisons = "failed_comparisons"
        /// A caller who is to be refused for a time, after too many of these.
        case lockOut = "lock_out"
        /// Failed comparisons were forgotten, and what they led to was lifted.
        case unlock
    }

    /// Grows by one with each entry.
    public let number: Int64
    public let time: Date
    public let action: Action
    /// Nil when the daemon acted by itself.
    public let actor: AuditActor?
    /// The keyed hash of the identity's name: 32 bytes, the same for the same name.
    public let nameHash: [UInt8]?
    /// The identity's name, while it is enrolled.
    public let identity: IdentityName?
    public let sample: Int?
    /// Where a sample was moved to; nil for every other action.
    public let destination: Destination?
    /// The digest of the model that was active.
    public let model: ModelDigest?
    public let result: String?

    /// The identity that a sample was moved to, and the number that it got there.
    public struct Destination: Sendable, Hashable {
        public let nameHash: [UInt8]
        /// The identity's name, while it is enrolled.
        public let identity: IdentityName?
        public let sample: Int
    }
}

/// What a look through the audit log found.
public struct AuditVerification: Sendable, Hashable {
    public let entries: Int
    /// The numbers of the first and the last entry; 0 where there is none.
    public let first: Int64
    public let last: Int64
    /// What is wrong, in words that name the first entry that does not follow from the one before; nil for a log that
    /// is whole.
    public let problem: String?

    public init(entries: Int, first: Int64, last: Int64, problem: String?) {
        self.entries = entries
        self.first = first
        self.last = last
        self.problem = problem
    }
}

/// How long entries of the audit log are kept.
public struct AuditRetention: Sendable, Hashable {
    /// Entries older than this are removed; nil for no limit.
    public let age: TimeInterval?
    /// More entries than this are not kept; nil for no limit.
    public let entries: Int?

    public static let forever = AuditRetention(age: nil, entries: nil)

    public init(age: TimeInterval?, entries: Int?) {
        self.age = age
        self.entries = entries
    }
}
