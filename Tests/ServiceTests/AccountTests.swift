// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import LikenessInterface
import Service
import Synchronization
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

    @Test func `the host's own databases are asked`() async {
        let accounts = Accounts()
        #expect(await accounts.name(of: 0) == "root")
        #expect(await accounts.name(of: 4_000_000_123) == nil)
        let hasRoot = await accounts.contains(0), hasOther = await accounts.contains(4_000_000_123)
        #expect(hasRoot && !hasOther)
    }

    /// A user database that answers about nobody before it is told to.
    private final class SlowDatabase: Sendable {
        private let state = Mutex((isOpen: false, asked: 0))

        var asked: Int { state.withLock { $0.asked } }
        func open() { state.withLock { $0.isOpen = true } }

        var users: UserDatabase {
            .other(
                UserDatabase.Lookups(
                    name: { user in
                        self.state.withLock { $0.asked += 1 }
                        while !self.state.withLock({ $0.isOpen }) { usleep(1000) }
                        return "user \(user)"
                    }, user: { _ in nil }))
        }
    }

    @Test func `while the user database does not answer about one caller, others are answered`() async throws {
        let slow = SlowDatabase()
        let policy = AccessPolicy(roles: [
            .verify: AccessHolders(users: [PeerCaller.stranger.userID], groups: [77])
        ])
        try await run(policy, users: slow.users) { server, known in
            // More than there are threads for tasks, event loops or looks into the database.
            let image = try Pictures.base64(person: 1)
            let waiting = (0..<24).map { number in
                PeerCaller(
                    server.service,
                    as: PeerCredentials(processID: 1, userID: 70_000 + UInt32(number % 12), groupID: 77))
            }
            let answers = try await withThrowingTaskGroup(of: String?.self) { group in
                for caller in waiting {
                    #expect(server.service.knownStanding(of: caller.peer) == nil)
                    group.addTask { try await caller.verify("alice", image)["result"]?.stringValue }
                }
                try await eventually { slow.asked == 4 }
                // Somebody whose role is his own, and root.
                #expect(try await known.verify("bob", Pictures.base64(person: 2))["result"] == .string("match"))
                #expect(server.service.knownStanding(of: known.peer) == .admitted)
                let listed = try await server.connect().list()
                #expect(listed.identities.count == 2)
                #expect(slow.asked == 4)
                slow.open()
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(answers == [String?](repeating: "match", count: 24))
            // Once about each, however many calls there are.
            #expect(slow.asked == 12)
            #expect(server.service.knownStanding(of: waiting[0].peer) == .admitted)
        }
    }
}
