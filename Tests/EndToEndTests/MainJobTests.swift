// SPDX-License-Identifier: Apache-2.0

import DaemonHarness
import Foundation
import ProgramHarness
import Testing

/// What a new user does, with the built programs.
@Suite(.serialized, .enabled(if: Material.isPresent, Comment(rawValue: Material.absence)))
struct MainJobTests {
    @Test func `a person is enrolled, verified, shown and removed`() async throws {
        let daemon = try await Material.startedDaemon()
        let added = try await daemon.enroll(
            "add", "alice", Material.face(1, 1), Material.face(1, 2), Material.face(1, 3), "--json")
        #expect(added.status == 0, "\(added.errors)")

        let genuine = try await daemon.enroll("verify", "alice", Material.face(1, 5))
        #expect(genuine.status == 0, "\(genuine.output)\(genuine.errors)")
        #expect(genuine.output.hasPrefix("match"))
        let impostor = try await daemon.enroll("verify", "alice", Material.face(2, 5))
        #expect(impostor.status == 1, "\(impostor.output)\(impostor.errors)")

        let decision = try await daemon.enroll("verify", "alice", Material.face(1, 5), "--json").json()
        #expect(decision["result"] as? String == "match")
        let score = try #require(decision["score"] as? Double)
        let threshold = try #require(decision["threshold"] as? Double)
        #expect(score >= threshold && score <= 1)

        let listed = try await daemon.enroll("list")
        #expect(listed.status == 0)
        #expect(listed.output.contains("alice"))
        #expect(try await daemon.enroll("show", "alice").output.contains("alice"))

        #expect(try await daemon.enroll("remove", "alice", "--sample", "2").status == 0)
        let shown = try await daemon.enroll("show", "alice", "--json").json()
        #expect((shown["samples"] as? [[String: Any]])?.compactMap { $0["number"] as? Int } == [1, 3])
        #expect(try await daemon.enroll("remove", "alice").status == 0)
        #expect(try await daemon.enroll("verify", "alice", Material.face(1, 5)).status == 67)
        #expect(try await daemon.enroll("status").status == 0)
    }

    @Test func `a sixth sample is refused and the five stay`() async throws {
        let daemon = try await Material.startedDaemon()
        let added = try await daemon.enroll(["add", "alice"] + (1...5).map { Material.face(1, $0) })
        #expect(added.status == 0, "\(added.errors)")
        let sixth = try await daemon.enroll("add", "alice", Material.face(1, 6))
        #expect(sixth.status != 0)
        #expect(sixth.errors.contains("remove one first"))
        let shown = try await daemon.enroll("show", "alice", "--json").json()
        #expect((shown["samples"] as? [Any])?.count == 5)
    }

    @Test func `a photograph enrolled twice warns and names the identity`() async throws {
        let daemon = try await Material.startedDaemon()
        #expect(try await daemon.enroll("add", "alice", Material.face(1, 1)).status == 0)
        let again = try await daemon.enroll("add", "bob", Material.face(1, 1), "--json")
        #expect(again.status == 0)
        #expect(again.output.contains("duplicate_sample"))
        #expect(again.output.contains("alice"))
    }

    @Test func `files that are no photographs get an error and nothing is enrolled`() async throws {
        let daemon = try await Material.startedDaemon()
        let text = daemon.home.appending("note.txt")
        try "not a picture".write(toFile: text, atomically: true, encoding: .utf8)
        let refused = try await daemon.enroll("add", "alice", text)
        #expect(refused.status == 65)
        #expect(!refused.errors.isEmpty)
        let missing = try await daemon.enroll("add", "alice", daemon.home.appending("missing.jpg"))
        #expect(missing.status == 66)
        let noFace = try await daemon.enroll("add", "alice", await Self.blankImage(in: daemon))
        #expect(noFace.status == 65)
        #expect(noFace.errors.contains("no face"))
        #expect(try await daemon.enroll("show", "alice").status == 67)
    }

    /// A uniformly grey 64×64 binary image, made a PNG by the command under test's own peer.
    private static func blankImage(in daemon: Daemon) async throws -> String {
        let path = daemon.home.appending("blank.png")
        let python = try #require(TestEnvironment.python)
        let made = try await Command.run(
            python, ["-c", "from PIL import Image; Image.new('L', (200, 200), 128).save('\(path)')"])
        #expect(made.status == 0, "\(made.errors)")
        return path
    }
}
