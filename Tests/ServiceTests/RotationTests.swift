// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Foundation
import Gallery
import Imaging
import LikenessInterface
import Recognition
import Service
import Testing
import Varlink

@Suite struct RotationTests {
    private let first: PixelModel
    private let second: PixelModel

    init() throws {
        first = try PixelModel(version: 1)
        second = try PixelModel(version: 2)
    }

    private func enrollPeople(
        _ caller: Caller, _ people: ClosedRange<Int> = 1...4, samples: ClosedRange<Int> = 1...3
    ) async throws {
        for person in people {
            for picture in samples {
                _ = try await caller.enroll("person \(person)", Pictures.base64(person: person, picture: picture))
            }
        }
    }

    @Test func `a rotation embeds every sample again, reports, and from then on the new model answers`() async throws {
        let file = try GalleryFile()
        try await TestServer.run([first], gallery: file, rotatingTo: [second]) { server in
            let caller = try await server.connect()
            try await enrollPeople(caller)
            let before = try await caller.verify("person 2", Pictures.base64(person: 2, picture: 9))
            #expect(before.model == first.model.digest.hexadecimal)

            let replies = try await caller.rotate("2")
            let end = try #require(replies.last)
            #expect(end.phase == .activated)
            #expect(end.done == 12 && end.total == 12)
            let report = try #require(end.report)
            #expect(report.samples == 12 && report.embedded == 12 && report.refused == 0)
            #expect(report.before.genuinePairs == 12 && report.after.genuinePairs == 12)
            #expect(report.before.equalErrorRate == 0 && report.after.equalErrorRate == 0)
            #expect(report.disagreeing == 0 && report.acceptable)
            // As what was kept of a person, whose face need not be the largest in it.
            #expect(second.valve.kept == 12 && first.valve.kept == 0)

            let after = try await caller.verify("person 2", Pictures.base64(person: 2, picture: 9))
            #expect(after.result == .match)
            #expect(after.model == second.model.digest.hexadecimal)
            #expect(after.generation > before.generation)
            // What is enrolled from now on is of the new model too.
            let enrolled = try await caller.enroll("person 9", Pictures.base64(person: 9, picture: 1))
            #expect(enrolled.model == second.model.digest.hexadecimal)
            let status = try await caller.rotationStatus()
            #expect(status.generations.map(\.state) == [.retired, .active])
            #expect(status.rotation?.phase == .activated)
            #expect(server.service.modelNames == ["\(second.model.name) \(second.model.version)"])
        }
        // A daemon that starts with the model before does not take the gallery for its own.
        await #expect(throws: GalleryError.self) { try await TestServer.run([first], gallery: file) { _ in } }
        try await TestServer.run([second], gallery: file) { server in
            let reply = try await server.connect().verify("person 9", Pictures.base64(person: 9, picture: 2))
            #expect(reply.result == .match)
        }
    }

    @Test func `verification answers from the active generation throughout, and enrolments and removals are in both`()
        async throws
    {
        try await TestServer.run([first], rotatingTo: [second]) { server in
            let caller = try await server.connect(), other = try await server.connect()
            try await enrollPeople(caller)
            second.valve.close()
            _ = try await caller.beginRotation("2")
            try await eventually { second.valve.prepared > 0 }
            let during = try await other.verify("person 1", Pictures.base64(person: 1, picture: 9))
            #expect(during.result == .match && during.model == first.model.digest.hexadecimal)
            _ = try await other.enroll("late", Pictures.base64(person: 7, picture: 1))
            _ = try await other.remove("person 4")
            #expect(try await other.rotationStatus().rotation?.phase == .embedding)
            #expect(try await errorReply { try await other.beginRotation("2") }.shortName == "RotationRunning")
            #expect(try await errorReply { try await other.prune() }.shortName == "RotationRunning")
            second.valve.open()
            try await eventually { try await other.rotationStatus().rotation?.phase == .activated }
            #expect(
                try await other.verify("late", Pictures.base64(person: 7, picture: 2)).model
                    == second.model.digest.hexadecimal)
            #expect(
                try await errorReply { try await other.verify("person 4", Pictures.base64(person: 4)) }.shortName
                    == "NoSuchIdentity")
        }
    }

    @Test func `a dry run reports and changes nothing`() async throws {
        try await TestServer.run([first], rotatingTo: [second]) { server in
            let caller = try await server.connect()
            try await enrollPeople(caller)
            let end = try #require(try await caller.rotate("2", dryRun: true).last)
            #expect(end.phase == .measured && end.report?.acceptable == true)
            #expect(try await caller.rotationStatus().generations.map(\.state) == [.active])
            #expect(
                try await caller.verify("person 1", Pictures.base64(person: 1)).model == first.model.digest.hexadecimal)
        }
    }

    @Test func `a model that loses too much is refused with the report, and the old one stays`() async throws {
        let worse = ForgetfulModel(base: second)
        try await TestServer.run([first], rotatingTo: [worse]) { server in
            let caller = try await server.connect()
            try await enrollPeople(caller)
            let refusal = try await errorReply { try await caller.rotate("2") }
            #expect(refusal.shortName == "RotationRefused")
            let failure = try JSONDecoder().decode(Refusal.self, from: JSONEncoder().encode(refusal.parameters))
            #expect(failure.report.acceptable == false)
            #expect((failure.report.equalErrorRateRise ?? 0) > 0.2)
            #expect(failure.report.objections.count == 1)
            #expect(try await caller.rotationStatus().generations.map(\.state) == [.active])
            #expect(
                try await caller.verify("person 1", Pictures.base64(person: 1)).model == first.model.digest.hexadecimal)
            // Whoever asks for it gets it.
            #expect(try await caller.rotate("2", maxDrop: 1).last?.phase == .activated)
        }
    }

    @Test func `a rollback is there at once and has what was enrolled since, and a prune ends it`() async throws {
        try await TestServer.run([first], rotatingTo: [second]) { server in
            let caller = try await server.connect()
            try await enrollPeople(caller)
            #expect(try await errorReply { try await caller.rollBack() }.shortName == "NothingToRollBack")
            _ = try await caller.rotate("2")
            _ = try await caller.enroll("since", Pictures.base64(person: 8, picture: 1))
            let reply = try await caller.rollBack()
            #expect(reply.active.model.version == "1" && reply.previous.model.version == "2")
            let answer = try await caller.verify("since", Pictures.base64(person: 8, picture: 2))
            #expect(answer.result == .match && answer.model == first.model.digest.hexadecimal)
            #expect(try await caller.prune().generations == 1)
            #expect(try await errorReply { try await caller.rollBack() }.shortName == "NothingToRollBack")
        }
    }

    /// Who is in the gallery at which distance of some pictures.
    private func distances(_ caller: Caller) async throws -> [String] {
        var lines: [String] = []
        for person in 1...9 {
            let reply = try await caller.identify(Pictures.base64(person: person, picture: 7), limit: 10)
            lines += reply.candidates.map { "picture of \(person): \($0.identity) at \($0.distance ?? .nan)" }.sorted()
        }
        return lines
    }

    @Test func `after rollbacks the gallery in memory is what a start would read`() async throws {
        let file = try GalleryFile()
        var before: [String] = []
        try await TestServer.run([first], gallery: file, rotatingTo: [second]) { server in
            let caller = try await server.connect()
            try await enrollPeople(caller, 1...5)
            _ = try await caller.rotate("2")
            _ = try await caller.enroll("since", Pictures.base64(person: 8, picture: 1))
            _ = try await caller.enroll("person 1", Pictures.base64(person: 1, picture: 4))
            _ = try await caller.remove("person 4")
            _ = try await caller.remove("person 2", sample: 2)
            #expect(try await caller.rollBack().active.model.version == "1")
            _ = try await caller.remove("person 3")
            _ = try await caller.enroll("person 3", Pictures.base64(person: 6, picture: 1))
            _ = try await caller.enroll("again", Pictures.base64(person: 9, picture: 1))
            #expect(try await caller.rollBack().active.model.version == "2")
            _ = try await caller.remove("since")
            #expect(try await caller.rollBack().active.model.version == "1")
            before = try await distances(caller)
            #expect(before.count == 9 * 5)
        }
        try await TestServer.run([first], gallery: file) { server in
            let after = try await distances(server.connect())
            #expect(after == before)
        }
    }

    @Test func `a rotation that a stop interrupts goes on at the next start`() async throws {
        let file = try GalleryFile()
        try await TestServer.run([first], gallery: file, rotatingTo: [second]) { server in
            let caller = try await server.connect()
            try await enrollPeople(caller, 1...12)
            second.valve.close()
            _ = try await caller.beginRotation("2")
            try await eventually { second.valve.prepared > 0 }
            second.valve.open()
        }
        try await TestServer.run([first], gallery: file, rotatingTo: [second]) { server in
            let caller = try await server.connect()
            try await eventually { try await caller.rotationStatus().generations.last?.state == .active }
            let isActive = try await caller.rotationStatus().generations.map(\.state) == [.retired, .active]
            #expect(isActive)
            #expect(
                try await caller.verify("person 12", Pictures.base64(person: 12)).model
                    == second.model.digest.hexadecimal)
        }
    }

    @Test func `a cancelled rotation leaves the old model and nothing of the new`() async throws {
        try await TestServer.run([first], rotatingTo: [second]) { server in
            let caller = try await server.connect(), other = try await server.connect()
            try await enrollPeople(caller)
            second.valve.close()
            _ = try await caller.beginRotation("2")
            try await eventually { second.valve.prepared > 0 }
            async let cancelled = other.cancelRotation()
            try await Task.sleep(for: .milliseconds(20))
            second.valve.open()
            #expect(try await cancelled.phase == .cancelled)
            #expect(try await caller.rotationStatus().generations.map(\.state) == [.active])
            #expect(try await errorReply { try await other.cancelRotation() }.shortName == "NoRotation")
        }
    }

    @Test func `who has no sample that the active model took is told to enrol again, until they have one`() async throws
    {
        var second = second
        second.refusesKept = true
        try await TestServer.run([first], rotatingTo: [second]) { server in
            let caller = try await server.connect()
            try await enrollPeople(caller, 1...2)
            let end = try #require(try await caller.rotate("2", maxDrop: 1).last)
            #expect(end.phase == .activated && end.report?.refused == 6)
            let error = try await errorReply {
                try await caller.verify("person 1", Pictures.base64(person: 1, picture: 9))
            }
            #expect(error.shortName == "NoUsableSample")
            #expect(try #require(error.parameters["message"]?.stringValue).contains("enrol “person 1” again"))
            _ = try await caller.enroll("person 1", Pictures.base64(person: 1, picture: 4))
            #expect(try await caller.verify("person 1", Pictures.base64(person: 1, picture: 9)).result == .match)
        }
    }

    @Test func `samples that were not kept are named, and an unknown model is refused`() async throws {
        var options = SQLGallery.Options()
        options.keepsSamples = false
        try await TestServer.run([first], rotatingTo: [second], options: options) { server in
            let caller = try await server.connect()
            try await enrollPeople(caller, 1...2)
            let impossible = try await errorReply { try await caller.beginRotation("2") }
            #expect(impossible.shortName == "RotationImpossible")
            #expect(impossible.parameters["identities"] == .array([.string("person 1"), .string("person 2")]))
            #expect(try await errorReply { try await caller.beginRotation("nothing") }.shortName == "NoSuchModel")
            #expect(try await errorReply { try await caller.beginRotation("1") }.shortName == "RotationImpossible")
            #expect(
                try await errorReply { try await caller.beginRotation("2", maxDrop: 2) }.shortName == "InvalidParameter"
            )
        }
    }

    private struct Refusal: Codable {
        let report: WireRotationReport
    }
}

/// A model that makes nearly the same of everybody.
private struct ForgetfulModel: Embedder {
    let base: PixelModel

    var model: ModelDescription { base.model }
    var calibration: Calibration? { base.calibration }
    var meanRule: IdentityReference.Rule { base.meanRule }

    func makeSession() throws(RecognitionError) -> any EmbedderSession {
        Session(base: try base.makeSession(), model: model)
    }

    private final class Session: EmbedderSession {
        let base: any EmbedderSession
        let model: ModelDescription

        init(base: any EmbedderSession, model: ModelDescription) {
            self.base = base
            self.model = model
        }

        func prepare(_ picture: any PictureSource, largest: Bool) throws(RecognitionError) -> PreparedSample {
            try base.prepare(picture, largest: largest)
        }

        func prepareAll(
            _ picture: any PictureSource, shouldStop: () -> Bool
        ) throws(RecognitionError) -> PreparedFaces {
            try base.prepareAll(picture, shouldStop: shouldStop)
        }

        func prepare(kept crop: any PictureSource) throws(RecognitionError) -> PreparedSample {
            try base.prepare(kept: crop)
        }

        func embed(_ samples: [PreparedSample]) throws(RecognitionError) -> [Embedding] {
            // A number that depends on the picture's noise and not on who is on it.
            samples.compactMap { sample in
                var hash = UInt32(2_166_136_261)
                for pixel in sample.image.pixels { hash = (hash ^ UInt32(pixel.red)) &* 16_777_619 }
                var values = [Float](repeating: 0, count: model.embeddingSize)
                values[Int(hash >> 8) % model.embeddingSize] = Float(hash % 1000) / 1000
                return Embedding(values: values, model: model.digest)
            }
        }
    }
}

extension Caller {
    /// Every reply of a rotation that is followed to its end.
    func rotate(_ model: String, dryRun: Bool? = nil, maxDrop: Double? = nil) async throws -> [WireRotation] {
        var rotations: [WireRotation] = []
        let replies = try client.stream(RotateModel(model: model, dryRun: dryRun, maxDrop: maxDrop))
        for try await reply in replies { rotations.append(reply.rotation) }
        return rotations
    }

    func beginRotation(_ model: String, maxDrop: Double? = nil) async throws -> WireRotation {
        try await client.call(RotateModel(model: model, maxDrop: maxDrop)).rotation
    }

    func rotationStatus() async throws -> RotationStatus.Reply {
        try await client.call(RotationStatus())
    }

    func cancelRotation() async throws -> WireRotation {
        try await client.call(CancelRotation()).rotation
    }

    func rollBack(_ modality: Modality? = nil) async throws -> Rollback.Reply {
        try await client.call(Rollback(modality: modality))
    }

    func prune() async throws -> PruneGenerations.Reply {
        try await client.call(PruneGenerations())
    }
}
