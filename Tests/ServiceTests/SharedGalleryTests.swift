// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import LikenessInterface
import PostgreSQLHarness
import Service
import Testing
import Varlink

/// Two daemons on one gallery in PostgreSQL.
@Suite(.enabled(if: PostgreSQLServer.isPresent, Comment(rawValue: PostgreSQLServer.missing))) struct SharedGalleryTests
{
    private let server: PostgreSQLServer
    private let database: String
    private let first: PixelModel
    private let second: PixelModel

    init() throws {
        server = try .shared()
        let schema = "service_" + UUID().uuidString.lowercased().replacing("-", with: "")
        try server.run("CREATE SCHEMA \(schema)")
        database = server.connection(schema: schema)
        first = try PixelModel(version: 1)
        second = try PixelModel(version: 2)
    }

    /// - Parameter others: models that the second daemon has in its folder.
    private func run(
        others: [any Embedder], folder: ModelFolder = ModelFolder(),
        _ body: (TestServer, TestServer) async throws -> Void
    ) async throws {
        try await TestServer.run([first], database: database, rotatingTo: [second]) { one in
            try await TestServer.run([first], database: database, rotatingTo: others, folder: folder) { other in
                try await body(one, other)
            }
        }
    }

    private func nearest(_ caller: Caller, _ person: Int) async throws -> String? {
        let reply = try await caller.identify(Pictures.base64(person: person, picture: 9))
        return reply.result == .match ? reply.candidates.first?.identity : nil
    }

    @Test func `what one daemon enrols and removes, the other compares with and does not`() async throws {
        try await run(others: [second]) { one, other in
            let here = try await one.connect(), there = try await other.connect()
            _ = try await here.enroll("alice", Pictures.base64(person: 1, picture: 1))
            // At once, and not when the announcement has come.
            #expect(try await there.verify("alice", Pictures.base64(person: 1, picture: 2)).result == .match)
            try await eventually { try await nearest(there, 1) == "alice" }
            _ = try await there.enroll("bob", Pictures.base64(person: 2, picture: 1))
            _ = try await there.enroll("bob", Pictures.base64(person: 2, picture: 2))
            try await eventually { try await nearest(here, 2) == "bob" }
            #expect(try await here.enroll("bob", Pictures.base64(person: 2, picture: 3)).samples == 3)
            _ = try await here.remove("alice")
            try await eventually { try await nearest(there, 1) == nil }
            #expect(
                try await errorReply { try await there.verify("alice", Pictures.base64(person: 1)) }.shortName
                    == "NoSuchIdentity")
            _ = try await here.remove("bob", sample: 1)
            #expect(try await there.verify("bob", Pictures.base64(person: 2, picture: 9)).result == .match)
        }
    }

    @Test func `a rotation that one daemon activates is followed, and no answer mixes generations`() async throws {
        try await run(others: [second]) { one, other in
            let here = try await one.connect(), there = try await other.connect()
            for person in 1...6 {
                _ = try await here.enroll("person \(person)", Pictures.base64(person: person, picture: 1))
            }
            let generation = try await here.verify("person 1", Pictures.base64(person: 1)).generation
            // Asked before, since a rotation of so few may be over when the other daemon is asked next.
            var answered: Set = [try await there.verify("person 2", Pictures.base64(person: 2, picture: 9)).model],
                late = 0
            _ = try await here.beginRotation("2")
            try await eventually {
                // Enrolled here and there while the other daemon embeds, measures and activates.
                if late < 12 {
                    late += 1
                    _ = try await there.enroll("late \(late)", Pictures.base64(person: 20 + late, picture: 1))
                }
                let reply = try await there.verify("person 2", Pictures.base64(person: 2, picture: 9))
                #expect(reply.result == .match)
                #expect((reply.model == first.model.digest.hexadecimal) == (reply.generation == generation))
                answered.insert(reply.model)
                return answered.count == 2 && late == 12
            }
            try await eventually { try await here.rotationStatus().rotation?.phase == .activated }
            for number in 1...12 {
                #expect(
                    try await here.verify("late \(number)", Pictures.base64(person: 20 + number, picture: 2)).result
                        == .match)
                #expect(
                    try await there.verify("late \(number)", Pictures.base64(person: 20 + number, picture: 2)).result
                        == .match)
            }
            #expect(
                try await there.enroll("after", Pictures.base64(person: 9, picture: 1)).model
                    == second.model.digest.hexadecimal)
            #expect(try await one.gallery.check { _, _ in }.damage.isEmpty)
            // The other one takes it back.
            #expect(try await there.rollBack().active.model.version == "1")
            try await eventually {
                try await here.verify("after", Pictures.base64(person: 9, picture: 2)).model
                    == first.model.digest.hexadecimal
            }
        }
    }

    @Test
    func
        `a daemon without the active model decides nothing by another, says which it lacks, and takes it when it has it`()
        async throws
    {
        let folder = ModelFolder()
        try await run(others: [], folder: folder) { one, other in
            let here = try await one.connect(), there = try await other.connect()
            _ = try await here.enroll("alice", Pictures.base64(person: 1, picture: 1))
            #expect(try await there.verify("alice", Pictures.base64(person: 1)).result == .match)
            #expect(try await there.status().problem == nil)
            #expect(try await here.rotate("2").last?.phase == .activated)
            try await eventually { try await there.status().problem != nil }
            let problem = try #require(try await there.status().problem)
            #expect(problem.contains(second.model.name) && problem.contains("enroll model import"))
            #expect(try await there.status().models.isEmpty)
            #expect(other.journal.entries.contains { $0.level == .error && $0.message.contains(problem) })
            for call in [
                { _ = try await there.verify("alice", Pictures.base64(person: 1)) },
                { _ = try await there.identify(Pictures.base64(person: 1)) },
                { _ = try await there.enroll("bob", Pictures.base64(person: 2)) },
            ] as [() async throws -> Void] {
                let error = try await errorReply { try await call() }
                #expect(error.shortName == "ModalityMismatch" && "\(error)".contains("does not have"))
            }
            // What needs no model is done.
            #expect(try await there.describe("alice").samples.count == 1)
            folder.add(second)
            await other.service.tend()
            #expect(
                try await there.verify("alice", Pictures.base64(person: 1)).model == second.model.digest.hexadecimal)
            #expect(try await there.status().problem == nil)
        }
    }

    @Test func `one daemon at a time rotates, and another goes on when that one has stopped`() async throws {
        try await run(others: [second]) { one, other in
            let here = try await one.connect(), there = try await other.connect()
            for person in 1...3 {
                _ = try await here.enroll("person \(person)", Pictures.base64(person: person, picture: 1))
            }
            second.valve.close()
            _ = try await here.beginRotation("2")
            try await eventually { second.valve.prepared > 0 }
            #expect(try await errorReply { try await there.beginRotation("2") }.shortName == "RotationRunning")
            #expect(try await errorReply { try await there.cancelRotation() }.shortName == "RotationRunning")
            await other.service.tend()
            #expect(try await there.rotationStatus().rotation == nil)
            // The one that rotates stops, with a batch at hand.
            async let stopped: Void = one.service.drain()
            second.valve.open()
            await stopped
            await other.service.tend()
            try await eventually { try await there.rotationStatus().rotation?.phase == .activated }
            #expect(try await there.rotationStatus().rotation?.resumed == true)
            #expect(
                try await there.verify("person 2", Pictures.base64(person: 2, picture: 5)).model
                    == second.model.digest.hexadecimal)
        }
    }

    @Test func `what was changed while connections were lost is caught up with`() async throws {
        try await run(others: [second]) { one, other in
            let here = try await one.connect(), there = try await other.connect()
            _ = try await here.enroll("alice", Pictures.base64(person: 1, picture: 1))
            try await eventually { try await nearest(there, 1) == "alice" }
            for person in 2...6 {
                try server.run(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'likenessd' AND datname = 'postgres'
                        AND query LIKE 'LISTEN%'
                    """)
                _ = try await here.enroll("person \(person)", Pictures.base64(person: person, picture: 1))
            }
            _ = try await here.remove("alice")
            for person in 2...6 { try await eventually { try await nearest(there, person) == "person \(person)" } }
            try await eventually { try await nearest(there, 1) == nil }
        }
    }

    @Test func `a daemon without the key that another has put the gallery under decides nothing any more, and says so`()
        async throws
    {
        var options = SQLGallery.Options()
        options.keys = WrappingKeys(
            current: WrappingKey(bytes: [UInt8](repeating: 3, count: 32)), acceptsUnencrypted: true)
        try await TestServer.run([first], database: database) { other in
            let there = try await other.connect()
            _ = try await there.enroll("alice", Pictures.base64(person: 1, picture: 1))
            try await TestServer.run([first], database: database, options: options) { one in
                try await one.gallery.rekey(by: nil) { _ in }
                _ = try await one.connect().remove("alice")
                try await eventually { try await there.status().problem?.contains("no key is given") == true }
                #expect(try await there.status().models.isEmpty)
                let error = try await errorReply { try await there.verify("alice", Pictures.base64(person: 1)) }
                #expect("\(error)".contains("no key is given"))
                let search = try await errorReply { try await there.identify(Pictures.base64(person: 1)) }
                #expect(search.shortName == "ModalityMismatch" && "\(search)".contains("no key is given"))
            }
        }
    }

    @Test
    func `who is enrolled under a name that another daemon has just freed is compared with nothing of whoever had it`()
        async throws
    {
        try await run(others: []) { one, other in
            let here = try await one.connect(), there = try await other.connect()
            _ = try await here.enroll("alice", Pictures.base64(person: 1, picture: 1))
            try await eventually { try await nearest(there, 1) == "alice" }
            // Without an announcement, as while they are delayed.
            try server.run("DELETE FROM identity", on: database)
            _ = try? await there.enroll("alice", Pictures.base64(person: 2, picture: 1))
            #expect(try await nearest(there, 1) == nil)
            #expect(try await nearest(there, 2) == "alice")
        }
    }
}
