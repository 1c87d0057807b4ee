// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Synchronization
import Testing

/// A sample that becomes another identity's, and samples that are enrolled together.
@Suite struct MovingSamplesTests {
    private let alice: IdentityName
    private let bob: IdentityName
    private let actor = AuditActor(user: 1000, process: 4242, executable: "/usr/bin/enroll")
    private let image: [UInt8] = [9, 8, 7, 6]

    init() throws {
        alice = try IdentityName("alice")
        bob = try IdentityName("bob")
    }

    /// Alice has three samples, of which the last shows bob; bob has one.
    private func enrolled(
        _ fixture: GalleryFixture, keys: WrappingKeys = .none, clock: @escaping @Sendable () -> Date = { Date() }
    ) async throws -> SQLGallery {
        var options = SQLGallery.Options()
        options.keys = keys
        options.clock = clock
        let gallery = try await fixture.open(options)
        _ = try await gallery.activate(GalleryFixture.model)
        for (name, value) in [(alice, 1), (alice, 2), (bob, 4), (alice, 3)] as [(IdentityName, Float)] {
            _ = try await gallery.enroll(
                GalleryFixture.sample(
                    [value, 0, 0], original: UInt8(value), image: value == 3 ? image : [1],
                    measurements: [QualityMeasurement(.sharpness, Double(value), minimum: 1)]),
                as: name, modality: .face, by: nil)
        }
        return gallery
    }

    @Test(arguments: GalleryKind.available)
    func `a sample moves with its picture, its time, its measurements and its embedding`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let key = WrappingKeys(current: WrappingKey(bytes: [UInt8](repeating: 7, count: 32)))
        let time = TimeTeller()
        let gallery = try await enrolled(fixture, keys: key, clock: { time.now })
        let before = try #require(try await gallery.details(of: alice)?.samples.last)
        time.advance()
        let move = try await gallery.moveSample(3, of: alice, to: bob, [], by: actor)
        #expect(
            move
                == SampleMove(
                    sample: SampleReference(identity: bob, number: 2), remaining: 2, sampleCount: 2,
                    madeIdentity: false,
                    embedding: try GalleryFixture.embedding([3, 0, 0]), duplicates: []))
        try await gallery.close()

        let again = try await fixture.opened(keys: key)
        let details = try #require(try await again.details(of: bob)), moved = details.samples[1]
        #expect(moved.number == 2 && moved.enrolled == before.enrolled && moved.original == before.original)
        #expect(moved.measurements == before.measurements && moved.kept == before.kept)
        #expect(details.identity.updated > details.identity.enrolled)
        #expect(try await again.image(of: move.sample) == image)
        #expect(try await again.details(of: alice)?.samples.map(\.number) == [1, 2])
        #expect(
            try await again.embeddings(of: .face)?.embeddings.map { "\($0.sample.identity) \($0.embedding.values[0])" }
                == ["alice 1.0", "alice 2.0", "bob 4.0", "bob 3.0"])
        #expect(try await again.counts() == GalleryCounts(identities: 2, samples: 4))
        #expect(try await again.check { _, _ in }.damage.isEmpty)
        // Neither number is given again.
        let next = try await again.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        #expect(next.sample.number == 4)
    }

    @Test(arguments: GalleryKind.available)
    func `one entry of the audit log names both, and is found by either`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        _ = try await gallery.moveSample(3, of: alice, to: bob, [], by: actor)
        for name in [alice, bob] {
            let entry = try #require(try await gallery.auditTrail(AuditQuery(identity: name, limit: 1)).first)
            #expect(entry.action == .moveSample && entry.actor == actor && entry.result == nil)
            #expect(entry.identity == alice && entry.sample == 3)
            #expect(entry.destination?.identity == bob && entry.destination?.sample == 2)
            #expect(entry.destination?.nameHash == gallery.nameHash(of: bob))
            #expect(entry.model == GalleryFixture.model.digest)
        }
        #expect(try await gallery.auditTrail(AuditQuery(identity: IdentityName("carol"), limit: 9)).isEmpty)
        #expect(try await gallery.verifyAudit().problem == nil)
        // A name outlives its identity nowhere.
        _ = try await gallery.remove(bob, by: nil)
        let entry = try #require(
            try await gallery.auditTrail(AuditQuery(identity: bob, limit: 9)).first { $0.action == .moveSample })
        #expect(entry.destination?.sample == 2 && entry.destination?.identity == nil)
        try await gallery.close()
        #expect(try fixture.run("SELECT count(*) FROM audit WHERE result LIKE '%bob%'") == ["0"])
    }

    @Test(arguments: GalleryKind.available)
    func
        `what every model made of a sample moves with it, also in a generation that is being built, and a rollback finds it`(
            kind: GalleryKind
        ) async throws
    {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        defer { withExtendedLifetime(fixture) {} }
        func embed(in building: Generation, limit: Int) async throws {
            let pending = try await gallery.pendingSamples(in: building.id, after: 0, limit: limit)
            try await gallery.store(
                pending.map {
                    let value = Float($0.image == image ? 30 : 10)
                    return ($0.id, .embedded(try GalleryFixture.embedding([value, 0, 0], model: building.model)))
                }, in: building.id)
        }
        let building = try await gallery.beginGeneration(
            GalleryFixture.otherModel, for: .rotation(maximumDrop: 1), by: nil)
        // All of them, the one that moves among them, but for one.
        try await embed(in: building, limit: 4)
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        let moved = try await gallery.moveSample(3, of: alice, to: bob, [], by: nil).sample
        // One that is not embedded yet moves as well, and is embedded where it is then.
        let late = try await gallery.moveSample(4, of: alice, to: bob, [], by: nil).sample
        #expect(try await gallery.pendingSamples(in: building.id, after: 0, limit: 9).map(\.reference) == [late])
        try await embed(in: building, limit: 9)
        _ = try await gallery.activateGeneration(building.id, result: "", by: nil)
        func value(of sample: SampleReference) async throws -> Float? {
            try await gallery.embeddings(of: .face)?.embeddings.first { $0.sample == sample }?.embedding.values[0]
        }
        #expect(try await value(of: moved) == 30)
        #expect(try await value(of: late) == 10)
        let back = try await gallery.moveSample(moved.number, of: bob, to: alice, [], by: nil).sample
        let rollback = try await gallery.beginGeneration(GalleryFixture.model, for: .rollback, by: nil)
        #expect(try await gallery.pendingSamples(in: rollback.id, after: 0, limit: 9).isEmpty)
        _ = try await gallery.activateGeneration(rollback.id, result: "", by: nil)
        #expect(try await value(of: back) == 3)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
    }

    @Test(arguments: GalleryKind.available)
    func `what is refused leaves everything as it was`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        defer { withExtendedLifetime(fixture) {} }
        let carol = try IdentityName("carol")
        var before = try await gallery.lines()
        func refuses(
            _ number: Int, of name: IdentityName, to other: IdentityName, _ permissions: SampleMove.Permissions = [],
            with error: GalleryError
        ) async throws {
            await #expect(throws: error) {
                try await gallery.moveSample(number, of: name, to: other, permissions, by: nil)
            }
            #expect(try await gallery.lines() == before)
        }
        try await refuses(3, of: alice, to: carol, .takingLast, with: .noSuchIdentity(carol))
        try await refuses(3, of: carol, to: bob, with: .noSuchIdentity(carol))
        try await refuses(9, of: alice, to: bob, with: .noSuchSample(alice, number: 9))
        try await refuses(1, of: alice, to: alice, with: .sameIdentity(alice))
        try await refuses(1, of: bob, to: carol, .makingIdentity, with: .lastSample(bob, number: 1))
        for _ in 0..<4 { _ = try await gallery.enroll(GalleryFixture.sample(), as: bob, modality: .face, by: nil) }
        before = try await gallery.lines()
        try await refuses(3, of: alice, to: bob, with: .tooManySamples(bob, limit: 5))
        let pen = ModelDescription(
            digest: GalleryFixture.otherModel.digest, modality: .signature, name: "pen", version: "1", embeddingSize: 3)
        _ = try await gallery.activate(pen)
        _ = try await gallery.enroll(GalleryFixture.sample(model: pen), as: carol, modality: .signature, by: nil)
        before = try await gallery.lines()
        try await refuses(3, of: alice, to: carol, with: .modalityMismatch(carol, enrolled: .signature, offered: .face))
    }

    @Test(arguments: GalleryKind.available)
    func `what is carried over of failed comparisons is kept with the move, or neither is`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture), alice = alice, bob = bob
        defer { withExtendedLifetime(fixture) {} }
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        func key(_ caller: UInt32, _ name: IdentityName?) -> AttemptKey { AttemptKey(caller: caller, identity: name) }
        @Sendable func record(_ failures: Double) -> AttemptRecord { AttemptRecord(failures: failures, last: start) }
        var records = [
            key(1, alice): record(3), key(2, alice): record(1), key(2, bob): record(2), key(3, bob): record(4),
            key(1, nil): record(9),
        ]
        try await gallery.changeAttempts(of: Set(records.keys)) { [records] _ in
            (records.mapValues(Optional.some), [], ())
        }
        func kept() async throws -> [AttemptKey: AttemptRecord] {
            try await gallery.changeAttempts(
                of: Set([1, 2, 3].flatMap { [key($0, alice), key($0, bob), key($0, nil)] })
            ) {
                ([:], [], $0)
            }
        }
        let refusal = GalleryError.bringsLockOut(alice, to: bob, seconds: 7), before = try await gallery.lines()
        await #expect(throws: refusal) {
            try await gallery.moveSample(3, of: alice, to: bob, [], by: actor) { caller, _, _, _ throws(GalleryError) in
                guard caller == 1 else { throw refusal }
                return record(5)
            }
        }
        #expect(try await gallery.lines() == before)
        #expect(try await kept() == records)
        _ = try await gallery.moveSample(3, of: alice, to: bob, [], by: actor) { caller, left, found, isMade in
            #expect(caller == 1 ? found == nil && left == record(3) : found == record(2) && left == record(1))
            #expect(!isMade && caller < 3)
            return caller == 1 ? left : nil
        }
        records[key(1, bob)] = record(3)
        #expect(try await kept() == records)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
    }

    @Test(arguments: GalleryKind.available)
    func `the last sample takes its identity with it where that is allowed, and an identity is made where that is`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        defer { withExtendedLifetime(fixture) {} }
        let carol = try IdentityName("carol")
        let move = try await gallery.moveSample(1, of: bob, to: carol, [.makingIdentity, .takingLast], by: actor)
        #expect(move.madeIdentity && move.remaining == 0 && move.sample == SampleReference(identity: carol, number: 1))
        #expect(try await gallery.identities().map(\.name) == [alice, carol])
        #expect(try await gallery.counts() == GalleryCounts(identities: 2, samples: 4))
        let entries = try await gallery.auditTrail(AuditQuery(limit: 2))
        #expect(entries.map(\.action) == [.removeIdentity, .moveSample])
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
    }

    @Test(arguments: GalleryKind.available)
    func `a sample whose picture cannot be read is not moved`(kind: GalleryKind) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        try await gallery.close()
        try fixture.run("DELETE FROM image WHERE sample_id = 4")
        let again = try await fixture.opened()
        await #expect {
            try await again.moveSample(3, of: alice, to: bob, [], by: nil)
        } throws: { error in
            if case GalleryError.damagedRecord(let what) = error { what.contains("sample 3 of “alice”") } else { false }
        }
        #expect(try await again.details(of: alice)?.samples.count == 3)
    }

    @Test(arguments: GalleryKind.available) func `samples are enrolled together, or none of them is`(
        kind: GalleryKind
    ) async throws {
        let fixture = try GalleryFixture(kind)
        let gallery = try await enrolled(fixture)
        defer { withExtendedLifetime(fixture) {} }
        let before = try await gallery.lines()
        await #expect(throws: GalleryError.tooManySamples(alice, limit: 5)) {
            try await gallery.enroll(
                [GalleryFixture.sample(), GalleryFixture.sample(), GalleryFixture.sample()], as: alice, modality: .face,
                by: nil)
        }
        await #expect(throws: GalleryError.self) {
            try await gallery.enroll(
                [GalleryFixture.sample(), GalleryFixture.sample(model: GalleryFixture.otherModel)], as: bob,
                modality: .face, by: nil)
        }
        #expect(try await gallery.lines() == before)
        let together = try await gallery.enroll(
            [GalleryFixture.sample(original: 40), GalleryFixture.sample(original: 40)], as: alice, modality: .face,
            by: actor)
        #expect(together.map(\.sample.number) == [4, 5] && together.allSatisfy { $0.sampleCount == 5 })
        #expect(together.map(\.duplicates) == [[], [SampleReference(identity: alice, number: 4)]])
        #expect(try await gallery.auditTrail(AuditQuery(limit: 2)).map(\.sample) == [5, 4])
    }
}

private final class TimeTeller: Sendable {
    private let moved = Mutex(false)

    var now: Date { Date(timeIntervalSince1970: moved.withLock { $0 } ? 1_700_001_000 : 1_700_000_000) }
    func advance() { moved.withLock { $0 = true } }
}
