// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import PostgreSQLHarness
import ProgramHarness
import Testing

/// A server over a network, whose place another may take.
@Suite(.enabled(if: PostgreSQLServer.isPresent, Comment(rawValue: PostgreSQLServer.missing)))
struct PostgreSQLNetworkTests {
    private let server: PostgreSQLServer
    private let folder: TemporaryFolder
    private let address: String
    private let certificate: String

    init() throws {
        server = try PostgreSQLServer()
        try server.run("CREATE ROLE keeper LOGIN PASSWORD 'right'")
        try server.run("CREATE DATABASE likeness OWNER keeper")
        let network = try server.listenOnNetwork()
        address = network.address
        // The server's folder is its user's alone.
        folder = try TemporaryFolder()
        certificate = folder.appending("server.crt")
        try FileManager.default.copyItem(atPath: network.certificate, toPath: certificate)
    }

    private func connection(_ more: String, host: String = "localhost") -> String {
        "host=\(host) hostaddr=\(address) dbname=likeness user=keeper connect_timeout=5 \(more)"
    }

    private func error(_ connection: String, password: String? = "right") async throws -> GalleryError {
        do {
            try await PostgreSQLGallery.open(connection: connection, password: password).close()
        } catch {
            return error
        }
        Issue.record("\(connection) is let in")
        throw FixtureError()
    }

    @Test func `a server with a trusted certificate is used over TLS, and stores hear of one another there`()
        async throws
    {
        let connection = connection("sslrootcert=\(certificate)"), alice = try IdentityName("alice")
        let first = try await PostgreSQLGallery.open(connection: connection, password: "right")
        _ = try await first.activate(GalleryFixture.model)
        let second = try await PostgreSQLGallery.open(connection: connection, password: "right")
        var heard = second.announcements().makeAsyncIterator()
        _ = try await first.enroll(
            GalleryFixture.sample(image: [UInt8](repeating: 7, count: 300_000)), as: alice, modality: .face, by: nil)
        #expect(await heard.next() == .identity(alice))
        #expect(try await second.image(of: SampleReference(identity: alice, number: 1))?.count == 300_000)
        let connections = try server.run(
            "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'keeper'")
        #expect(connections.count >= 4 && Set(connections) == ["t"])
        try await first.close()
        try await second.close()
    }

    @Test func `without a trusted certificate of the host no connection is made`() async throws {
        for connection in [
            connection("sslrootcert=\(folder.appending("absent.crt"))"),
            connection("sslrootcert=/etc/ssl/certs/ca-certificates.crt"),
            connection("sslrootcert=\(certificate)", host: "db.example"),
        ] {
            let error = try await error(connection)
            guard case .notTrusted(let database, let reason) = error else {
                Issue.record("\(error)")
                continue
            }
            #expect(database.contains("dbname=likeness") && reason.contains("certificate"))
            #expect(error.description.contains("sslrootcert="))
        }
        #expect(
            try server.run("SELECT count(*) FROM pg_stat_database WHERE datname = 'likeness' AND sessions > 0") == ["0"]
        )
    }

    @Test func `who says so gets a connection that is encrypted and no more, and a wrong password is refused`()
        async throws
    {
        try await PostgreSQLGallery.open(connection: connection("sslmode=require"), password: "right").close()
        guard case .refused(_, let reason) = try await error(connection("sslmode=require"), password: "hunter2") else {
            throw FixtureError()
        }
        #expect(!reason.contains("hunter2"))
        guard case .refused = try await error(connection("sslmode=disable")) else { throw FixtureError() }
    }

    @Test func `a server without TLS is not used unless it is said that it may be`() async throws {
        try server.set("ssl", to: "off")
        guard case .notTrusted = try await error(connection("sslrootcert=\(certificate)")) else { throw FixtureError() }
    }
}
