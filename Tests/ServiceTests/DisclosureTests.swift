// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import Imaging
import LikenessInterface
import Service
import Testing
import Varlink

/// What a caller may learn of people and numbers, by what it may do, and what the journal tells.
@Suite struct DisclosureTests {
    private let trial: StrangerTrial

    init() throws {
        trial = try StrangerTrial()
    }

    // MARK: What a reply holds

    @Test
    func
        `without the grant score a verification tells the result, the operating point and what is wrong with the picture`()
        async throws
    {
        try await trial.run(.stranger(.verify)) { _, caller in
            for (image, result) in [
                (try Pictures.base64(person: 1), "match"), (try Pictures.base64(person: 2), "no_match"),
            ] {
                let reply = try await caller.verify("alice", image)
                #expect(reply["result"] == .string(result))
                #expect(
                    Set(reply.keys) == [
                        "identity", "result", "operating_point", "measurements", "unacceptable", "message", "model",
                        "generation",
                    ])
                #expect(reply["measurements"] == .array([]))
                let message = reply["message"]?.stringValue ?? ""
                #expect(!message.contains("score") && !message.contains("distance") && !message.contains("threshold"))
                #expect(message.contains("FMR 1e-3"))
            }
            let doubtful = try await caller.verify("alice", trial.dark())
            #expect(doubtful["result"] == .string("inconclusive"))
            #expect(doubtful["measurements"] == doubtful["unacceptable"])
            guard case .array(let wrong)? = doubtful["unacceptable"], case .object(let first)? = wrong.first else {
                throw FixtureError("none")
            }
            #expect(first["quantity"] == .string("brightness"))
        }
    }

    @Test func `with the grant a reply holds the numbers`() async throws {
        try await trial.run(.stranger(.verify, score: true)) { _, caller in
            let reply = try await caller.verify("alice", Pictures.base64(person: 1), at: 1e-2)
            #expect(Set(reply.keys).isSuperset(of: ["distance", "score", "threshold"]))
            #expect(try await caller.identify(Pictures.base64(person: 1), limit: 2)["threshold"] != nil)
        }
    }

    @Test func `two pictures that do not match get the same reply to the byte, however near they are`() async throws {
        try await trial.run(.stranger(.verify), configure: { $0.operatingPoint = 1e-4 }) { server, caller in
            // The second is person 1 with noise, near and beyond the strict threshold.
            let far = try Pictures.base64(person: 7),
                near = try Pictures.base64(Pictures.image(person: 1, picture: 3, noise: 80))
            let root = try await server.connect()
            let distances = (
                try #require(try await root.verify("alice", far).distance),
                try #require(try await root.verify("alice", near).distance)
            )
            #expect(distances.1 < distances.0 / 2)
            let other = try await caller.verify("alice", far)
            #expect(try await caller.verify("alice", near) == other)
        }
    }

    @Test func `naming an operating point needs the grant`() async throws {
        try await trial.run(.stranger(.admin)) { _, caller in
            let refusal = try await errorReply {
                try await caller.verify("alice", Pictures.base64(person: 1), at: 1e-2)
            }
            #expect(refusal.shortName == "PermissionDenied")
            let other = try await errorReply { try await caller.identify(Pictures.base64(person: 1), at: 1e-2) }
            #expect(other.shortName == "PermissionDenied")
        }
    }

    @Test func `without the grant Identify names the one who matches, or nobody`() async throws {
        try await trial.run(.stranger(.verify)) { _, caller in
            let known = try await caller.identify(Pictures.base64(person: 1), limit: 100)
            #expect(known["candidates"] == .array([.object(["identity": .string("alice")])]))
            let unknown = try await caller.identify(Pictures.base64(person: 7), limit: 100)
            #expect(unknown["candidates"] == .array([]))
            #expect(
                Set(known.keys) == [
                    "result", "candidates", "operating_point", "false_positive_identification", "measurements",
                    "unacceptable", "message", "model", "generation",
                ])
            #expect(unknown["message"]?.stringValue?.contains("alice") == false)
        }
    }

    @Test func `without the grant status and models tell no threshold, and lock-outs are for administrators`()
        async throws
    {
        try await trial.run(.stranger(.verify)) { server, caller in
            let status = try await caller.call(Status())
            #expect(!"\(status)".contains("threshold"))
            #expect(status["attempts"] == nil)
            #expect(try await server.connect().status().models.first?.operatingPoints.first?.threshold != nil)
            #expect(try await server.connect().status().attempts?.perIdentity == 5)
        }
        try await trial.run(.stranger(.admin)) { _, caller in
            let models = try await caller.call(ListModels())
            #expect(!"\(models)".contains("threshold"))
            #expect(try await caller.call(Status())["attempts"] != nil)
        }
    }

    @Test func `without the grant an enrolment warns of whom it is near and not how near`() async throws {
        try await trial.run(.stranger(.enroll)) { _, caller in
            let near = try await caller.enroll("carol", Pictures.base64(person: 1, picture: 5))
            guard case .array(let warnings)? = near["warnings"], case .object(let warning)? = warnings.first else {
                throw FixtureError("none")
            }
            #expect(warning["kind"] == .string("near_identity"))
            #expect(warning["identity"] == .string("alice"))
            #expect(warning["distance"] == nil)
            #expect(near["measurements"] == .array([]))
        }
    }

    // MARK: Who is enrolled

    @Test func `to a caller with verify alone, who is not enrolled is someone who does not match`() async throws {
        let other = try PixelModel(modality: .signature, version: 2)
        try await trial.run(.stranger(.verify), models: [trial.model, other]) { server, caller in
            let root = try await server.connect()
            _ = try await root.enroll("signer", Pictures.base64(person: 3), modality: "signature")
            let image = try Pictures.base64(person: 7)
            let known = try await caller.verify("alice", image)
            for name in ["nobody", "mallory", "signer", "x"] {
                var reply = try await caller.verify(name, image)
                #expect(reply["identity"] == .string(name))
                #expect(reply["result"] == .string("no_match"))
                #expect(Set(reply.keys) == Set(known.keys))
                #expect(reply["message"] == known["message"])
                reply = try await caller.verify(name, image)
                #expect(reply["result"] == .string("no_match"))
            }
        }
    }

    @Test func `the picture is judged by the same modality each time for a name that is not enrolled`() async throws {
        let other = try PixelModel(modality: .signature, version: 2)
        try await trial.run(
            .stranger(.verify), models: [trial.model, other], configure: { $0.attempts.perCaller = 1000 }
        ) {
            server, caller in
            let root = try await server.connect()
            for name in ["carol", "dave"] {
                _ = try await root.enroll(name, Pictures.base64(person: 3), modality: "signature")
            }
            var digests: Set<JSONValue> = []
            for name in (0..<24).map({ "name \($0)" }) {
                let first = try await caller.verify(name, Pictures.base64(person: 7))["model"]
                #expect(try await caller.verify(name, Pictures.base64(person: 8))["model"] == first)
                digests.insert(first ?? .null)
            }
            #expect(digests.count == 2)
        }
    }

    @Test func `enrol and score tell who is not enrolled`() async throws {
        for policy in [AccessPolicy.stranger(.enroll), .stranger(.verify, score: true)] {
            try await trial.run(policy) { _, caller in
                let refusal = try await errorReply { try await caller.verify("nobody", Pictures.base64(person: 7)) }
                #expect(refusal.shortName == "NoSuchIdentity")
            }
        }
    }

    // MARK: The journal

    @Test
    func `beside an encrypted gallery the journal has the hash of a name, and names people only when it is told to`()
        async throws
    {
        var options = SQLGallery.Options()
        options.keys = WrappingKeys(current: WrappingKey(bytes: [UInt8](repeating: 0x5a, count: 32)))
        for namesPeople in [false, true] {
            try await trial.run(
                .stranger(.enroll), options: options, configure: { $0.journalNamesPeople = namesPeople }
            ) {
                server, caller in
                _ = try await caller.verify("alice", Pictures.base64(person: 1))
                _ = try? await caller.verify("mallory", Pictures.base64(person: 1))
                _ = try? await caller.call(Remove(identity: "alice", sample: 77))
                let text = server.journal.entries.map { "\($0.message) \($0.metadata)" }.joined(separator: "\n")
                #expect(text.contains("alice") == namesPeople)
                #expect(text.contains("mallory") == namesPeople)
                #expect(text.contains("identity_hash") == !namesPeople)
            }
        }
    }
}
