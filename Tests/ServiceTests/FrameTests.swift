// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import Imaging
import LikenessInterface
import Service
import Testing
import Varlink

/// VerifyFrames: several frames, and one decision.
@Suite struct FrameTests {
    private let model: PixelModel

    init() throws {
        model = try PixelModel()
    }

    private func run(
        _ policy: AccessPolicy = AccessPolicy(), configure: (inout ServiceConfiguration) -> Void = { _ in },
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
            _ = try await server.connect().enroll("alice", Pictures.base64(person: 1, picture: 1))
            try await body(server, PeerCaller(server.service))
        }
    }

    private func dark() throws -> String { try Pictures.base64(Pictures.image(person: 1, light: 0.1)) }
    private func nobody() throws -> String { try Pictures.base64(Pictures.image(person: 1, faces: 0)) }
    private func several() throws -> String { try Pictures.base64(Pictures.image(person: 1, faces: 2)) }
    private func alice(_ picture: Int = 2) throws -> String { try Pictures.base64(person: 1, picture: picture) }
    private func stranger(_ person: Int = 9) throws -> String { try Pictures.base64(person: person, picture: 2) }

    @Test func `the first frame that is good enough decides, as it would alone`() async throws {
        try await run { server, _ in
            let caller = try await server.connect()
            let alone = try await caller.verify("alice", alice())
            for (frames, deciding) in [
                ([try alice()], 1), ([try dark(), try alice(), try stranger()], 2),
                ([try nobody(), try several(), try dark(), try alice()], 4),
                // What comes behind it is not even read.
                ([try alice(), "?", ""], 1),
            ] {
                let reply = try await caller.client.call(VerifyFrames(identity: "alice", images: frames))
                #expect(reply.result == .match && reply.frame == deciding)
                #expect(reply.distance == alone.distance && reply.threshold == alone.threshold)
                #expect(reply.operatingPoint == 1e-3 && reply.attemptFalseMatchRate == 1e-3)
                #expect(reply.unacceptable.isEmpty && reply.measurements == alone.measurements)
            }
            // Nobody matches by having more frames than one.
            let reply = try await caller.client.call(
                VerifyFrames(identity: "alice", images: [try stranger(), try alice(), try alice(3)]))
            #expect(reply.result == .noMatch && reply.frame == 1)
        }
    }

    @Test func `as many strangers pass as with a single picture, whatever the frames behind the first show`()
        async throws
    {
        try await run { server, _ in
            let caller = try await server.connect()
            // Pairs of strangers and frames of the person herself behind them.
            for person in 20..<40 {
                let first = try stranger(person)
                let alone = try await caller.verify("alice", first, at: 1e-2)
                let attempt = try await caller.client.call(
                    VerifyFrames(
                        identity: "alice", images: [first] + (0..<4).map { try alice($0) }, operatingPoint: 1e-2))
                #expect(attempt.result == alone.result)
                #expect(attempt.attemptFalseMatchRate == 1e-2)
            }
        }
    }

    @Test func `where no frame is good enough it is inconclusive, and the first that was measured is told`()
        async throws
    {
        try await run { server, _ in
            let client = try await server.connect().client
            let reply = try await client.call(
                VerifyFrames(identity: "alice", images: [try nobody(), try dark(), try dark()]))
            #expect(reply.result == .inconclusive && reply.frame == 2)
            #expect(reply.unacceptable.map(\.quantity) == ["brightness"])
        }
    }

    @Test func `where every frame shows nobody or several people, the error is that of the first`() async throws {
        try await run { server, _ in
            let client = try await server.connect().client
            for (frames, name) in [
                ([try nobody()], "NoFace"), ([try nobody(), try several()], "NoFace"),
                ([try several(), try nobody()], "SeveralFaces"),
            ] {
                let error = try await errorReply {
                    try await client.call(VerifyFrames(identity: "alice", images: frames))
                }
                #expect(error.shortName == name)
                #expect(error.description.contains("frame 1") == (frames.count > 1))
            }
            let largest = try await client.call(
                VerifyFrames(identity: "alice", images: [try several()], largest: true))
            #expect(largest.result == .match)
        }
    }

    @Test func `an image that is not read is refused with its number`() async throws {
        try await run { server, _ in
            let client = try await server.connect().client
            let error = try await errorReply {
                try await client.call(VerifyFrames(identity: "alice", images: [try dark(), "AAAA", try alice()]))
            }
            #expect(error.shortName == "ImageRejected" && error.description.contains("frame 2"))
        }
    }

    @Test func `no more than five frames are taken, and not none`() async throws {
        try await run { server, _ in
            let client = try await server.connect().client, image = try dark()
            for count in [0, 6, 100] {
                let error = try await errorReply {
                    try await client.call(
                        VerifyFrames(identity: "alice", images: Array(repeating: image, count: count)))
                }
                #expect(error == .invalidParameter("images"))
            }
            let five = try await client.call(
                VerifyFrames(identity: "alice", images: Array(repeating: image, count: 5)))
            #expect(five.result == .inconclusive)
        }
    }

    @Test func `all frames together may be as large as one file`() async throws {
        let image = try alice()
        let bytes = try #require(Data(base64Encoded: image)).count
        try await run(configure: { $0.images.maximumFileBytes = 3 * bytes }) { server, _ in
            let client = try await server.connect().client
            #expect(try await client.call(VerifyFrames(identity: "alice", images: [image, image])).result == .match)
            let error = try await errorReply {
                try await client.call(VerifyFrames(identity: "alice", images: Array(repeating: image, count: 4)))
            }
            #expect(error.shortName == "ImageRejected" && error.parameters["cause"] == .string("file_too_large"))
        }
    }

    @Test func `an attempt is one failure, and a match clears it`() async throws {
        try await run(.stranger(.verify)) { server, caller in
            let fails = VerifyFrames(identity: "alice", images: [try dark(), try stranger(), try stranger(8)])
            for count in 1...3 {
                #expect(try await caller.call(fails)["result"] == .string("no_match"))
                let failures = try await server.gallery.attempts().map { Int($0.record.failures.rounded()) }
                #expect(failures == [count, count])
            }
            _ = try await caller.call(VerifyFrames(identity: "alice", images: [try dark(), try alice()]))
            try await eventually { try await server.gallery.attempts().allSatisfy { $0.identity == nil } }
            // What is inconclusive counts for nothing.
            func failures() async throws -> [Int] {
                try await server.gallery.attempts().map { Int($0.record.failures.rounded()) }
            }
            let before = try await failures()
            _ = try await caller.call(VerifyFrames(identity: "alice", images: [try dark(), try nobody()]))
            try await eventually { try await failures() == before }
        }
    }

    @Test func `failed attempts end in a lock-out, also of the user whom a relay with the grant score names`()
        async throws
    {
        let policy = AccessPolicy.stranger(.verify, score: true, relay: true)
        try await run(policy) { _, caller in
            let fails = VerifyFrames(identity: "alice", images: [try stranger()], user: 1000)
            for _ in 0..<5 { _ = try await caller.call(fails) }
            let refusal = try await errorReply {
                try await caller.call(VerifyFrames(identity: "alice", images: [try alice()], user: 1000))
            }
            #expect(refusal.shortName == "TooManyAttempts" && refusal.parameters["locked"] == .bool(true))
            let other = try await caller.call(VerifyFrames(identity: "alice", images: [try alice()], user: 1001))
            #expect(other["result"] == .string("match"))
        }
    }

    @Test func `each frame that is looked at counts towards the rate`() async throws {
        try await run(.stranger(.verify), configure: { $0.attempts.perMinute = 6 }) { _, caller in
            let four = VerifyFrames(identity: "alice", images: [try dark(), try nobody(), try dark(), try alice()])
            #expect(try await caller.call(four)["result"] == .string("match"))
            let one = VerifyFrames(identity: "alice", images: [try alice(), try alice(), try alice()])
            for _ in 0..<2 { #expect(try await caller.call(one)["result"] == .string("match")) }
            #expect(try await errorReply { try await caller.call(one) }.shortName == "TooManyAttempts")
        }
    }

    @Test func `a caller who may not know who is enrolled is told the same of a name that is not`() async throws {
        try await run(.stranger(.verify)) { server, caller in
            let frames = [try dark(), try stranger()]
            let known = try await caller.call(VerifyFrames(identity: "alice", images: frames))
            var unknown = try await caller.call(VerifyFrames(identity: "nobody", images: frames))
            #expect(unknown["identity"] == .string("nobody"))
            unknown["identity"] = .string("alice")
            #expect(known == unknown)
            #expect(
                Set(known.keys) == [
                    "identity", "result", "frame", "operating_point", "attempt_false_match_rate", "measurements",
                    "unacceptable", "message", "modality", "model", "generation",
                ])
            let error = try await errorReply {
                try await server.connect().client.call(VerifyFrames(identity: "nobody", images: frames))
            }
            #expect(error.shortName == "NoSuchIdentity")
            let rate = try await errorReply {
                try await caller.call(VerifyFrames(identity: "alice", images: frames, operatingPoint: 1e-2))
            }
            #expect(rate == .permissionDenied)
        }
    }
}
