// SPDX-License-Identifier: Apache-2.0

import LikenessInterface
import Testing

@Suite struct WarningTests {
    @Test func `the very same file is known again, by name and number`() async throws {
        try await TestServer.run([PixelModel()]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            let again = try await caller.enroll("alice", Pictures.base64(person: 1))
            #expect(again.warnings.map(\.kind) == [.duplicateSample])
            #expect(again.warnings.first?.identity == "alice")
            #expect(again.warnings.first?.sample == 1)
            #expect(again.warnings.first?.message.contains("sample 1 of “alice”") == true)
        }
    }

    @Test func `a sample within another identity's threshold names it and the distance`() async throws {
        try await TestServer.run([PixelModel()]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1, picture: 1))
            _ = try await caller.enroll("carol", Pictures.base64(person: 3))
            let bob = try await caller.enroll("bob", Pictures.base64(person: 1, picture: 2))
            #expect(bob.warnings.map(\.kind) == [.nearIdentity])
            #expect(bob.warnings.first?.identity == "alice")
            let verified = try await caller.verify("alice", Pictures.base64(person: 1, picture: 2))
            #expect(bob.warnings.first?.distance == verified.distance)
            #expect(verified.result == .match)
        }
    }

    @Test func `a sample beyond the threshold of the identity's own is named with the distance`() async throws {
        try await TestServer.run([PixelModel()]) { server in
            let caller = try await server.connect()
            let first = try await caller.enroll("alice", Pictures.base64(person: 1))
            #expect(first.warnings.isEmpty)
            let expected = try await caller.verify("alice", Pictures.base64(person: 2))
            let second = try await caller.enroll("alice", Pictures.base64(person: 2))
            #expect(second.warnings.map(\.kind) == [.unlikeOwnSamples])
            #expect(second.warnings.first?.distance == expected.distance)
            #expect(second.samples == 2)
        }
    }
}
