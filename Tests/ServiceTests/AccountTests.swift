// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import LikenessInterface
import Service
import Testing
import Varlink

/// Identities that are called as accounts are: who may ask about them, and who may enrol them.
@Suite struct AccountTests {
    private static let stranger = PeerCaller.stranger.userID
    private static let users = UserDatabase.fixed(["alice": stranger, "bob": 61_300, "root": 0])

    /// Runs a server on whose host the stranger is alice; alice, a person 1, and bob are enrolled.
    private func run(
        _ policy: AccessPolicy, users: UserDatabase = Self.users,
        configure: (inout ServiceConfiguration) -> Void = { _ in },
        _ body: (TestServer, PeerCaller) async throws -> Void
    ) async throws {
        try await TestServer.run(
            [PixelModel()],
            configure: {
                $0.access = policy
                $0.users = users
                $0.attempts.delaySeconds = 0
                configure(&$0)
            }
        ) { server in
            let root = try await server.connect()
            _ = try await root.enroll("alice", Pictures.base64(person: 1, picture: 1))
            _ = try await root.enroll("bob", Pictures.base64(person: 2, picture: 1))
            try await body(server, PeerCaller(server.service))
        }
    }

    @Test func `who may verify himself may ask about the identity of his account's name, and about nobody else`()
        async throws
    {
        try await run(.stranger(.verifySelf)) { _, caller in
            let own = try Pictures.base64(person: 1, picture: 2), other = try Pictures.base64(person: 2, picture: 2)
            #expect(try await caller.verify("alice", own)["result"] == .string("match"))
            #expect(try await caller.verify("alice", other)["result"] == .string("no_match"))
            #expect(
                try await caller.call(VerifyFrames(identity: "alice", images: [own]))["result"] == .string("match"))
            for name in ["bob", "Alice", "nobody", "root", "61234"] {
                #expect(try await errorReply { try await caller.verify(name, own) } == .permissionDenied, "\(name)")
                let refusal = try await errorReply {
                    try await caller.call(VerifyFrames(identity: name, images: [own]))
                }
                #expect(refusal == .permissionDenied)
            }
            #expect(try await errorReply { try await caller.identify(own) } == .permissionDenied)
            #expect(try await errorReply { try await caller.call(Status()) } == .permissionDenied)
            #expect(try await errorReply { try await caller.enroll("alice", own) } == .permissionDenied)
            #expect(try await errorReply { try await caller.call(Remove(identity: "alice")) } == .permissionDenied)
            // No number is told, as to anybody without the grant score.
            #expect(try await caller.verify("alice", own)["distance"] == nil)
        }
    }

    @Test func `a user without an account is nobody`() async throws {
        try await run(.stranger(.verifySelf), users: .fixed(["bob": 61_300])) { _, caller in
            let image = try Pictures.base64(person: 1)
            for name in ["alice", "bob", "61234"] {
                #expect(try await errorReply { try await caller.verify(name, image) } == .permissionDenied)
            }
        }
    }

    @Test func `a relay that may verify users themselves asks for the account of the user whom it names`() async throws
    {
        try await run(.stranger(.verifySelf, relay: true)) { server, caller in
            let bob = try Pictures.base64(person: 2, picture: 2)
            #expect(try await caller.verify("bob", bob, user: 61_300)["result"] == .string("match"))
            #expect(try await errorReply { try await caller.verify("alice", bob, user: 61_300) } == .permissionDenied)
            #expect(try await errorReply { try await caller.verify("bob", bob) } == .permissionDenied)
            #expect(try await errorReply { try await caller.verify("bob", bob, user: 61_301) } == .permissionDenied)
            // The failure is the user's.
            _ = try await caller.verify("bob", Pictures.base64(person: 3), user: 61_300)
            #expect(Set(try await server.gallery.attempts().map(\.caller)) == [61_300])
        }
        try await run(.stranger(.verifySelf)) { _, caller in
            let bob = try Pictures.base64(person: 2, picture: 2)
            #expect(try await errorReply { try await caller.verify("bob", bob, user: 61_300) } == .permissionDenied)
        }
    }

    @Test func `who may verify anybody may go on doing so`() async throws {
        try await run(.stranger(.verify)) { _, caller in
            let reply = try await caller.verify("bob", Pictures.base64(person: 2))
            #expect(reply["result"] == .string("match"))
        }
    }

    @Test func `under the name of an account its user enrols, or an administrator, and nobody else`() async throws {
        try await run(.stranger(.enroll)) { server, caller in
            let image = try Pictures.base64(person: 1, picture: 3)
            #expect(try await caller.enroll("alice", image)["samples"] == .int(2))
            #expect(try await caller.enroll("carol", image)["samples"] == .int(1))
            for name in ["bob", "root"] {
                let refusal = try await errorReply { try await caller.enroll(name, image) }
                #expect(refusal.shortName == "ReservedName" && refusal.parameters["identity"] == .string(name))
                #expect(
                    try await errorReply { try await caller.call(Remove(identity: name)) }.shortName == "ReservedName")
            }
            let names = try await server.connect().list().identities.map(\.name)
            #expect(names == ["alice", "bob", "carol"])
            #expect(try await caller.call(Remove(identity: "alice", sample: 1))["remaining"] == .int(1))
        }
        try await run(.stranger(.admin)) { _, caller in
            let enrolled = try await caller.enroll("bob", Pictures.base64(person: 2, picture: 3))
            #expect(enrolled["samples"] == .int(2))
            let removed = try await caller.call(Remove(identity: "bob"))
            #expect(removed["removed"] == .int(2))
        }
    }

    @Test func `the host's own databases are asked`() throws {
        let accounts = Accounts()
        #expect(accounts.name(of: 0) == "root")
        #expect(accounts.name(of: 4_000_000_123) == nil)
        #expect(accounts.contains(0) && !accounts.contains(4_000_000_123))
    }
}
