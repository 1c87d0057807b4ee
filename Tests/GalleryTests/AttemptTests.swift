// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Synchronization
import Testing

/// What a gallery keeps of failed comparisons.
@Suite struct AttemptTests {
    private let alice: IdentityName
    private let nobody: IdentityName
    private let start = Date(timeIntervalSince1970: 1_800_000_000)
    private let admin = AuditActor(user: 0, process: 1)

    init() throws {
        alice = try IdentityName("alice")
        nobody = try IdentityName("nobody")
    }

    private func total(_ caller: UInt32) -> AttemptKey { AttemptKey(caller: caller, identity: nil) }

    /// Stores records, whatever was there before.
    private func put(_ records: [AttemptKey: AttemptRecord], in gallery: SQLGallery) async throws {
        try await gallery.changeAttempts(of: Set(records.keys)) { _ in (records.mapValues(Optional.some), [], ()) }
    }

    private func read(_ keys: Set<AttemptKey>, in gallery: SQLGallery) async throws -> [AttemptKey: AttemptRecord] {
        try await gallery.changeAttempts(of: keys) { ([:], [], $0) }
    }

    /// Records of two callers: the first is blocked for 60 s.
    private var records: [AttemptKey: AttemptRecord] {
        [
            total(1000): AttemptRecord(
                failures: 7.25, last: Date(timeIntervalSince1970: 1_800_000_000.125),
                blockedUntil: start.addingTimeInterval(60)),
            AttemptKey(caller: 1000, identity: alice): AttemptRecord(failures: 4, last: start),
            AttemptKey(caller: 1000, identity: nobody): AttemptRecord(failures: 0, last: start),
            AttemptKey(caller: UInt32.max, identity: alice): AttemptRecord(
                failures: 0.000001, last: Date(timeIntervalSince1970: 1_799_999_999.999)),
        ]
    }

    private func options(at time: Date, key: Int = 0) -> SQLGallery.Options {
        var options = FaultRuns.options(key, 0)
        options.clock = { time }
        return options
    }

    @Test(arguments: GalleryKind.available) func `records survive a restart and a new data key, and hold no name`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind), records = records
        let gallery = try await fixture.open(options(at: start, key: 3))
        _ = try await gallery.activate(GalleryFixture.model)
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        try await put(records, in: gallery)
        try await gallery.rekey(by: nil) { _ in }
        try await gallery.close()
        #expect(try !fixture.holds(Array("nobody".utf8)) && !fixture.holds(Array("alice".utf8)))
        let again = try await fixture.open(options(at: start, key: 3))
        #expect(try await read(Set(records.keys).union([total(1)]), in: again) == records)
        let hash = again.nameHash(of: alice)
        let listed = try await again.attempts()
        #expect(listed.map(\.caller) == [1000, 1000, 1000, .max])
        #expect(
            listed[0]
                == StoredAttempts(
                    caller: 1000, nameHash: nil, identity: nil, record: try #require(records[total(1000)])))
        #expect(listed.filter { $0.identity == alice }.map(\.nameHash) == [hash, hash])
        #expect(Set(listed.map(\.nameHash)) == [nil, hash, again.nameHash(of: nobody)])
        #expect(try await again.auditTrail(AuditQuery(identity: alice, limit: 1)).first?.nameHash == hash)
        #expect(try await again.check { _, _ in }.damage.isEmpty)
        try await again.close()
    }

    @Test func `records are in a backup`() async throws {
        let fixture = try GalleryFixture(), records = records
        let gallery = try await fixture.opened()
        try await put(records, in: gallery)
        let path = fixture.folder + "/backup.sqlite"
        try await gallery.backUp(to: path, by: nil)
        let restored = try await SQLiteGallery.open(path: path)
        #expect(try await read(Set(records.keys), in: restored) == records)
    }

    @Test(arguments: GalleryKind.available)
    func `a key that is mapped to nothing goes, one that is not mentioned stays, and the events are in the log`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind), records = records
        let gallery = try await fixture.opened()
        try await put(records, in: gallery)
        let mine = AttemptKey(caller: 1000, identity: alice), other = total(1000)
        let event = AuditEvent(.lockOut, by: admin, identity: alice, result: "60 s")
        let answer = try await gallery.changeAttempts(of: [mine, other]) { found in ([mine: nil], [event], found.count)
        }
        #expect(answer == 2)
        #expect(try await read([mine, other], in: gallery) == [other: try #require(records[other])])
        let entry = try #require(try await gallery.auditTrail(AuditQuery(limit: 1)).first)
        #expect(entry.action == .lockOut && entry.nameHash == gallery.nameHash(of: alice) && entry.result == "60 s")
        #expect(try await gallery.verifyAudit().problem == nil)
        try await gallery.close()
    }

    @Test(arguments: [-1, .nan, .infinity, 1e30]) func `a number that no count can be becomes the nearest that can`(
        failures: Double
    ) async throws {
        let fixture = try GalleryFixture(), key = total(5)
        let gallery = try await fixture.opened()
        try await put(
            [key: AttemptRecord(failures: failures, last: .distantPast, blockedUntil: .distantFuture)], in: gallery)
        let kept = try await read([key], in: gallery)[key]
        #expect(
            kept
                == AttemptRecord(
                    failures: failures < 0 ? 0 : AttemptRecord.mostFailures, last: .distantPast,
                    blockedUntil: .distantFuture))
    }

    @Test(arguments: GalleryKind.available) func `an administrator removes those of a caller, with an identity, or all`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind), records = records
        let gallery = try await fixture.opened()
        try await put(records, in: gallery)
        #expect(try await gallery.removeAttempts(caller: 1000, identity: nobody, by: admin) == 1)
        #expect(try await gallery.removeAttempts(caller: nil, identity: alice, by: admin) == 2)
        #expect(try await gallery.attempts().map(\.nameHash) == [nil])
        #expect(try await gallery.removeAttempts(caller: 7, identity: nil, by: admin) == 0)
        try await put(records, in: gallery)
        #expect(try await gallery.removeAttempts(caller: 1000, identity: nil, by: admin) == 3)
        #expect(try await gallery.removeAttempts(caller: nil, identity: nil, by: admin) == 1)
        #expect(try await gallery.attempts().isEmpty)
        let trail = try await gallery.auditTrail(AuditQuery(limit: 5))
        #expect(trail.allSatisfy { $0.action == .unlock && $0.actor == admin })
        #expect(
            trail.first?.result == "1 record of everybody removed"
                && trail[1].result == "3 records of user 1000 removed")
        try await gallery.close()
    }

    @Test(arguments: GalleryKind.available) func `what is old and blocks no longer is trimmed`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind), records = records
        let gallery = try await fixture.open(options(at: start.addingTimeInterval(59)))
        try await put(records, in: gallery)
        #expect(try await gallery.trimAttempts(before: start) == 1)
        #expect(try await gallery.trimAttempts(before: start.addingTimeInterval(50)) == 2)
        #expect(try await gallery.attempts().map(\.nameHash) == [nil])
        try await gallery.close()
        let later = try await fixture.open(options(at: start.addingTimeInterval(60)))
        #expect(try await later.trimAttempts(before: start.addingTimeInterval(50)) == 1)
        try await later.close()
    }

    @Test(
        arguments: GalleryKind.available,
        [
            "UPDATE attempt SET failures = 0 WHERE caller = 1000 AND length(name_hash) = 0",
            "UPDATE attempt SET failures = -5 WHERE caller = 1000 AND length(name_hash) = 0",
            "UPDATE attempt SET blocked_until_ms = NULL WHERE caller = 1000 AND length(name_hash) = 0",
            "UPDATE attempt SET blocked_until_ms = 0, last_ms = 0 WHERE caller = 1000 AND length(name_hash) = 0",
            "UPDATE attempt SET seal = zeroblob(0) WHERE caller = 1000 AND length(name_hash) = 0",
            """
            DELETE FROM attempt WHERE caller = 1000 AND length(name_hash) = 0;
            INSERT INTO attempt (caller, name_hash, failures, last_ms, blocked_until_ms, seal)
                SELECT 1000, zeroblob(0), failures, last_ms, blocked_until_ms, seal FROM attempt WHERE caller = 4294967295
            """,
        ]) func `a record that somebody changed blocks until it is removed, and is named`(
            kind: GalleryKind, change: String
        ) async throws
    {
        let fixture = try GalleryFixture(kind), records = records, key = total(1000)
        let gallery = try await fixture.open(options(at: start))
        try await put(records, in: gallery)
        try await gallery.close()
        try fixture.run(change)
        let again = try await fixture.open(options(at: start.addingTimeInterval(1e6)))
        #expect(try await read([key], in: again) == [key: .unreadable])
        #expect(try await again.attempts().first?.record == .unreadable)
        // Neither what would be decided of it nor time lifts it.
        try await put([key: AttemptRecord(failures: 0, last: start)], in: again)
        try await again.changeAttempts(of: [key]) { _ in ([key: nil], [], ()) }
        #expect(try await again.trimAttempts(before: .distantFuture) == 3)
        #expect(try await read([key], in: again)[key]?.blockedUntil == .distantFuture)
        let damage = try await again.check { _, _ in }.damage
        #expect(damage.map(\.kind) == [.attempts] && damage.first?.what.contains("user 1000") == true)
        #expect(try await again.repair(by: nil) == damage)
        #expect(try await read([key], in: again).isEmpty)
        #expect(try await again.check { _, _ in }.damage.isEmpty)
        try await again.close()
    }

    @Test(arguments: GalleryKind.available) func `a record that somebody changed is lifted by an administrator`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind), key = total(1000)
        let gallery = try await fixture.opened()
        try await put(records, in: gallery)
        try await gallery.close()
        try fixture.run("UPDATE attempt SET failures = 1 WHERE caller = 1000")
        let again = try await fixture.opened()
        #expect(try await again.removeAttempts(caller: 1000, identity: nil, by: admin) == 3)
        #expect(try await read([key], in: again).isEmpty)
        try await again.close()
    }

    @Test(arguments: GalleryKind.available) func `a record of no user is named, listed nowhere and removed by a repair`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        try await fixture.opened().close()
        try fixture.run(
            "INSERT INTO attempt (caller, name_hash, failures, last_ms, seal) VALUES (-1, zeroblob(7), 0, 0, zeroblob(1))"
        )
        let gallery = try await fixture.opened()
        #expect(try await gallery.attempts().isEmpty)
        #expect(try await gallery.check { _, _ in }.damage.map(\.kind) == [.attempts])
        #expect(try await gallery.repair(by: nil).count == 1)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        try await gallery.close()
    }

    /// As on PostgreSQL by several daemons.
    @Test(arguments: GalleryKind.available) func `failures that several count at a time are all counted`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind), key = total(1000), start = start
        let stores =
            kind == .sqlite ? [try await fixture.opened()] : [try await fixture.opened(), try await fixture.opened()]
        try await withThrowingTaskGroup { group in
            for number in 0..<40 {
                let store = stores[number % stores.count]
                group.addTask {
                    try await store.changeAttempts(of: [key]) { found in
                        let failures = (found[key]?.failures ?? 0) + 1
                        return (
                            [key: AttemptRecord(failures: failures, last: start)],
                            [AuditEvent(.failedComparisons, by: nil)], ()
                        )
                    }
                }
            }
            try await group.waitForAll()
        }
        for store in stores {
            #expect(try await read([key], in: store)[key]?.failures == 40)
            #expect(try await store.verifyAudit().problem == nil)
        }
        for store in stores { try await store.close() }
    }
}
