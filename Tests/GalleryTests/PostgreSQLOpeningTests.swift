// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import PostgreSQLHarness
import Testing

/// What a database has to be like, and what is said where it is not.
@Suite(.enabled(if: PostgreSQLServer.isPresent, Comment(rawValue: PostgreSQLServer.missing)))
struct PostgreSQLOpeningTests {
    private let server: PostgreSQLServer
    private let fixture: GalleryFixture

    init() throws {
        server = try .shared()
        fixture = try GalleryFixture(.postgreSQL)
    }

    private func refusal(_ connection: String) async throws -> GalleryError {
        do {
            try await PostgreSQLGallery.open(connection: connection).close()
        } catch {
            return error
        }
        Issue.record("\(connection) is no refusal")
        throw FixtureError()
    }

    @Test(arguments: ["CREATE TABLE gallery (id integer)", "CREATE TABLE sample (id integer)"])
    func `another program's tables are refused and left alone`(statement: String) async throws {
        try fixture.run(statement)
        let before = try fixture.stored()
        guard case .notAGallery(let path, let reason) = try await refusal(fixture.path) else { throw FixtureError() }
        #expect(path.contains("dbname=postgres") && reason.contains("another program"))
        #expect(try fixture.stored() == before)
    }

    @Test func `a later version's gallery is refused`() async throws {
        try await fixture.opened().close()
        try fixture.run("UPDATE gallery_version SET version = 4")
        guard case .newerSchema = try await refusal(fixture.path) else { throw FixtureError() }
    }

    @Test func `a gallery that a later version takes over is neither changed nor read any more`() async throws {
        let gallery = try await fixture.opened(), key = AttemptKey(caller: 1, identity: nil)
        try fixture.run("UPDATE gallery_version SET version = 4")
        let calls: [() async throws -> Void] = [
            {
                _ = try await gallery.enroll(
                    GalleryFixture.sample(), as: IdentityName("alice"), modality: .face, by: nil)
            },
            { try await gallery.changeAttempts(of: [key]) { _ in ([:], [], ()) } }, { _ = try await gallery.counts() },
        ]
        for call in calls {
            await #expect {
                try await call()
            } throws: { error in
                if case GalleryError.newerSchema = error { true } else { false }
            }
        }
        try fixture.run("UPDATE gallery_version SET version = 3")
        #expect(try await gallery.counts().identities == 0)
        try await gallery.close()
    }

    @Test func `a role without rights, a database that is none and another encoding are told`() async throws {
        try server.run("CREATE ROLE visitor LOGIN")
        guard case .refused(_, let rights) = try await refusal(server.connection("postgres", user: "visitor")) else {
            throw FixtureError()
        }
        #expect(rights.contains("permission denied"))
        guard case .refused(_, let absent) = try await refusal(server.connection("nothing")) else {
            throw FixtureError()
        }
        #expect(absent.contains("does not exist"))
        guard case .refused(_, let role) = try await refusal(server.connection("postgres", user: "nobody")) else {
            throw FixtureError()
        }
        #expect(role.contains("does not exist"))
        try server.run("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
        guard case .unfit(_, let encoding) = try await refusal(server.connection("latin")) else { throw FixtureError() }
        #expect(encoding.contains("LATIN1") && encoding.contains("UTF8"))
        guard case .unfit(_, let schema) = try await refusal(server.connection(schema: "absent")) else {
            throw FixtureError()
        }
        #expect(schema.contains("search_path"))
    }

    @Test func `a server that may lose what it acknowledged is refused`() async throws {
        let server = try PostgreSQLServer()
        for setting in ["fsync", "full_page_writes"] {
            try server.set(setting, to: "off")
            guard case .notDurable(_, let reason) = try await refusal(server.connection()) else { throw FixtureError() }
            #expect(reason.contains(setting))
            try server.set(setting, to: nil)
        }
        // What a session may set is set.
        try server.set("synchronous_commit", to: "off")
        let gallery = try await PostgreSQLGallery.open(connection: server.connection())
        _ = try await gallery.activate(GalleryFixture.model)
        try server.run(
            """
            CREATE TABLE seen (level text);
            CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES (current_setting('synchronous_commit')); RETURN NEW; END $$;
            CREATE TRIGGER see AFTER INSERT ON sample FOR EACH ROW EXECUTE FUNCTION see();
            """)
        _ = try await gallery.enroll(GalleryFixture.sample(), as: IdentityName("alice"), modality: .face, by: nil)
        #expect(try server.run("SELECT level FROM seen") == ["on"])
        try await gallery.close()
    }

    @Test(arguments: [
        "host=127.0.0.1 port=1 dbname=likeness user=likeness password=hunter2 connect_timeout=2",
        "postgresql://likeness:hunter2@127.0.0.1:1/likeness?connect_timeout=2",
        "postgresql://likeness@127.0.0.1:1/likeness?password=hunter2",
    ]) func `a server that is not there is told without the password`(connection: String) async throws {
        let error = try await refusal(connection)
        guard case .unreachable(let reason) = error else { throw FixtureError() }
        #expect(reason.contains("127.0.0.1"))
        #expect(!"\(error)".contains("hunter2"))
    }

    @Test(arguments: [
        "postgresql://likeness:hunter2%zz@host/likeness", "host=h pass word=hunter2", "password 'hunter2",
        "psql://likeness:hunter2@h/d?a=b", "a\0=b",
        "dbname='postgresql://likeness:hunter2@h/d' host=h", "host=h dbname='user=likeness password=hunter2'",
    ]) func `what names no database is not repeated`(connection: String) async throws {
        let error = try await refusal(connection)
        #expect(error == .connectionMalformed)
        #expect(!error.description.contains("hunter2") && error.description.contains("postgresql://"))
    }

    @Test func `a wrong password is refused and not told`() async throws {
        let server = try PostgreSQLServer()
        try server.run("CREATE ROLE keeper LOGIN SUPERUSER PASSWORD 'right'")
        try server.requirePasswords()
        let wrong = try await refusal(server.connection(user: "keeper") + " password=hunter2")
        guard case .refused(let database, _) = wrong else { throw FixtureError() }
        #expect(database.contains("user=keeper") && !"\(wrong)".contains("hunter2"))
        guard case .refused = try await refusal(server.connection(user: "keeper") + " passfile=/nonexistent") else {
            throw FixtureError()
        }
        try await PostgreSQLGallery.open(connection: server.connection(user: "keeper") + " password=right").close()
        let file = fixture.folder + "/passwords"
        #expect(
            FileManager.default.createFile(
                atPath: file, contents: Data("*:*:*:keeper:right\n".utf8), attributes: [.posixPermissions: 0o600]))
        try await PostgreSQLGallery.open(connection: server.connection(user: "keeper") + " passfile=\(file)").close()
    }

    /// A socket on which nobody answers.
    @Test func `a server that is silent is given up`() async throws {
        let socket = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = fixture.folder + "/.s.PGSQL.5432"
        try #require(path.utf8.count < MemoryLayout.size(ofValue: address.sun_path))
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(bound == 0 && listen(socket, 5) == 0)
        let error = try await refusal("host=\(fixture.folder) user=likeness connect_timeout=2")
        guard case .unreachable = error else { throw FixtureError() }
    }

    /// Else locks and announcements would be those of one schema, and tables those of another.
    @Test
    func `a gallery that is not in the first schema of the search path is refused, and neither opened nor made again`()
        async throws
    {
        try await fixture.opened().close()
        let schema = try #require(try server.run("SELECT current_schema()", on: fixture.path).first)
        let other = "first_of_" + schema
        try server.run("CREATE SCHEMA \(other)")
        guard case .unfit(_, let reason) = try await refusal(server.connection(schema: "\(other),\(schema)")) else {
            throw FixtureError()
        }
        #expect(reason.contains(other) && reason.contains("-csearch_path=\(schema)"))
        #expect(try server.run("SELECT count(*) FROM pg_class WHERE relnamespace = '\(other)'::regnamespace") == ["0"])
        // A schema behind it that has none does no harm, and comes into play no more.
        let gallery = try await PostgreSQLGallery.open(connection: server.connection(schema: "\(schema),\(other)"))
        try server.run("CREATE TABLE \(other).audit (id integer)")
        try await gallery.record([AuditEvent(.verify, by: nil)])
        #expect(try await gallery.verifyAudit().problem == nil)
        try await gallery.close()
    }
}
