// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import LikenessInterface
import ProgramHarness
import Testing
import Varlink

/// Kills `likenessd` amid a rotation, enrolments and removals that come over its socket, and looks at what the next one
/// has. `LIKENESS_FAULT_RUNS` says how often: a twelfth of it.
@Suite(
    .serialized,
    .enabled(if: Products.contains("likenessd"), "likenessd is not built, or LIKENESS_BIN does not name its folder"))
struct DaemonKillFaultTests {
    /// How many kills are to come amid a rotation.
    private static let runs = max(
        1, (ProcessInfo.processInfo.environment["LIKENESS_FAULT_RUNS"].flatMap(Int.init) ?? 24) / 12)

    @Test func `kill -9 amid a rotation loses nothing that was acknowledged, and the next start goes on`() async throws
    {
        // A kill does not ask whether anything has reached the disk.
        let program = try DaemonProgram(isInMemory: true)
        try PlainModel.install(PlainModel.other, in: program.models)
        var random = SeededGenerator(seed: 20_261_128), expected: [String: Set<Int>] = [:], acknowledged = 0,
            resumed = 0, kills = 0
        try program.start()
        var client = try await program.connect()
        for person in 1...Self.people {
            for picture in 1...5 { try await Self.enroll("person \(person)", picture: picture, client, &expected) }
        }
        let usual = try await Self.rotationTime(client)
        // Some come before its first sample or after its last.
        while resumed < Self.runs, kills < Self.runs * 20 {
            let run = kills
            kills += 1
            let active = try await Self.status(client).generations.first { $0.state == .active }?.model.name
            let other = active == PlainModel.name ? PlainModel.other : PlainModel.name
            let rotation = try await client.call(RotateModel(model: other, maxDrop: 1)).rotation
            #expect(!rotation.phase.isEnd)
            let pause = usual * (Double(random.next() % 1000) / 1000)
            let killer = Task { [running = try #require(program.program)] in
                try await Task.sleep(for: pause)
                running.send(SIGKILL)
            }
            // What was asked last and not answered may be done or not.
            var asked: [String: Set<Int>]?
            do {
                while true {
                    let name = "person \(1 + random.next() % UInt64(Self.people + 5))"
                    asked = expected
                    if random.next() % 4 == 0, expected[name] != nil {
                        asked?[name] = nil
                        _ = try await client.call(Remove(identity: name))
                        expected[name] = nil
                    } else if expected[name, default: []].count < 5 {
                        asked?[name, default: []].insert((expected[name]?.max() ?? 0) + 1)
                        try await Self.enroll(name, picture: Int(random.next() % 100), client, &expected)
                    }
                    acknowledged += 1
                }
            } catch let error as VarlinkError {
                throw error
            } catch {
                try await killer.value
            }
            #expect(try await program.status() == -SIGKILL)
            await client.close()
            try program.start()
            client = try await program.connect()

            let found = try await Self.enrolled(client)
            #expect(found == expected || found == asked, "run \(run)")
            expected = found
            // All old or all new: the rotation went on, or was over.
            for _ in 0..<500 where try await Self.status(client).generations.contains(where: { $0.state == .building })
            {
                try await Task.sleep(for: .milliseconds(20))
            }
            let after = try await Self.status(client)
            #expect(after.generations.first { $0.state == .active }?.model.name == other, "run \(run)")
            if program.log.contains("goes on") { resumed += 1 }
            #expect(
                after.generations.count { $0.state == .active } == 1
                    && after.generations.count { $0.state == .building } == 0, "run \(run)")
            let check = try await client.call(CheckGallery())
            #expect(check.damaged == 0, "run \(run)")
        }
        await client.close()
        #expect(try await program.stop() == 0)
        print(
            "kill -9 of likenessd: \(kills) kills, \(acknowledged) acknowledged changes, \(resumed) rotations gone on with"
        )
        #expect(resumed == Self.runs)
    }

    /// Enough for a rotation to take several transactions.
    private static let people = 60

    /// How long a rotation to the other model takes while nobody asks for anything.
    private static func rotationTime(_ client: VarlinkClient) async throws -> Duration {
        var rotation: WireRotation? = try await client.call(RotateModel(model: PlainModel.other, maxDrop: 1)).rotation
        let begun = ContinuousClock.now
        while rotation.map({ !$0.phase.isEnd }) ?? false { rotation = try await status(client).rotation }
        #expect(rotation?.phase == .activated)
        return begun.duration(to: .now)
    }

    private static func status(_ client: VarlinkClient) async throws -> RotationStatus.Reply {
        try await client.call(RotationStatus())
    }

    private static func enroll(
        _ name: String, picture: Int, _ client: VarlinkClient, _ expected: inout [String: Set<Int>]
    ) async throws {
        var grain = SeededGenerator(seed: UInt64(name.utf8.reduce(picture) { $0 &* 31 &+ Int($1) }))
        var image = RGBImage(width: 16, height: 16, repeating: RGB(red: 0, green: 0, blue: 0))
        for location in 0..<256 {
            let level = UInt8(grain.next() % 256)
            image[location % 16, location / 16] = RGB(red: level, green: level, blue: level)
        }
        let reply = try await client.call(
            Enroll(identity: name, image: Data(try image.pngBytes()).base64EncodedString()))
        expected[name, default: []].insert(reply.sample)
    }

    /// Who is enrolled, by the numbers of their samples.
    private static func enrolled(_ client: VarlinkClient) async throws -> [String: Set<Int>] {
        var enrolled: [String: Set<Int>] = [:]
        let list = try await client.call(List())
        for identity in list.identities {
            let reply = try await client.call(Describe(identity: identity.name))
            enrolled[identity.name] = Set(reply.samples.map(\.number))
        }
        return enrolled
    }
}
