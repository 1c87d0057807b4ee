// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import PostgreSQLHarness
import ProgramHarness
import Testing
import Varlink

/// The program `likenessd` with its gallery in PostgreSQL.
@Suite(
    .enabled(if: Products.contains("likenessd"), "likenessd is not built, or LIKENESS_BIN does not name its folder"),
    .enabled(if: PostgreSQLServer.isPresent, Comment(rawValue: PostgreSQLServer.missing)))
struct SharedDaemonTests {
    private func program(_ database: String) throws -> DaemonProgram {
        let program = try DaemonProgram()
        try "[gallery]\ndatabase = \"\(database)\"\n".write(
            toFile: program.home.appending("likenessd.toml"), atomically: true, encoding: .utf8)
        return program
    }

    private func start(_ program: DaemonProgram, credentials: String? = nil) throws {
        try program.start(
            ["--user", "--config", program.home.appending("likenessd.toml")],
            environment: credentials.map { ["CREDENTIALS_DIRECTORY": $0] } ?? [:])
    }

    private func status(_ program: DaemonProgram) async throws -> Status.Reply {
        let client = try await program.connect()
        let status = try await client.call(Status())
        await client.close()
        return status
    }

    @Test func `daemons share a database whose password is handed over, and never show it`() async throws {
        let server = try PostgreSQLServer()
        try server.run("CREATE ROLE keeper LOGIN PASSWORD 'hunter2'")
        try server.run("CREATE DATABASE likeness OWNER keeper")
        try server.requirePasswords()
        let connection = server.connection("likeness", user: "keeper")
        let first = try program(connection), second = try program(connection)
        try start(first)
        #expect(try await first.status() == 77)
        #expect(first.log.contains("refuses") && first.log.contains("user=keeper"), "\(first.log)")
        let credentials = first.home.appending("credentials")
        try FileManager.default.createDirectory(atPath: credentials, withIntermediateDirectories: true)
        let password = credentials + "/likeness.gallery-password"
        try "hunter2\n".write(toFile: password, atomically: true, encoding: .utf8)
        try start(first, credentials: credentials)
        try start(second, credentials: credentials)
        for program in [first, second] {
            let status = try await status(program)
            #expect(status.gallery.contains("dbname=likeness") && status.identities == 0)
            #expect(!FileManager.default.fileExists(atPath: program.home.appending("data/likeness/gallery.sqlite")))
        }
        #expect(try await first.stop() == 0)
        #expect(try await second.stop() == 0)
        for log in [first.log, second.log] { #expect(!log.contains("hunter2")) }
        try "two\nlines".write(toFile: password, atomically: true, encoding: .utf8)
        try start(first, credentials: credentials)
        #expect(try await first.status() == 78)
        #expect(first.log.contains("one line of text"), "\(first.log)")
    }

    @Test func `a database that cannot be understood is not repeated`() async throws {
        let program = try program("mysql://keeper:hunter2@host/likeness")
        try start(program)
        #expect(try await program.status() == 78)
        #expect(
            program.log.contains("postgresql://USER@HOST/DATABASE") && !program.log.contains("hunter2"),
            "\(program.log)")
    }

    @Test func `the doctor tells whether the database is reached, and a report holds no password`() async throws {
        let server = try PostgreSQLServer()
        let program = try program(server.connection() + " password=hunter2")
        try start(program)
        _ = try await status(program)
        let configuration = program.home.appending("likenessd.toml"), socket = program.socket
        func levels() async throws -> [String: Set<String>] {
            let result = try await Command.run(
                Products.program("enroll"), ["doctor", "--json", "--config", configuration, "--socket", socket])
            let findings = try #require(try result.json()["findings"] as? [[String: Any]])
            #expect(!result.output.contains("hunter2"), "\(result.output)")
            return Dictionary(grouping: findings) { $0["check"] as? String ?? "" }
                .mapValues { found in Set(found.compactMap { $0["level"] as? String }) }
        }
        #expect(try await levels()["database"] == ["ok"])
        let report = program.home.appending("report.tar")
        let made = try await Command.run(
            Products.program("enroll"),
            ["support-report", "--config", configuration, "--socket", socket, "--output", report])
        #expect(made.status == 0, "\(made)")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: report))
        for secret in ["hunter2", server.folder, program.home.path] {
            #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) is in the report")
        }
        try server.kill()
        #expect(try await levels()["database"] == ["problem"])
        program.send(SIGKILL)
        _ = try await program.status()
        #expect(try await levels()["database"] == ["problem"])
        try server.start()
        #expect(try await levels()["database"] == ["ok"])
    }

    @Test func `a password in the configuration works, with a warning that does not show it`() async throws {
        let server = try PostgreSQLServer.shared()
        let program = try program(server.connection() + " password=hunter2")
        try start(program)
        _ = try await status(program)
        #expect(try await program.stop() == 0)
        #expect(program.log.contains("likeness.gallery-password") && !program.log.contains("hunter2"), "\(program.log)")
    }
}
