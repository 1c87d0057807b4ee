// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import LikenessInterface
import Service
import Synchronization
import Testing
import Varlink

/// Users who may change what is enrolled of themselves, where somebody else than the configuration lets them.
@Suite struct SelfEnrollmentTests {
    private static let users = UserDatabase.fixed([
        "alice": PeerCaller.stranger.userID, "bob": 61_300, "root": 0,
    ])

    /// Says what it is told to, and keeps who was asked about.
    private final class Authority: Sendable {
        let asked = Mutex<[PeerCredentials]>([])
        let consent: Consent
        init(_ consent: Consent) { self.consent = consent }

        var count: Int { asked.withLock { $0.count } }

        func ask(_ peer: PeerCredentials) async -> Consent {
            asked.withLock { $0.append(peer) }
            return consent
        }
    }

    /// The stranger is alice. Nobody but bob, person 2, is enrolled.
    private func run(
        _ policy: AccessPolicy = .stranger(.enrollSelf), source: ConsentSource?,
        _ body: (TestServer, PeerCaller) async throws -> Void
    ) async throws {
        try await TestServer.run(
            [PixelModel()],
            configure: {
                $0.access = policy
                $0.users = Self.users
                $0.attempts.delaySeconds = 0
            }, consentSource: source
        ) { server in
            let root = try await server.connect()
            _ = try await root.enroll("bob", Pictures.base64(person: 2, picture: 1))
            try await body(server, PeerCaller(server.service))
        }
    }

    @Test func `who is let, enrols, sees and removes himself, and each change is asked about`() async throws {
        let authority = Authority(.given)
        try await run(source: authority.ask) { server, caller in
            let image = try Pictures.base64(person: 1, picture: 1)
            #expect(try await caller.enroll("alice", image)["samples"] == .int(1))
            let more = try [2, 3].map { try Pictures.base64(person: 1, picture: $0) }
            #expect(try await caller.call(EnrollSamples(identity: "alice", images: more))["samples"] == .int(3))
            let fourth = try Pictures.base64(person: 1, picture: 4)
            #expect(try await caller.call(CheckSample(identity: "alice", image: fourth))["modality"] != nil)
            #expect(try await caller.verify("alice", image)["result"] == .string("match"))
            let asked = authority.asked.withLock { $0 }
            #expect(asked == Array(repeating: PeerCaller.stranger, count: 3))
            _ = try await caller.call(Describe(identity: "alice"))
            #expect(authority.count == 3, "what is only looked at is nobody's to ask about")
            #expect(try await caller.call(Remove(identity: "alice"))["removed"] == .int(3))
            #expect(authority.count == 4)
            let entries = try await server.gallery.auditTrail(AuditQuery(limit: 100, newestFirst: true))
            #expect(entries.first?.actor?.user == PeerCaller.stranger.userID)
        }
    }

    @Test func `nobody is asked about what is not his own, and it is denied`() async throws {
        let authority = Authority(.given)
        try await run(source: authority.ask) { _, caller in
            let image = try Pictures.base64(person: 1, picture: 1)
            _ = try await caller.enroll("alice", image)
            for name in ["bob", "root", "carol", "Alice", "61234"] {
                for denied in [
                    try await errorReply { try await caller.enroll(name, image) },
                    try await errorReply { try await caller.call(EnrollSamples(identity: name, images: [image])) },
                    try await errorReply { try await caller.call(CheckSample(identity: name, image: image)) },
                    try await errorReply { try await caller.call(Remove(identity: name)) },
                    try await errorReply { try await caller.call(Describe(identity: name)) },
                    try await errorReply { try await caller.verify(name, image) },
                ] { #expect(denied == .permissionDenied, "\(name)") }
            }
            for denied in [
                try await errorReply { try await caller.call(List()) },
                try await errorReply { try await caller.identify(image) },
                try await errorReply {
                    try await caller.call(MoveSample(identity: "alice", sample: 1, to: "carol", create: true))
                },
            ] { #expect(denied == .permissionDenied) }
            #expect(authority.count == 1)
        }
    }

    @Test(arguments: AuthorizationRefusal.allCases) func `who is not let changes nothing, and is told why`(
        _ refusal: AuthorizationRefusal
    ) async throws {
        try await run(source: Authority(.refused(refusal)).ask) { server, caller in
            let image = try Pictures.base64(person: 1, picture: 1)
            for error in [
                try await errorReply { try await caller.enroll("alice", image) },
                try await errorReply { try await caller.call(CheckSample(identity: "alice", image: image)) },
                try await errorReply { try await caller.call(Remove(identity: "alice")) },
            ] {
                #expect(error.shortName == "NotAuthorized" && error.parameters["cause"] == .string(refusal.rawValue))
                #expect(error.parameters["message"]?.stringValue?.hasPrefix("nothing was changed: ") == true)
            }
            #expect(try await server.connect().list().identities.map(\.name) == ["bob"])
        }
    }

    @Test func `without anybody to ask nobody may`() async throws {
        try await run(source: nil) { _, caller in
            let error = try await errorReply { try await caller.enroll("alice", Pictures.base64(person: 1)) }
            #expect(error.shortName == "NotAuthorized" && error.parameters["cause"] == .string("no_authority"))
        }
    }

    @Test func `who may enrol anybody, and who may not enrol at all, is not asked about`() async throws {
        let authority = Authority(.refused(.refused))
        try await run(.stranger(.enroll), source: authority.ask) { _, caller in
            let reply = try await caller.enroll("alice", Pictures.base64(person: 1))
            #expect(reply["samples"] == .int(1))
        }
        try await run(.stranger(.verify), source: authority.ask) { _, caller in
            let image = try Pictures.base64(person: 1)
            let error = try await errorReply { try await caller.enroll("alice", image) }
            #expect(error == .permissionDenied)
        }
        let asked = authority.asked.withLock { $0 }
        #expect(asked.isEmpty)
    }

    @Test func `a warning tells nothing of others`() async throws {
        let bob = try Pictures.base64(person: 2, picture: 1)
        try await run(source: Authority(.given).ask) { server, caller in
            // The very file by which bob is enrolled, and near him.
            #expect(try await caller.enroll("alice", bob)["warnings"] == .array([]))
            // Of his own he is warned, and what tells it counts as a comparison that failed.
            guard case .array(let own)? = try await caller.enroll("alice", Pictures.base64(person: 1))["warnings"]
            else { throw FixtureError("no warnings") }
            #expect(own.count == 1 && "\(own)".contains("unlike_own_samples") && !"\(own)".contains("bob"))
            let kept = try await server.gallery.attempts()
            #expect(Set(kept.map(\.caller)) == [PeerCaller.stranger.userID])
            #expect(Set(kept.compactMap { $0.identity?.text }) == ["alice"])
        }
        try await run(.stranger(.enroll), source: nil) { _, caller in
            guard case .array(let all)? = try await caller.enroll("alice", bob)["warnings"] else {
                throw FixtureError("no warnings")
            }
            #expect("\(all)".contains("near_identity") && "\(all)".contains("duplicate_sample"))
        }
    }

    @Test func `one question at a time is asked for a user, and a stop ends it`() async throws {
        let begun = Mutex(0)
        try await run(source: { _ in
            begun.withLock { $0 += 1 }
            // Until it is cancelled.
            try? await Task.sleep(for: .seconds(600))
            return .given
        }) { server, caller in
            let image = try Pictures.base64(person: 1)
            let first = Task { try await errorReply { try await caller.enroll("alice", image) } }
            try await eventually { begun.withLock { $0 == 1 } }
            let second = try await errorReply { try await caller.enroll("alice", image) }
            #expect(second.shortName == "Busy" && "\(second)".contains("of yours"))
            let clock = ContinuousClock()
            let took = await clock.measure { await server.service.drain() }
            #expect(took < .seconds(10))
            let ended = try await first.value
            #expect(ended.shortName == "Busy" && "\(ended)".contains("stopping"))
            let questions = begun.withLock { $0 }
            #expect(questions == 1)
        }
    }

    @Test func `a caller who goes ends the question, and enrols nothing`() async throws {
        let begun = Mutex(0), cancelled = Mutex(0)
        try await run(source: { _ in
            begun.withLock { $0 += 1 }
            do { try await Task.sleep(for: .seconds(600)) } catch { cancelled.withLock { $0 += 1 } }
            return .given
        }) { server, caller in
            let image = try Pictures.base64(person: 1)
            let call = Task { try await caller.enroll("alice", image) }
            try await eventually { begun.withLock { $0 == 1 } }
            call.cancel()
            await #expect(throws: CancellationError.self) { try await call.value }
            let ended = cancelled.withLock { $0 }
            #expect(ended == 1)
            #expect(try await server.connect().list().identities.map(\.name) == ["bob"])
        }
    }
}
