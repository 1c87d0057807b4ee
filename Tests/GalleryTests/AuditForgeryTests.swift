// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Synchronization
import Testing

/// Entries that somebody put into the audit log, or changed in it, so that others are believed or removed.
@Suite struct AuditForgeryTests {
    private let actor = AuditActor(user: 1000, process: 4242, executable: "/usr/bin/enroll")

    @Test(arguments: GalleryKind.available, [-5, 0, 2, 3])
    func `an entry that was put before the first is not shown, and found`(kind: GalleryKind, number: Int) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await fixture.opened()
        try await gallery.record((0..<5).map { _ in AuditEvent(.backup, by: actor) })
        #expect(try await gallery.trimAudit(AuditRetention(age: nil, entries: 3)) == 3)
        try await gallery.close()
        try fixture.run(
            "INSERT INTO audit (number, time, action, chain) SELECT \(number), time, action, chain FROM audit WHERE number = 6"
        )
        let again = try await fixture.opened()
        #expect(try await again.auditTrail(AuditQuery(limit: 10)).map(\.number) == [7, 6, 5, 4])
        #expect(
            try await again.auditTrail(AuditQuery(after: -10, limit: 2, newestFirst: false)).map(\.number) == [4, 5])
        let verification = try await again.verifyAudit()
        #expect(verification.problem == "entry \(number) was added before the log's first, 4")
        #expect(verification.entries == 4)
        #expect(try await again.check { _, _ in }.damage.map(\.kind) == [.audit])
    }

    /// Entries 1 to 10 are 1000 seconds older than 11 to 20, after which the clock of what is returned stands.
    private func makeLog(_ fixture: GalleryFixture) async throws -> SQLGallery.Options {
        let clock = Mutex(Date(timeIntervalSince1970: 1_000_000))
        var options = SQLGallery.Options()
        options.clock = { clock.withLock { $0 } }
        let gallery = try await fixture.open(options)
        try await gallery.record((0..<10).map { _ in AuditEvent(.backup, by: actor) })
        clock.withLock { $0 += 1000 }
        try await gallery.record((0..<10).map { _ in AuditEvent(.backup, by: actor) })
        try await gallery.close()
        return options
    }

    @Test(
        arguments: GalleryKind.available,
        [
            // The first of those that are recent is made old, or the very first where all are.
            ("UPDATE audit SET time = 0 WHERE number = 11", AuditRetention(age: 500, entries: nil), 20),
            ("UPDATE audit SET time = 0 WHERE number = 1", AuditRetention(age: 5000, entries: nil), 20),
            // What goes is itself not as it was.
            ("UPDATE audit SET result = 'x' WHERE number = 3", AuditRetention(age: nil, entries: 15), 20),
            ("UPDATE audit SET result = 'x' WHERE number = 3", AuditRetention(age: 500, entries: nil), 20),
            ("DELETE FROM audit WHERE number = 3", AuditRetention(age: nil, entries: 15), 19),
            ("DELETE FROM audit WHERE number = 1", AuditRetention(age: 500, entries: nil), 19),
        ]) func `nothing is removed from a log that was changed where it is to be trimmed`(
            kind: GalleryKind, change: (statement: String, retention: AuditRetention, left: Int)
        ) async throws
    {
        let fixture = try GalleryFixture(kind)
        let options = try await makeLog(fixture)
        try fixture.run(change.statement)
        let gallery = try await fixture.open(options)
        await #expect {
            try await gallery.trimAudit(change.retention)
        } throws: { error in
            if case GalleryError.damagedRecord = error { true } else { false }
        }
        #expect(try await gallery.auditTrail(AuditQuery(limit: 100)).count == change.left)
        #expect(try await gallery.verifyAudit().problem != nil)
    }

    @Test(arguments: GalleryKind.available) func `an old time on a recent entry takes none of those before it away`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let options = try await makeLog(fixture)
        try fixture.run("UPDATE audit SET time = 0 WHERE number = 15")
        let gallery = try await fixture.open(options)
        #expect(try await gallery.trimAudit(AuditRetention(age: 5000, entries: nil)) == 0)
        #expect(try await gallery.auditTrail(AuditQuery(limit: 100)).count == 20)
        // Those that are old indeed go; the forged one stays, and is found.
        #expect(try await gallery.trimAudit(AuditRetention(age: 500, entries: nil)) == 10)
        #expect(try await gallery.verifyAudit().problem == "entry 15 was changed, or does not follow the one before it")
    }
}
