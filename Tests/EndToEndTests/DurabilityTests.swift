// SPDX-License-Identifier: Apache-2.0

import Foundation
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

@Suite(.serialized, .enabled(if: Material.isPresent, Comment(rawValue: Material.absence)))
struct DurabilityTests {
    @Test func `what was acknowledged before a kill is there afterwards`() async throws {
        let daemon = try await Material.startedDaemon()
        for round in 1...5 {
            let name = "person \(round)"
            #expect(try await daemon.enroll("add", name, Material.face(round, 1)).status == 0)
            let late = Task { [socket = daemon.socket] in
                let client = try await VarlinkClient.connect(unixPath: socket)
                let image = try Data(contentsOf: URL(fileURLWithPath: Material.face(round, 2))).base64EncodedString()
                return try await client.call(Enroll(identity: name, image: image))
            }
            try await Task.sleep(for: .milliseconds(20 * round))
            try daemon.kill()
            let acknowledged = try? await late.value
            try await daemon.start()
            let shown = try await daemon.enroll("show", name, "--json").json()
            let numbers = (shown["samples"] as? [[String: Any]])?.compactMap { $0["number"] as? Int } ?? []
            #expect(numbers.contains(1))
            if let acknowledged { #expect(numbers.contains(acknowledged.sample)) }
        }
        #expect(try await daemon.enroll("verify", "person 1", Material.face(1, 6)).status == 0)
    }

    @Test func `a stop finishes what was accepted`() async throws {
        let daemon = try await Material.startedDaemon()
        let image = try Data(contentsOf: URL(fileURLWithPath: Material.face(1, 1))).base64EncodedString()
        let client = try await daemon.connect()
        let accepted = Task {
            try await client.call(Enroll(identity: "alice", image: image))
        }
        try await Task.sleep(for: .milliseconds(30))
        #expect(try await daemon.stop() == 0)
        #expect(try await accepted.value.sample == 1)
        try await daemon.start()
        #expect(try await daemon.enroll("show", "alice").status == 0)
    }

    @Test func `a second daemon on the same gallery refuses to start`() async throws {
        let daemon = try await Material.startedDaemon()
        let second = try await Command.run(
            Products.program("likenessd"), ["--user"],
            environment: [
                "HOME": daemon.home.path, "XDG_DATA_HOME": daemon.home.appending("data"),
                "XDG_RUNTIME_DIR": daemon.home.appending("data"),
            ],
            timeout: .seconds(20))
        #expect(second.status != 0, "\(second.errors)")
        #expect(daemon.isRunning)
        #expect(try await daemon.enroll("status").status == 0)
    }
}
