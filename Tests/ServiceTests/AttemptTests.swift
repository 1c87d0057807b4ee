// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import Imaging
import LikenessInterface
import Service
import Testing
import Varlink

/// How often a caller may compare, by what it may do.
@Suite struct AttemptTests {
    private let trial: StrangerTrial

    init() throws {
        trial = try StrangerTrial()
    }

    @Test func `after five failures with one identity no further comparison is made with it, and others go on`()
        async throws
    {
        try await trial.run(.stranger(.verify)) { server, caller in
            #expect(
                try await trial.failures(caller, "alice", 7) == [String](repeating: "no_match", count: 5) + [
                    "TooManyAttempts", "TooManyAttempts",
                ])
            // Not even one that would match.
            let error = try await errorReply { try await caller.verify("alice", Pictures.base64(person: 1)) }
            #expect(error.shortName == "TooManyAttempts")
            #expect(error.parameters["locked"] == .bool(true))
            guard case .int(let seconds)? = error.parameters["retry_after"] else {
                throw FixtureError("no time is told")
            }
            #expect((86_000...86_400).contains(seconds))
            #expect(try await caller.verify("bob", Pictures.base64(person: 2))["result"] == .string("match"))
            // Somebody else's failures are their own.
            let other = PeerCaller(server.service, as: PeerCredentials(processID: 1, userID: 0, groupID: 0))
            #expect(try await other.verify("alice", Pictures.base64(person: 1))["result"] == .string("match"))
        }
    }

    @Test func `a name that is not enrolled is locked out like one that is`() async throws {
        try await trial.run(.stranger(.verify)) { _, caller in
            let absent = try await trial.failures(caller, "nobody", 6)
            #expect(try await trial.failures(caller, "alice", 6) == absent)
        }
    }

    @Test func `a match clears the count with that identity`() async throws {
        try await trial.run(.stranger(.verify)) { _, caller in
            for _ in 0..<3 {
                let failed = try await trial.failures(caller, "alice", 4)
                #expect(failed == [String](repeating: "no_match", count: 4))
                let matched = try await caller.verify("alice", Pictures.base64(person: 1))
                #expect(matched["result"] == .string("match"))
            }
        }
    }

    @Test func `a match with oneself clears nothing of the count over all identities`() async throws {
        try await trial.run(.stranger(.verify), configure: { $0.attempts.perCaller = 9 }) { _, caller in
            var failed = 0
            for name in 0..<20 {
                guard try await trial.failures(caller, "victim \(name)", 1) == ["no_match"] else { break }
                failed += 1
                _ = try? await caller.verify("bob", Pictures.base64(person: 2))
            }
            #expect(failed == 9)
        }
    }

    @Test func `identifications count over all identities`() async throws {
        try await trial.run(.stranger(.verify), configure: { $0.attempts.perCaller = 6 }) { _, caller in
            for picture in 0..<6 {
                #expect(
                    try await caller.identify(Pictures.base64(person: 7, picture: picture))["result"]
                        == .string("no_match"))
            }
            let refusal = try await errorReply { try await caller.identify(Pictures.base64(person: 1)) }
            #expect(refusal.shortName == "TooManyAttempts")
            #expect(try await trial.failures(caller, "alice", 1) == ["TooManyAttempts"])
        }
    }

    @Test func `calls at once are no way round`() async throws {
        try await trial.run(.stranger(.verify)) { _, caller in
            let results = try await withThrowingTaskGroup(of: String.self) { group in
                for picture in 0..<30 {
                    group.addTask {
                        do {
                            return try await caller.verify("alice", Pictures.base64(person: 7, picture: picture))[
                                "result"]?.stringValue ?? ""
                        } catch let error as VarlinkError {
                            return error.shortName
                        }
                    }
                }
                return try await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            }
            #expect(results["no_match"] == 5)
            #expect((results["TooManyAttempts"] ?? 0) + (results["Busy"] ?? 0) == 25)
        }
    }

    @Test func `comparisons that have not ended lock nobody out yet`() async throws {
        try await trial.run(.stranger(.verify), configure: { $0.workers = 1 }) { server, caller in
            trial.model.valve.close()
            let matches = try await withThrowingTaskGroup(of: String?.self) { group in
                for picture in 1...5 {
                    group.addTask {
                        try await caller.verify("alice", Pictures.base64(person: 1, picture: picture))["result"]?
                            .stringValue
                    }
                }
                try await eventually {
                    try await server.gallery.attempts().first { $0.identity?.text == "alice" }?.record.failures == 5
                }
                let refusal = try await errorReply { try await caller.verify("alice", Pictures.base64(person: 1)) }
                #expect(refusal.shortName == "TooManyAttempts" && refusal.parameters["locked"] == .bool(false))
                #expect(refusal.parameters["retry_after"] == .int(1))
                let moved = try await errorReply {
                    let root = try await server.connect()
                    return try await root.client.call(
                        MoveSample(identity: "alice", sample: 1, to: "bob", last: true))
                }
                #expect(moved.shortName == "TooManyAttempts")
                trial.model.valve.open()
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(matches == [String](repeating: "match", count: 5))
            try await eventually { try await server.gallery.attempts().isEmpty }
            #expect(try await trial.failures(caller, "alice", 6).last == "TooManyAttempts")
            let refusal = try await errorReply { try await caller.verify("alice", Pictures.base64(person: 1)) }
            #expect(refusal.parameters["locked"] == .bool(true))
        }
    }

    @Test func `what supports no decision counts for nothing`() async throws {
        try await trial.run(.stranger(.verify)) { _, caller in
            for _ in 0..<12 {
                #expect(try await caller.verify("alice", trial.dark())["result"] == .string("inconclusive"))
                let refusal = try await errorReply { try await caller.verify("alice", "AAAA") }
                #expect(refusal.shortName == "ImageRejected")
                let faceless = try await errorReply {
                    try await caller.verify("alice", Pictures.base64(Pictures.image(person: 1, faces: 0)))
                }
                #expect(faceless.shortName == "NoFace")
            }
            #expect(try await trial.failures(caller, "alice", 5) == [String](repeating: "no_match", count: 5))
        }
    }

    @Test func `all calls together are held to a rate, whatever comes of them`() async throws {
        try await trial.run(.stranger(.verify), configure: { $0.attempts.perMinute = 3 }) { _, caller in
            var names: [String] = []
            for _ in 0..<5 {
                do {
                    names.append(try await caller.verify("alice", trial.dark())["result"]?.stringValue ?? "")
                } catch let error as VarlinkError {
                    names.append(error.shortName)
                    #expect(error.parameters["locked"] == .bool(false))
                }
            }
            #expect(names == ["inconclusive", "inconclusive", "inconclusive", "TooManyAttempts", "TooManyAttempts"])
        }
    }

    @Test func `a delay is told with its seconds, and ends`() async throws {
        try await trial.run(.stranger(.verify), configure: { $0.attempts.delaySeconds = 300 }) { _, caller in
            let failed = try await trial.failures(caller, "alice", 3)
            #expect(failed == ["no_match", "no_match", "TooManyAttempts"])
            let error = try await errorReply { try await caller.verify("alice", Pictures.base64(person: 1)) }
            #expect(error.parameters["locked"] == .bool(false))
            #expect(error.description.contains("4 minutes") || error.description.contains("5 minutes"))
            // The delay is with this identity.
            #expect(try await trial.failures(caller, "bob", 1) == ["no_match"])
        }
    }

    @Test func `the count outlasts a restart`() async throws {
        let file = try GalleryFile()
        try await trial.run(.stranger(.verify), gallery: file) { _, caller in
            let failed = try await trial.failures(caller, "alice", 3)
            #expect(failed == ["no_match", "no_match", "no_match"])
        }
        try await trial.run(.stranger(.verify), gallery: file) { _, caller in
            let failed = try await trial.failures(caller, "alice", 3)
            #expect(failed == ["no_match", "no_match", "TooManyAttempts"])
        }
    }

    @Test func `whoever has the grant score is not locked out, and the audit log is told of the failures`() async throws
    {
        let file = try GalleryFile()
        try await trial.run(.stranger(.verify, score: true), gallery: file) { server, caller in
            let results = try await trial.failures(caller, "alice", 9)
            #expect(results == [String](repeating: "no_match", count: 9))
            let records = try await server.gallery.attempts()
            #expect(records.isEmpty)
        }
        let gallery = try await SQLiteGallery.open(path: file.path, options: SQLGallery.Options())
        let entries = try await gallery.auditTrail(AuditQuery(limit: 100)).filter { $0.action == .failedComparisons }
        try await gallery.close()
        #expect(entries.map(\.result) == ["9 failed"] && entries.first?.identity?.text == "alice")
    }

    @Test func `failures of one's own with the grant score neither lock a relay's user out nor let him in`()
        async throws
    {
        try await trial.run(.stranger(.verify, score: true, relay: true)) { server, caller in
            let user = Int(PeerCaller.stranger.userID)
            _ = try await trial.failures(caller, "alice", 60)
            #expect(
                try await caller.verify("alice", Pictures.base64(person: 1), user: user)["result"] == .string("match"))
            for _ in 0..<5 {
                #expect(
                    try await caller.verify("alice", Pictures.base64(person: 7), user: user)["result"]
                        == .string("no_match"))
            }
            _ = try await trial.failures(caller, "alice", 2)
            let refusal = try await errorReply {
                try await caller.verify("alice", Pictures.base64(person: 1), user: user)
            }
            #expect(refusal.shortName == "TooManyAttempts")
        }
    }

    @Test func `a relay's failures are those of the user it names`() async throws {
        try await trial.run(.stranger(.verify, score: true, relay: true)) { server, caller in
            for _ in 0..<5 {
                #expect(
                    try await caller.verify("alice", Pictures.base64(person: 7), user: 1000)["result"]
                        == .string("no_match"))
            }
            let refusal = try await errorReply {
                try await caller.verify("alice", Pictures.base64(person: 1), user: 1000)
            }
            #expect(refusal.shortName == "TooManyAttempts")
            #expect(
                try await caller.verify("alice", Pictures.base64(person: 1), user: 1001)["result"] == .string("match"))
            #expect(try await caller.verify("alice", Pictures.base64(person: 1))["result"] == .string("match"))
            #expect(try await server.gallery.attempts().map(\.caller).contains(1000))
            for user in [-1, 1 << 32, Int(UInt32.max)] {
                let refusal = try await errorReply {
                    try await caller.verify("alice", Pictures.base64(person: 1), user: user)
                }
                #expect(refusal.shortName == "InvalidParameter")
            }
        }
        try await trial.run(.stranger(.admin, score: true)) { _, caller in
            let refusal = try await errorReply {
                try await caller.verify("alice", Pictures.base64(person: 1), user: 1000)
            }
            #expect(refusal.shortName == "PermissionDenied")
        }
    }

    @Test func `near misses of enrolments are failures with whom they are near`() async throws {
        try await trial.run(.stranger(.enroll)) { server, caller in
            for number in 0..<5 {
                _ = try await caller.enroll("fresh \(number)", Pictures.base64(person: 1, picture: 10 + number))
            }
            let record = try #require(try await server.gallery.attempts().first { $0.identity?.text == "alice" })
            #expect(record.caller == PeerCaller.stranger.userID)
            #expect(record.record.failures == 5)
            let refusal = try await errorReply { try await caller.verify("alice", Pictures.base64(person: 1)) }
            #expect(refusal.shortName == "TooManyAttempts")
            let enrollment = try await errorReply { try await caller.enroll("alice", Pictures.base64(person: 1)) }
            #expect(enrollment.shortName == "TooManyAttempts")
        }
    }

    @Test func `enrolments at once tell of no more people than the limit allows`() async throws {
        try await trial.run(.stranger(.enroll), configure: { $0.attempts.perCaller = 4 }) { server, caller in
            let told = try await withThrowingTaskGroup(of: Int.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        do {
                            let reply = try await caller.enroll(
                                "fresh \(number)", Pictures.base64(person: 1, picture: 10 + number))
                            guard case .array(let warnings)? = reply["warnings"] else { return 0 }
                            return warnings.isEmpty ? 0 : 1
                        } catch is VarlinkError {
                            return 0
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(told >= 1)
            #expect(told <= 4)
            #expect(try await server.gallery.attempts().contains { $0.record.blockedUntil != nil })
        }
    }

    @Test func `an enrolment that tells of nobody counts for nothing, and all are held to the rate`() async throws {
        try await trial.run(.stranger(.enroll), configure: { $0.attempts.perMinute = 6 }) { server, caller in
            for number in 0..<6 {
                _ = try await caller.enroll("person \(number)", Pictures.base64(person: 40 + number))
            }
            let refusal = try await errorReply { try await caller.enroll("person 7", Pictures.base64(person: 47)) }
            #expect(refusal.shortName == "TooManyAttempts")
            try await eventually { try await server.gallery.attempts().isEmpty }
            let described = try await caller.call(Describe(identity: "person 1"))
            #expect(!"\(described)".contains("brightness"))
        }
    }

    @Test func `an administrator sees lock-outs and lifts them, and the audit log tells of both`() async throws {
        try await trial.run(.stranger(.verify)) { server, caller in
            _ = try await trial.failures(caller, "alice", 5)
            let root = try await server.connect()
            let attempts = try #require(try await root.status().attempts)
            #expect(attempts.lockedOut == 1)
            #expect(attempts.locked.first?.user == Int(PeerCaller.stranger.userID))
            #expect(attempts.locked.first?.identity == "alice")
            #expect(attempts.locked.first?.failures == 5)
            let reply = try await root.client.call(Unlock(user: Int(PeerCaller.stranger.userID)))
            #expect(reply.removed == 2)
            #expect(try await caller.verify("alice", Pictures.base64(person: 1))["result"] == .string("match"))
            let actions = try await server.gallery.auditTrail(AuditQuery(limit: 100)).map(\.action)
            #expect(actions.contains(.lockOut))
            #expect(actions.contains(.unlock))
        }
    }

    @Test func `the audit log holds failed comparisons together, when the service ends`() async throws {
        let file = try GalleryFile()
        try await trial.run(.stranger(.verify), gallery: file) { _, caller in
            _ = try await trial.failures(caller, "alice", 3)
        }
        let gallery = try await SQLiteGallery.open(path: file.path, options: SQLGallery.Options())
        let entries = try await gallery.auditTrail(AuditQuery(limit: 100)).filter { $0.action == .failedComparisons }
        try await gallery.close()
        #expect(entries.map(\.result) == ["3 failed"])
        #expect(entries.first?.identity?.text == "alice")
        #expect(entries.first?.actor?.user == PeerCaller.stranger.userID)
    }

    @Test func `while the store is away nobody is compared who could be locked out`() async throws {
        for (policy, expected) in [
            (AccessPolicy.stranger(.verify), "Internal"), (.stranger(.verify, score: true), "match"),
        ] {
            try await trial.run(policy) { server, caller in
                try await server.gallery.close()
                #expect(try await failuresOrResult(caller) == expected)
            }
        }
    }

    private func failuresOrResult(_ caller: PeerCaller) async throws -> String {
        do {
            return try await caller.verify("alice", Pictures.base64(person: 1))["result"]?.stringValue ?? ""
        } catch let error as VarlinkError {
            return error.shortName
        }
    }
}
