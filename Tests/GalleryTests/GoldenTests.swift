// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import PostgreSQLHarness
import Testing

/// Encrypted galleries as schemas 2 and 3 left them, with all that there can be in one, and as text what the oracle
/// says that they hold. They are never made again: what opens them now has to open them in every later version.
@Suite struct GoldenTests {
    private static let options = FaultRuns.options(3, 0)

    private static func golden(_ name: String) throws -> String {
        let file = try #require(Bundle.module.url(forResource: name, withExtension: nil, subdirectory: "Golden"))
        return try String(contentsOf: file, encoding: .utf8)
    }

    private static func requireWhole(
        _ schema: Int, _ open: (SQLGallery.Options) async throws -> SQLGallery
    ) async throws {
        let gallery = try await open(options)
        let lines = try await gallery.lines().joined(separator: "\n")
        #expect(lines == (try golden("schema-\(schema).txt")))
        // It can be changed too, and stays whole.
        let name = try IdentityName("newcomer"),
            face = try #require(try await gallery.activeGenerations().first { $0.model.modality == .face })
        let embedding = try #require(
            Embedding(values: Array(repeating: 1, count: face.model.embeddingSize), model: face.model.digest))
        _ = try await gallery.enroll(
            NewSample(
                image: [1], width: 1, height: 1, original: [UInt8](repeating: 1, count: 32), measurements: [],
                outcomes: [face.model.digest: .embedded(embedding)]),
            as: name, modality: .face, by: nil)
        try await gallery.rekey(by: nil) { _ in }
        #expect(try await gallery.check { _, _ in }.damage.isEmpty)
        try await gallery.close()
        // Without the key it stays shut.
        await #expect(throws: GalleryError.self) { try await open(SQLGallery.Options()).close() }
    }

    private static let schemas = [2, 3]

    @Test(arguments: schemas) func `a file of an earlier schema holds what it held`(schema: Int) async throws {
        let fixture = try GalleryFixture()
        let golden = try #require(
            Bundle.module.url(forResource: "schema-\(schema)", withExtension: "sqlite", subdirectory: "Golden"))
        try FileManager.default.copyItem(at: golden, to: URL(fileURLWithPath: fixture.path))
        try await Self.requireWhole(schema) { try await SQLiteGallery.open(path: fixture.path, options: $0) }
    }

    @Test(.enabled(if: PostgreSQLServer.isPresent, Comment(rawValue: PostgreSQLServer.missing)), arguments: schemas)
    func `a database of an earlier schema holds what it held`(schema: Int) async throws {
        let server = try PostgreSQLServer.shared(), name = "golden_\(schema)"
        try server.run("CREATE DATABASE \(name) TEMPLATE template0 ENCODING 'UTF8'")
        let connection = server.connection(name, schema: "gallery")
        try server.restore(try Self.golden("schema-\(schema).sql"), on: server.connection(name))
        try await Self.requireWhole(schema) { try await PostgreSQLGallery.open(connection: connection, options: $0) }
        // Nobody is connected once the gallery is closed.
        try server.run("DROP DATABASE \(name)")
    }

    @Test(.enabled(if: PostgreSQLServer.isPresent, Comment(rawValue: PostgreSQLServer.missing)))
    func
        `a database of schema 2 is left as it is without the key, and brought to schema 3 once by two that come at a time`()
        async throws
    {
        let server = try PostgreSQLServer.shared()
        try server.run("CREATE DATABASE golden_upgrade TEMPLATE template0 ENCODING 'UTF8'")
        let connection = server.connection("golden_upgrade", schema: "gallery")
        try server.restore(try Self.golden("schema-2.sql"), on: server.connection("golden_upgrade"))
        func version() throws -> [String] {
            try server.run(
                "SELECT version || ' ' || coalesce(to_regclass('attempt')::text, 'no attempts') FROM gallery_version",
                on: connection)
        }
        await #expect(throws: GalleryError.self) { try await PostgreSQLGallery.open(connection: connection) }
        #expect(try version() == ["2 no attempts"])
        async let first = PostgreSQLGallery.open(connection: connection, options: Self.options)
        async let second = PostgreSQLGallery.open(connection: connection, options: Self.options)
        for gallery in [try await first, try await second] {
            #expect(try await gallery.attempts().isEmpty)
            #expect(try await gallery.check { _, _ in }.damage.isEmpty)
            try await gallery.close()
        }
        #expect(try version() == ["3 attempt"])
        try server.run("DROP DATABASE golden_upgrade")
    }

    // MARK: The next schema's

    private static let workshop = ProcessInfo.processInfo.environment["LIKENESS_GOLDEN"]

    /// Operates a gallery until there is everything in it that there can be. Returns the oracle's lines.
    private static func fill(_ gallery: SQLGallery) async throws -> String {
        let key = try #require(try await gallery.encryption().configured)
        var tested = OperatedGallery(gallery: gallery),
            expected = OperatedOracle(oracle: OracleGallery(options: options, key: "key \(key)"))
        expected.oracle.now = made
        var operations = try RandomOperations(seed: 2)
        for step in 0..<2000 {
            let operation = operations.next(on: expected.oracle)
            let right = expected.answer(to: operation)
            #expect(await tested.answer(to: operation) == right)
            let oracle = expected.oracle, lines = oracle.lines.joined(separator: "\n")
            let states = Set(oracle.generations.map(\.state)),
                modalities = Set(oracle.identities.values.map(\.modality))
            if step > 150, states.count == 3, modalities.count == 2, oracle.firstEntry > 1, oracle.identities.count > 4,
                lines.contains("refused, "),
                oracle.attempts.keys.contains(where: { $0.identity == nil }), lines.contains("with somebody"),
                oracle.attempts.values.contains(where: { $0.blockedUntil != nil })
            {
                return lines
            }
        }
        throw FixtureError()
    }

    private static let made = Date(timeIntervalSince1970: 1_800_000_000)

    @Test(.enabled(if: workshop != nil, "LIKENESS_GOLDEN names no folder to make golden files of this version in"))
    func `golden files of this version are made`() async throws {
        let folder = try #require(Self.workshop) + "/schema-", version = 3
        var options = Self.options
        options.clock = { Self.made }
        let file = try await SQLiteGallery.open(path: folder + "\(version).sqlite", options: options)
        let lines = try await Self.fill(file)
        try await file.close()
        try lines.write(toFile: folder + "\(version).txt", atomically: true, encoding: .utf8)
        let server = try PostgreSQLServer()
        try server.run("CREATE SCHEMA gallery")
        let database = try await PostgreSQLGallery.open(
            connection: server.connection(schema: "gallery"), options: options)
        #expect(try await Self.fill(database) == lines)
        try await database.close()
        try server.dump(schema: "gallery").write(toFile: folder + "\(version).sql", atomically: true, encoding: .utf8)
    }
}
