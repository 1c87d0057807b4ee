// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import PostgreSQLHarness
import ProgramHarness
import Testing

/// Several stores on one database, as daemons on several hosts have them.
@Suite(.enabled(if: PostgreSQLServer.isPresent, Comment(rawValue: PostgreSQLServer.missing))) struct SharingTests {
    private let fixture: GalleryFixture
    private let alice: IdentityName

    init() throws {
        fixture = try GalleryFixture(.postgreSQL)
        alice = try IdentityName("alice")
    }

    @Test func `what one store changes, the other sees and hears, and itself does not hear`() async throws {
        let key = WrappingKeys(current: WrappingKey(bytes: [UInt8](repeating: 7, count: 32)))
        let first = try await fixture.opened(keys: key), second = try await fixture.opened(keys: key)
        var heard = second.announcements().makeAsyncIterator(), own = first.announcements().makeAsyncIterator()
        _ = try await first.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        #expect(await heard.next() == .identity(alice))
        #expect(try await second.details(of: alice)?.samples.count == 1)
        #expect(try await second.embeddings(of: .face)?.embeddings.count == 1)
        _ = try await second.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        #expect(await own.next() == .identity(alice))
        _ = try await first.removeSample(1, of: alice, by: nil)
        #expect(await heard.next() == .identity(alice))
        // The next store's data key is one that the other has never seen.
        try await first.rekey(by: nil) { _ in }
        #expect(await heard.next() == .keys)
        #expect(await heard.next() == .keys)
        _ = try await first.remove(alice, by: nil)
        #expect(await heard.next() == .identity(alice))
        _ = try await first.activate(GalleryFixture.otherModel)
        #expect(await heard.next() == .generations)
        // A change that fails tells nothing.
        await #expect(throws: GalleryError.noSuchIdentity(alice)) { try await first.remove(alice, by: nil) }
        _ = try await first.activate(GalleryFixture.model)
        #expect(await heard.next() == .generations)
        #expect(try await second.verifyAudit().problem == nil)
        try await first.close()
        #expect(await own.next() == nil)
    }

    @Test func `no name is told in the clear`() async throws {
        let gallery = try await fixture.opened()
        // Whoever may connect to the database may listen.
        let channel = try fixture.run(
            "SELECT 'likeness_gallery_' || oid FROM pg_namespace WHERE nspname = current_schema()")
        let signals = try TemporaryFolder()
        let listening = signals.appending("listening"), enrolled = signals.appending("enrolled")
        // psql says what it was notified of after its next statement.
        let script = #"""
            { printf '%s\n' "LISTEN $2;" "\\! touch '$3'"
              while [ ! -e "$4" ]; do sleep 0.02; done
              echo 'SELECT 1;'
            } | psql -XAtq -d "$1"
            """#
        let ear = try RunningProgram(
            "/bin/sh", ["-c", script, "sh", fixture.path, channel[0], listening, enrolled], output: .pipe,
            limit: .seconds(60))
        while !FileManager.default.fileExists(atPath: listening), ear.isRunning {
            try await Task.sleep(for: .milliseconds(10))
        }
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        try Data().write(to: URL(fileURLWithPath: enrolled))
        let said = String(decoding: try #require(ear.output).readDataToEndOfFile(), as: UTF8.self)
        #expect(said.contains("identity 1 ") && !said.contains("alice"))
    }

    @Test func `changes of two stores at once run one after another`() async throws {
        let stores = [try await fixture.opened(), try await fixture.opened()]
        try await withThrowingTaskGroup { group in
            for (place, store) in stores.enumerated() {
                for number in 0..<20 {
                    group.addTask {
                        let name = try IdentityName("person \(number % 10)")
                        _ = try? await store.enroll(
                            GalleryFixture.sample([Float(place), Float(number), 1]), as: name, modality: .face, by: nil)
                    }
                }
            }
            try await group.waitForAll()
        }
        for store in stores {
            #expect(try await store.counts() == GalleryCounts(identities: 10, samples: 40))
            for identity in try await store.identities() {
                #expect(try await store.details(of: identity.name)?.samples.map(\.number) == [1, 2, 3, 4])
            }
            #expect(try await store.verifyAudit() == AuditVerification(entries: 41, first: 1, last: 41, problem: nil))
            #expect(try await store.check { _, _ in }.damage.isEmpty)
        }
    }

    @Test func `two stores that make the gallery at once make one`() async throws {
        async let one = fixture.opened()
        async let other = fixture.opened()
        let stores = try await [one, other]
        _ = try await stores[0].enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        #expect(try await stores[1].counts().samples == 1)
        #expect(try fixture.run("SELECT count(*) FROM gallery_version") == ["1"])
    }

    @Test func `a look sees one state, and waits for no change`() async throws {
        let gallery = try await fixture.opened()
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        // Somebody's change is under way, and does not end before the other program says so.
        let change = try RunningProgram(
            "/bin/sh",
            [
                "-c", "(echo 'BEGIN; UPDATE gallery SET id = 1; SELECT 1;'; cat) | psql -XAtq -d \"$1\"", "sh",
                fixture.path,
            ],
            input: .pipe, output: .pipe, limit: .seconds(30))
        let isBegun = try #require(change.output).availableData
        #expect(!isBegun.isEmpty)
        #expect(try await gallery.counts().samples == 1)
        #expect(try await gallery.embeddings(of: .face)?.embeddings.count == 1)
        try change.kill()
    }

    @Test(.enabled(if: Products.contains(CrashWriter.name))) func `a lock is one store's, and ends with its process`()
        async throws
    {
        let gallery = try await fixture.opened()
        let other = try await fixture.opened()
        #expect(try await gallery.takeRotation())
        #expect(try await gallery.takeRotation())
        #expect(try await !other.takeRotation())
        try await gallery.releaseRotation()
        #expect(try await other.takeRotation())
        try await other.releaseRotation()
        let holder = try RunningProgram(
            Products.program(CrashWriter.name), [fixture.path, "rotation"], output: .pipe, limit: .seconds(60))
        let said = try #require(holder.output).availableData
        #expect(String(decoding: said, as: UTF8.self) == "held\n")
        #expect(try await !gallery.takeRotation())
        try holder.kill()
        var isTaken = false
        for _ in 0..<100 where !isTaken {
            isTaken = try await gallery.takeRotation()
            if !isTaken { try await Task.sleep(for: .milliseconds(20)) }
        }
        #expect(isTaken)
        try await gallery.close()
        #expect(try await other.takeRotation())
    }

    @Test func `a lock whose connection was lost is found out to be another's`() async throws {
        let gallery = try await fixture.opened(), other = try await fixture.opened()
        #expect(try await gallery.takeRotation())
        try fixture.run(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND classid = 1281977190")
        #expect(try await other.takeRotation())
        #expect(try await !gallery.takeRotation())
        try await gallery.releaseRotation()
        #expect(try await !gallery.takeRotation())
    }

    @Test func `removed samples leave the tables`() async throws {
        let gallery = try await fixture.opened()
        let image = (0..<40_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        _ = try await gallery.enroll(GalleryFixture.sample(image: image), as: alice, modality: .face, by: nil)
        let size =
            "SELECT pg_relation_size('image') + pg_relation_size(reltoastrelid) FROM pg_class WHERE oid = 'image'::regclass"
        #expect(try fixture.run(size).compactMap { Int($0) }.allSatisfy { $0 > 40_000 })
        _ = try await gallery.remove(alice, by: nil)
        #expect(try fixture.run(size) == ["0"])
    }

    @Test func `a backup is the server's`() async throws {
        let gallery = try await fixture.opened()
        await #expect {
            try await gallery.backUp(to: fixture.folder + "/backup", by: nil)
        } throws: { error in
            if case GalleryError.notSupported(let reason) = error { reason.contains("pg_dump") } else { false }
        }
        #expect(!FileManager.default.fileExists(atPath: fixture.folder + "/backup"))
    }
}
