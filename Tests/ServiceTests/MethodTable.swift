// SPDX-License-Identifier: Apache-2.0

import Gallery
import LikenessInterface
import Service
import Testing

/// What holds for each method on the wire. It stands here a second time, by hand, so that no change of the code can
/// change who may call a method, or what is told and entered of a call, without being seen.
struct MethodRow: Sendable, CustomTestStringConvertible {
    let interface: String
    let method: String
    let role: Role
    /// Whether a service that stops refuses it.
    let whileStopping: WhileStopping
    /// What the journal's field `result` begins with where the call succeeds; nil where the journal is not told.
    let told: String?
    /// Whom the journal says that it was about.
    let about: String?
    /// What the audit log gets by such a call.
    let entered: [AuditEntry.Action]
    /// The same where the configuration asks for comparisons too.
    let enteredWithComparisons: [AuditEntry.Action]
    /// What is complained of when no parameter is sent; nil where none is needed.
    let missing: String?
    /// Whether there are parameters at all. A method without any looks at none.
    let hasParameters: Bool

    enum WhileStopping: Sendable {
        /// Whatever is sent with it.
        case refused
        /// Once its parameters have been read.
        case refusedToBegin
        case answered
    }

    var name: String { "io.likeness.\(interface).\(method)" }
    var testDescription: String { method }

    init(
        _ name: (interface: String, method: String), _ role: Role, _ whileStopping: WhileStopping, told: String?,
        about: String? = nil, entered: [AuditEntry.Action] = [], comparison: AuditEntry.Action? = nil,
        missing: String? = nil, hasParameters: Bool = true
    ) {
        (interface, method) = name
        self.role = role
        self.whileStopping = whileStopping
        self.told = told
        self.about = about
        self.entered = entered
        enteredWithComparisons = entered + [comparison].compactMap(\.self)
        self.missing = missing
        self.hasParameters = hasParameters
    }
}

enum MethodTable {
    /// In an order in which each of them can be called once and succeed (``MethodTableTests``).
    static let rows = [
        MethodRow(
            ("Verification", "Enroll"), .enrollSelf, .refused, told: "sample 1", about: "alice", entered: [.enroll],
            missing: "identity"),
        MethodRow(
            ("Verification", "EnrollSamples"), .enrollSelf, .refused, told: "2 enrolled", about: "alice",
            entered: [.enroll, .enroll], missing: "identity"),
        MethodRow(
            ("Verification", "CheckSample"), .enrollSelf, .refused, told: "fit to enrol", about: "alice",
            missing: "identity"),
        MethodRow(
            ("Verification", "Verify"), .verifySelf, .refused, told: "match", about: "alice", comparison: .verify,
            missing: "identity"),
        MethodRow(
            ("Verification", "VerifyFrames"), .verifySelf, .refused, told: "match", about: "alice",
            comparison: .verify, missing: "identity"),
        MethodRow(
            ("Verification", "Identify"), .verify, .refused, told: "match", about: "alice", comparison: .identify,
            missing: "image"),
        MethodRow(
            ("Verification", "IdentifyAll"), .verify, .refused, told: "1 of 1 known", comparison: .identify,
            missing: "image"),
        MethodRow(
            ("Verification", "Detect"), .compare, .refused, told: "1 found", comparison: .detect, missing: "image"),
        MethodRow(
            ("Verification", "Compare"), .compare, .refused, told: "match", comparison: .compare, missing: "first"),
        MethodRow(
            ("Verification", "Describe"), .enrollSelf, .answered, told: "ok", about: "alice", missing: "identity"),
        MethodRow(("Verification", "List"), .enroll, .answered, told: "ok", hasParameters: false),
        MethodRow(("Admin", "Status"), .verify, .answered, told: nil, hasParameters: false),
        MethodRow(("Admin", "Metrics"), .monitor, .answered, told: nil, hasParameters: false),
        MethodRow(("Admin", "ListModels"), .admin, .answered, told: nil, hasParameters: false),
        MethodRow(("Admin", "ListGenerations"), .admin, .answered, told: nil, hasParameters: false),
        MethodRow(("Admin", "RotationStatus"), .enroll, .answered, told: nil, hasParameters: false),
        MethodRow(
            ("Admin", "Unlock"), .admin, .refused, told: "0 removed", about: "alice", entered: [.unlock]),
        MethodRow(("Admin", "Audit"), .admin, .answered, told: "ok"),
        MethodRow(("Admin", "VerifyAudit"), .admin, .answered, told: "intact", hasParameters: false),
        MethodRow(("Admin", "CheckGallery"), .admin, .answered, told: "0 damaged", hasParameters: false),
        // It enters what it removes, which here is nothing.
        MethodRow(("Admin", "RepairGallery"), .admin, .refused, told: "0 removed", hasParameters: false),
        MethodRow(("Admin", "Backup"), .admin, .answered, told: "ok", entered: [.backup], hasParameters: false),
        MethodRow(
            ("Admin", "ExportGallery"), .admin, .answered, told: "ok", entered: [.exportGallery],
            hasParameters: false),
        MethodRow(
            ("Admin", "ImportIdentity"), .admin, .refused, told: "imported", about: "traveller",
            entered: [.importIdentity], missing: "identity"),
        MethodRow(("Admin", "Rekey"), .admin, .refused, told: "key ", entered: [.rekey], hasParameters: false),
        MethodRow(
            ("Admin", "CancelRotation"), .admin, .answered, told: "cancelled", entered: [.endRotation],
            hasParameters: false),
        MethodRow(
            ("Admin", "RotateModel"), .admin, .refusedToBegin, told: "activated",
            entered: [.beginRotation, .activateModel], missing: "model"),
        MethodRow(
            ("Admin", "Rollback"), .admin, .refused, told: "pixels-face 1", entered: [.rollBack]),
        MethodRow(("Admin", "PruneGenerations"), .admin, .refused, told: "1 removed", entered: [.prune]),
        MethodRow(
            ("Verification", "MoveSample"), .enroll, .refused, told: "now sample 1", about: "alice",
            entered: [.moveSample], missing: "identity"),
        MethodRow(
            ("Verification", "Remove"), .enrollSelf, .refused, told: "2 removed", about: "alice",
            entered: [.removeIdentity], missing: "identity"),
    ]
}
