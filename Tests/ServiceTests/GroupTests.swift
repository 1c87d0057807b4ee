// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import Imaging
import LikenessInterface
import Service
import Testing
import Varlink

/// IdentifyAll: every face of a picture.
@Suite struct GroupTests {
    private let model: PixelModel

    init() throws {
        model = try PixelModel()
    }

    private func group(_ people: [Int], picture: Int = 2) throws -> String {
        try Pictures.base64(Pictures.group(people.map { Pictures.image(person: $0, picture: picture) }))
    }

    private func run(
        _ policy: AccessPolicy, configure: (inout ServiceConfiguration) -> Void = { _ in },
        _ body: (TestServer, PeerCaller) async throws -> Void
    ) async throws {
        try await TestServer.run(
            [model],
            configure: {
                $0.access = policy
                $0.attempts.delaySeconds = 0
                $0.attempts.perMinute = 10_000
                configure(&$0)
            }
        ) { server in
            let root = try await server.connect()
            for person in 1...3 {
                _ = try await root.enroll("person \(person)", Pictures.base64(person: person, picture: 1))
            }
            try await body(server, PeerCaller(server.service))
        }
    }

    private func faces(_ reply: [String: JSONValue]) throws -> [[String: JSONValue]] {
        guard case .array(let faces)? = reply["faces"] else { throw FixtureError("no faces") }
        return try faces.map { face in
            guard case .object(let fields) = face else { throw FixtureError("no face") }
            return fields
        }
    }

    @Test func `each face is identified as it would be alone`() async throws {
        try await run(AccessPolicy()) { server, _ in
            let caller = try await server.connect()
            let reply = try await caller.client.call(IdentifyAll(image: try group([2, 9, 1])))
            #expect(reply.found == 3 && reply.width == 3 * Pictures.side)
            #expect(reply.result == .match)
            #expect(reply.faces.map(\.box.left) == [0, 32, 64])
            #expect(reply.faces.map(\.result) == [.match, .noMatch, .match])
            #expect(reply.faces.map(\.identity) == ["person 2", nil, "person 1"])
            for (person, face) in zip([2, 9, 1], reply.faces) {
                let alone = try await caller.identify(Pictures.base64(person: person, picture: 2))
                #expect(face.nearest == alone.candidates.first)
                #expect(face.result == alone.result && face.message == alone.message)
                #expect(reply.falsePositiveIdentification == alone.falsePositiveIdentification)
                #expect(reply.threshold == alone.threshold && reply.generation == alone.generation)
            }
            let nobody = try await caller.client.call(IdentifyAll(image: try group([8, 9])))
            #expect(nobody.result == .noMatch)
            let none = try await errorReply {
                try await caller.client.call(
                    IdentifyAll(image: Pictures.base64(Pictures.image(person: 1, faces: 0))))
            }
            #expect(none.shortName == "NoFace")
        }
    }

    @Test func `a face that supports no decision keeps the others from none, and the picture may hold one known`()
        async throws
    {
        try await run(AccessPolicy()) { server, _ in
            var blue = Pictures.image(person: 1)
            blue[1, 0] = RGB(red: 0, green: 0, blue: 255)
            let doubtful = [Pictures.image(person: 1, light: 0.1), blue]
            let client = try await server.connect().client
            let reply = try await client.call(
                IdentifyAll(image: Pictures.base64(Pictures.group(doubtful + [Pictures.image(person: 2)]))))
            #expect(reply.faces.map(\.result) == [.inconclusive, .inconclusive, .match] && reply.result == .match)
            #expect(reply.faces[0].message.hasPrefix("inconclusive: the face is too dark"))
            #expect(reply.faces[1].message.contains("cannot be aligned: it is blue"))
            let without = try await client.call(
                IdentifyAll(image: Pictures.base64(Pictures.group(doubtful + [Pictures.image(person: 9)]))))
            #expect(without.result == .inconclusive)
        }
    }

    @Test func `of many faces the largest are compared, a few at a time`() async throws {
        try await run(AccessPolicy()) { server, _ in
            let reply = try await server.connect().client.call(IdentifyAll(image: try group(Array(10..<50))))
            #expect(reply.found == 40 && reply.faces.count == 32)
            #expect(model.valve.batches.max() == 4)
        }
    }

    @Test func `without the grant score a face is named where it matches, and no number is told`() async throws {
        try await run(.stranger(.verify)) { _, caller in
            let reply = try await caller.call(IdentifyAll(image: try group([2, 9])))
            #expect(
                Set(reply.keys) == [
                    "width", "height", "found", "result", "faces", "operating_point", "false_positive_identification",
                    "model", "generation",
                ])
            let faces = try faces(reply)
            #expect(faces[0]["nearest"] == .object(["identity": .string("person 2")]))
            #expect(faces[1]["nearest"] == nil)
            #expect(faces.allSatisfy { $0["measurements"] == .array([]) })
            let refusal = try await errorReply {
                try await caller.call(IdentifyAll(image: try group([2]), identificationRate: 0.01))
            }
            #expect(refusal == .permissionDenied)
        }
    }

    @Test func `each face that does not match is a failure, and each that does is none`() async throws {
        try await run(.stranger(.verify)) { server, caller in
            _ = try await caller.call(IdentifyAll(image: try group([1, 9, 2, 8])))
            try await eventually {
                try await server.gallery.attempts().first { $0.identity == nil }?.record.failures.rounded() == 2
            }
            let failures = try #require(try await server.gallery.attempts().first { $0.identity == nil })
            #expect(failures.caller == PeerCaller.stranger.userID)
        }
    }

    @Test func `once no further comparison is allowed the faces that are left are not compared`() async throws {
        try await run(.stranger(.verify), configure: { $0.attempts.perCaller = 3 }) { server, caller in
            let faces = try faces(await caller.call(IdentifyAll(image: try group([7, 8, 9, 1, 2]))))
            #expect(
                faces.map { $0["result"]?.stringValue } == [
                    "no_match", "no_match", "no_match", "inconclusive", "inconclusive",
                ])
            #expect(faces.last?["nearest"] == nil)
            #expect(faces.last?["message"]?.stringValue?.hasPrefix("not compared: too many comparisons") == true)
            let before = model.valve.prepared
            let refusal = try await errorReply { try await caller.call(IdentifyAll(image: try group([1]))) }
            #expect(refusal.shortName == "TooManyAttempts" && refusal.parameters["locked"] == .bool(true))
            // No worker looked at it.
            #expect(model.valve.prepared == before)
            #expect(
                try await errorReply { try await caller.identify(Pictures.base64(person: 1)) }.shortName
                    == "TooManyAttempts")
        }
    }

    @Test func `a delay keeps the next call waiting and no face of the picture that began it`() async throws {
        try await run(.stranger(.verify), configure: { $0.attempts.delaySeconds = 1 }) { _, caller in
            let strangers = (0..<18).map { 7 + $0 % 3 }
            let faces = try faces(await caller.call(IdentifyAll(image: try group(strangers + [1]))))
            #expect(faces.dropLast().allSatisfy { $0["result"]?.stringValue == "no_match" })
            #expect(faces.last?["nearest"] == .object(["identity": .string("person 1")]))
            let refusal = try await errorReply { try await caller.identify(Pictures.base64(person: 1)) }
            #expect(refusal.shortName == "TooManyAttempts" && refusal.parameters["locked"] == .bool(false))
        }
    }

    @Test func `each face counts towards the rate`() async throws {
        try await run(.stranger(.verify), configure: { $0.attempts.perMinute = 4 }) { _, caller in
            _ = try await caller.call(IdentifyAll(image: try group([1, 2, 3, 1, 2, 3])))
            let refusal = try await errorReply { try await caller.identify(Pictures.base64(person: 1)) }
            #expect(refusal.shortName == "TooManyAttempts" && refusal.parameters["locked"] == .bool(false))
        }
    }

    @Test func `an image that is refused counts for nothing`() async throws {
        try await run(.stranger(.verify)) { server, caller in
            let refusal = try await errorReply { try await caller.call(IdentifyAll(image: "AAAA")) }
            #expect(refusal.shortName == "ImageRejected")
            try await eventually { try await server.gallery.attempts().isEmpty }
        }
    }

    @Test func `the audit log has an entry for each face that was compared`() async throws {
        try await run(AccessPolicy(), configure: { $0.auditsComparisons = true }) { server, _ in
            _ = try await server.connect().client.call(IdentifyAll(image: try group([2, 9])))
            let entries = try await server.gallery.auditTrail(AuditQuery(limit: 2))
            #expect(entries.map(\.action) == [.identify, .identify])
            #expect(entries.map(\.result) == ["no_match", "match"] || entries.map(\.result) == ["match", "no_match"])
            #expect(entries.compactMap(\.identity?.text) == ["person 2"])
        }
    }
}
