// SPDX-License-Identifier: Apache-2.0

import FaultyDisk
import Foundation
import Gallery
import LikenessInterface
import Testing

/// Rotations on a disk that fails or is full.
@Suite struct RotationFaultTests {
    private let first: PixelModel
    private let second: PixelModel
    private let file: GalleryFile
    private let disk: FaultyDisk

    init() throws {
        first = try PixelModel(version: 1)
        second = try PixelModel(version: 2)
        file = try GalleryFile()
        disk = try FaultyDisk((file.path as NSString).deletingLastPathComponent)
    }

    private func enrollPeople(_ caller: Caller) async throws {
        for person in 1...4 {
            for picture in 1...3 {
                _ = try await caller.enroll("person \(person)", Pictures.base64(person: person, picture: picture))
            }
        }
    }

    @Test(arguments: [true, false])
    func `a rotation on a disk that is full or fails says so, changes nothing, and can be begun again`(
        isFull: Bool
    ) async throws {
        try await TestServer.run([first], gallery: file, rotatingTo: [second]) { server in
            let caller = try await server.connect()
            try await enrollPeople(caller)
            second.valve.close()
            _ = try await caller.beginRotation("2")
            try await eventually { second.valve.prepared > 0 }
            if isFull { disk.leave(bytes: 0) } else { disk.fail(.write, with: .writeError) }
            second.valve.open()
            try await eventually { try await caller.rotationStatus().rotation?.phase == .failed }
            let words = isFull ? "is full" : "cannot be written"
            #expect(try await caller.rotationStatus().rotation?.message.contains(words) == true)
            #expect(server.journal.entries.contains { $0.level == .error && $0.message.contains(words) })

            // Verification goes on, and what cannot be done is told in the same words.
            let during = try await caller.verify("person 2", Pictures.base64(person: 2, picture: 9))
            #expect(during.result == .match && during.model == first.model.digest.hexadecimal)
            let refusal = try await errorReply { try await caller.enroll("person 9", Pictures.base64(person: 9)) }
            #expect("\(refusal.parameters)".contains(words), "\(refusal)")
            #expect(
                try await errorReply { try await caller.verify("person 9", Pictures.base64(person: 9)) }.shortName
                    == "NoSuchIdentity")

            disk.recover()
            let end = try #require(try await caller.rotate("2").last)
            #expect(end.phase == .activated && end.report?.samples == 12)
            #expect(try await caller.rotationStatus().generations.map(\.state) == [.retired, .active])
            #expect(
                try await caller.verify("person 2", Pictures.base64(person: 2)).model == second.model.digest.hexadecimal
            )
            #expect(try await server.gallery.check { _, _ in }.damage.isEmpty)
        }
    }

    /// Has a change wait for a rollback to the first model, after a worker has embedded its picture by the second.
    private func change<Reply: Sendable>(
        _ server: TestServer, whileRollingBack work: @escaping @Sendable (Caller) async throws -> Reply
    ) async throws -> Reply {
        let caller = try await server.connect(), other = try await server.connect()
        try await enrollPeople(caller)
        _ = try await caller.rotate("2")
        _ = try await caller.enroll("since", Pictures.base64(person: 8, picture: 1))
        // The rollback embeds it while others are enrolled, and the last of those while nothing else changes the
        // gallery. There it is held up.
        first.valve.close()
        let before = first.valve.prepared
        async let rolledBack = caller.rollBack()
        try await eventually { first.valve.prepared > before }
        _ = try await other.enroll("meanwhile", Pictures.base64(person: 7, picture: 1))
        first.valve.letOnePass()
        try await eventually { first.valve.prepared > before + 1 }
        let embedded = second.valve.prepared
        async let changed = work(other)
        try await eventually { second.valve.prepared > embedded }
        try await Task.sleep(for: .milliseconds(100))
        first.valve.open()
        #expect(try await rolledBack.active.model.version == "1")
        return try await changed
    }

    @Test func `an enrolment that waits for an activation is one of the model that is then active`() async throws {
        try await TestServer.run([first], gallery: file, rotatingTo: [second]) { server in
            let reply = try await change(
                server, whileRollingBack: { try await $0.enroll("waiting", Pictures.base64(person: 9, picture: 1)) })
            #expect(reply.model == first.model.digest.hexadecimal)
            let answer = try await server.connect().verify("waiting", Pictures.base64(person: 9, picture: 2))
            #expect(answer.result == .match && answer.model == first.model.digest.hexadecimal)
            #expect(try await server.gallery.check { _, _ in }.damage.isEmpty)
        }
    }

    @Test func `an import that waits for an activation is embedded again by the model that is then active`()
        async throws
    {
        let sample = WireExportedSample(
            number: 1, enrolled: 1, image: try Pictures.base64(person: 9, picture: 1), kind: .crop, width: 64,
            height: 64,
            original: String(repeating: "0", count: 64), measurements: [], embeddings: [])
        let identity = WireExportedIdentity(
            name: "waiting", modality: .face, enrolled: 1, updated: 1, samples: [sample])
        try await TestServer.run([first], gallery: file, rotatingTo: [second]) { server in
            let reply = try await change(
                server,
                whileRollingBack: { other in
                    try await other.client.call(ImportIdentity(identity: identity))
                })
            #expect(reply.result == .imported && reply.reembedded == 1)
            let answer = try await server.connect().verify("waiting", Pictures.base64(person: 9, picture: 2))
            #expect(answer.result == .match && answer.model == first.model.digest.hexadecimal)
            #expect(try await server.gallery.check { _, _ in }.damage.isEmpty)
        }
    }

    @Test func `a rollback on a full disk leaves the active model, and something to go back to`() async throws {
        try await TestServer.run([first], gallery: file, rotatingTo: [second]) { server in
            let caller = try await server.connect()
            try await enrollPeople(caller)
            _ = try await caller.rotate("2")
            // One more to embed, so that the rollback has begun when the disk is full.
            _ = try await caller.enroll("since", Pictures.base64(person: 8, picture: 1))
            first.valve.close()
            let before = first.valve.prepared
            async let refusal = errorReply { try await caller.rollBack() }
            try await eventually { first.valve.prepared > before }
            disk.leave(bytes: 0)
            first.valve.open()
            #expect("\(try await refusal.parameters)".contains("is full"))
            let other = try await server.connect()
            #expect(
                try await other.verify("since", Pictures.base64(person: 8)).model == second.model.digest.hexadecimal)
            disk.recover()
            #expect(try await other.rollBack().active.model.version == "1")
            #expect(try await other.verify("since", Pictures.base64(person: 8)).model == first.model.digest.hexadecimal)
        }
    }
}
