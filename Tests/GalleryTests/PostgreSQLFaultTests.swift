// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import PostgreSQLHarness
import ProgramHarness
import Testing

/// Connections and servers that go in the middle of things.
@Suite(.enabled(if: PostgreSQLServer.isPresent, Comment(rawValue: PostgreSQLServer.missing)))
struct PostgreSQLFaultTests {
    private let fixture: GalleryFixture
    private let alice: IdentityName

    init() throws {
        fixture = try GalleryFixture(.postgreSQL)
        alice = try IdentityName("alice")
    }

    /// Ends the connection that inserts a sample: at once, or when it commits.
    private static func trap(_ when: String) -> String {
        """
        CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); RETURN NEW; END $$;
        CREATE CONSTRAINT TRIGGER trap AFTER INSERT ON sample DEFERRABLE INITIALLY \(when) FOR EACH ROW EXECUTE FUNCTION trap();
        """
    }

    @Test(arguments: ["IMMEDIATE", "DEFERRED"])
    func `a change whose connection was ended before it was stored is undone, and said to be`(
        when: String
    ) async throws {
        let gallery = try await fixture.opened()
        try fixture.run(Self.trap(when))
        await #expect {
            try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        } throws: { error in
            if case GalleryError.unreachable = error { true } else { false }
        }
        #expect(try await gallery.counts().samples == 0)
        try fixture.run("DROP TRIGGER trap ON sample")
        #expect(
            try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil).sample.number == 1)
        #expect(try await gallery.verifyAudit().problem == nil)
    }

    @Test(arguments: ["55P03", "40P01", "57014"])
    func `a database that is held up by others is told as such, and nothing is changed`(
        code: String
    ) async throws {
        let gallery = try await fixture.opened()
        try fixture.run(Self.refusal(code))
        await #expect {
            try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        } throws: { error in
            if case GalleryError.busy = error { !"\(error)".contains("backup") } else { false }
        }
        try fixture.run("DROP TRIGGER refuse ON sample")
        #expect(
            try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil).sample.number == 1)
    }

    @Test func `a server that takes no changes any more is left for one that does`() async throws {
        let gallery = try await fixture.opened()
        try fixture.run(Self.refusal("25006"))
        let before = try fixture.run(
            "SELECT max(backend_start) FROM pg_stat_activity WHERE application_name = 'likenessd'")
        await #expect {
            try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        } throws: { error in
            if case GalleryError.unreachable = error { true } else { false }
        }
        try fixture.run("DROP TRIGGER refuse ON sample")
        #expect(
            try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil).sample.number == 1)
        // Over another connection, which libpq makes to a server that takes changes.
        #expect(
            try fixture.run("SELECT max(backend_start) FROM pg_stat_activity WHERE application_name = 'likenessd'")
                != before)
    }

    private static func refusal(_ code: String) -> String {
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '\(code)'; END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON sample FOR EACH ROW EXECUTE FUNCTION refuse();
        """
    }

    /// A standby that is not there keeps the server from answering a commit that it has stored.
    @Test func `a change that was stored though the answer was lost is a success`() async throws {
        let server = try PostgreSQLServer()
        let gallery = try await PostgreSQLGallery.open(connection: server.connection())
        _ = try await gallery.activate(GalleryFixture.model)
        try server.set("synchronous_standby_names", to: "nobody")
        let enrolling = Task { [alice] in
            try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        }
        var ended: [String] = []
        for _ in 0..<400 where ended.isEmpty {
            try await Task.sleep(for: .milliseconds(10))
            ended = try server.run(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE wait_event = 'SyncRep'")
        }
        #expect(ended == ["t"])
        #expect(try await enrolling.value.sample.number == 1)
        try server.set("synchronous_standby_names", to: nil)
        #expect(try await gallery.counts().samples == 1)
        #expect(try await gallery.auditTrail(AuditQuery(limit: 10)).count { $0.action == .enroll } == 1)
        try await gallery.close()
    }

    @Test func `a restart between calls is not noticed, and tells a gap to who listens`() async throws {
        let server = try PostgreSQLServer()
        let gallery = try await PostgreSQLGallery.open(connection: server.connection())
        _ = try await gallery.activate(GalleryFixture.model)
        var heard = gallery.announcements().makeAsyncIterator()
        _ = try await gallery.counts()
        try server.stop("fast")
        await #expect {
            try await gallery.counts()
        } throws: { error in
            if case GalleryError.unreachable = error { true } else { false }
        }
        await #expect {
            try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        } throws: { error in
            if case GalleryError.unreachable = error { true } else { false }
        }
        try server.start()
        #expect(
            try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil).sample.number == 1)
        #expect(await heard.next() == .anything)
        try server.stop("fast")
        try server.start()
        // The connections are all broken, and nobody has used them since.
        #expect(
            try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil).sample.number == 2)
        #expect(try await gallery.details(of: alice)?.samples.count == 2)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        try await gallery.close()
    }

    @Test(.enabled(if: Products.contains(CrashWriter.name)))
    func `a server that crashes amid changes has what was acknowledged when it is back`() async throws {
        let server = try PostgreSQLServer()
        var acknowledged: Set<String> = []
        let rounds = ProcessInfo.processInfo.environment["LIKENESS_FAULT_RUNS"].flatMap(Int.init) ?? 4
        for round in 0..<rounds {
            let writer = try RunningProgram(
                Products.program(CrashWriter.name), [server.connection()], output: .pipe, errors: .nothing,
                limit: .seconds(60))
            let pipe = try #require(writer.output)
            var output = Data()
            while output.count(where: { $0 == UInt8(ascii: "\n") }) < 5 + round * 3 {
                let chunk = pipe.availableData
                if chunk.isEmpty { break }
                output.append(chunk)
            }
            if round % 2 == 0 { try server.stop("immediate") } else { try server.kill() }
            // What it was told after the crash cannot have been told by the server.
            try server.start()
            try writer.kill()
            output.append(pipe.readDataToEndOfFile())
            acknowledged.formUnion(String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init))
            try server.settle(server.connection())
            let gallery = try await PostgreSQLGallery.open(connection: server.connection())
            var stored: Set<String> = []
            for identity in try await gallery.identities() {
                for sample in try await gallery.details(of: identity.name)?.samples ?? [] {
                    stored.insert("\(identity.name)\t\(sample.number)")
                }
            }
            #expect(acknowledged.isSubset(of: stored), "round \(round)")
            #expect(try await gallery.check { _, _ in }.damage.isEmpty, "round \(round)")
            try await gallery.close()
        }
        #expect(acknowledged.count >= 5 * rounds)
    }

    @Test func `damage of the server's files is told, with amcheck and without`() async throws {
        let server = try PostgreSQLServer(settings: ["full_page_writes = on"])
        let gallery = try await PostgreSQLGallery.open(connection: server.connection())
        _ = try await gallery.activate(GalleryFixture.model)
        _ = try await gallery.enroll(GalleryFixture.sample(), as: alice, modality: .face, by: nil)
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        try server.run("CREATE EXTENSION amcheck")
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        let index = try server.run("SELECT pg_relation_filepath('sample_by_original')")[0]
        let table = try server.run("SELECT pg_relation_filepath('image')")[0]
        try server.stop("fast")
        // Past the page with what the index says of itself.
        try server.damage(index, at: 8192 + 4000, [1, 2, 3, 4])
        try server.start()
        let damage = try await gallery.check { _, _ in }.damage
        #expect(damage.map(\.kind) == [.structure])
        #expect(damage.first?.what.contains("sample_by_original") == true)
        try server.stop("fast")
        try server.damage(table, at: 4000, [1, 2, 3, 4])
        try server.start()
        await #expect {
            try await gallery.check { _, _ in }
        } throws: { error in
            if case GalleryError.damagedRecord = error { true } else { false }
        }
        try await gallery.close()
    }
}
