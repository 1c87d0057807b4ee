// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Synchronization
import Testing

@Suite struct AuditTests {
    private let alice: IdentityName
    private let actor = AuditActor(user: 1000, process: 4242, executable: "/usr/bin/enroll")

    init() throws {
        alice = try IdentityName("alice")
    }

    @Test(arguments: GalleryKind.available)
    func `the log says who did what, and outlives the identity without its name`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: actor)
        let before = try await gallery.auditTrail(AuditQuery(limit: 10))
        #expect(before.map(\.action) == [.enroll, .activateModel])
        #expect(before[0].identity == alice)
        _ = try await gallery.removeSample(1, of: alice, by: actor)
        let trail = try await gallery.auditTrail(AuditQuery(limit: 10))
        #expect(trail.map(\.action) == [.removeIdentity, .removeSample, .enroll, .activateModel])
        #expect(
            trail.prefix(3).allSatisfy { $0.actor == actor && $0.identity == nil && $0.nameHash == before[0].nameHash })
        #expect(trail[1].sample == 1)
        #expect(trail[2].model == GalleryFixture.model.digest)
        #expect(trail[3].actor == nil)
        // Whoever knows the name finds its entries.
        #expect(try await gallery.auditTrail(AuditQuery(identity: alice, limit: 10)).count == 3)
        #expect(try await gallery.auditTrail(AuditQuery(identity: IdentityName("bob"), limit: 10)).isEmpty)
        try await gallery.close()
        #expect(try fixture.stored().range(of: Data("alice".utf8)) == nil)
    }

    @Test(arguments: GalleryKind.available) func `pages follow one another in both orders`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        try await gallery.record((0..<10).map { _ in AuditEvent(.backup, by: actor) })
        let oldest = try await gallery.auditTrail(AuditQuery(after: 3, limit: 2, newestFirst: false))
        #expect(oldest.map(\.number) == [4, 5])
        let newest = try await gallery.auditTrail(AuditQuery(after: 3, limit: 2))
        #expect(newest.map(\.number) == [2, 1])
    }

    @Test(
        arguments: GalleryKind.available,
        [
            "UPDATE audit SET user_id = 0 WHERE number = 3",
            "UPDATE audit SET result = 'x' WHERE number = 3",
            "DELETE FROM audit WHERE number = 3",
            "DELETE FROM audit WHERE number = 6",
            "DELETE FROM audit",
            "INSERT INTO audit (number, time, action, chain) SELECT 7, time, action, chain FROM audit WHERE number = 6",
        ]) func `a change of the log by anybody else is found`(kind: GalleryKind, change: String) async throws
    {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        try await gallery.record((0..<5).map { _ in AuditEvent(.backup, by: actor) })
        let whole = try await gallery.verifyAudit()
        #expect(whole == AuditVerification(entries: 6, first: 1, last: 6, problem: nil))
        try await gallery.close()
        try fixture.run(change)
        let again = try await fixture.opened()
        #expect(try await again.verifyAudit().problem != nil)
        #expect(try await again.check { _, _ in }.damage.map(\.kind) == [.audit])
    }

    @Test(arguments: GalleryKind.available) func `old entries go by number and by age, and the rest is still whole`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let clock = Mutex(Date(timeIntervalSince1970: 1_000_000))
        var options = SQLGallery.Options()
        options.clock = { clock.withLock { $0 } }
        let gallery = try await fixture.open(options)
        try await gallery.record((0..<10).map { _ in AuditEvent(.backup, by: actor) })
        clock.withLock { $0 += 1000 }
        try await gallery.record((0..<10).map { _ in AuditEvent(.backup, by: actor) })
        #expect(try await gallery.trimAudit(AuditRetention(age: nil, entries: 15)) == 5)
        #expect(try await gallery.trimAudit(AuditRetention(age: 500, entries: nil)) == 5)
        #expect(try await gallery.trimAudit(.forever) == 0)
        let verification = try await gallery.verifyAudit()
        #expect(verification == AuditVerification(entries: 12, first: 11, last: 22, problem: nil))
        #expect(try await gallery.auditTrail(AuditQuery(limit: 1)).first?.action == .trimAudit)
        try await gallery.close()
        try fixture.run("DELETE FROM audit WHERE number = 11")
        let again = try await fixture.open(options)
        #expect(try await again.verifyAudit().problem != nil)
    }
}
