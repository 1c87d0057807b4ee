// SPDX-License-Identifier: Apache-2.0

import Foundation
import Gallery
import Imaging
import LikenessInterface
import Service
import Testing
import Varlink

/// Detect and Compare, which look at a caller's own pictures.
@Suite struct PictureMethodTests {
    private let model: PixelModel

    init() throws {
        model = try PixelModel()
    }

    private func detect(_ image: RGBImage, _ server: TestServer) async throws -> Detect.Reply {
        try await server.connect().client.call(Detect(image: Pictures.base64(image)))
    }

    private func compare(
        _ first: RGBImage, _ second: RGBImage, _ server: TestServer, at rate: Double? = nil
    ) async throws -> Compare.Reply {
        try await server.connect().client.call(
            Compare(first: Pictures.base64(first), second: Pictures.base64(second), operatingPoint: rate))
    }

    // MARK: Detect

    @Test func `every face is told with its place, what was measured on it, and what is wrong`() async throws {
        try await TestServer.run([model]) { server in
            var blue = Pictures.image(person: 4)
            blue[1, 0] = RGB(red: 0, green: 0, blue: 255)
            let group = Pictures.group([
                Pictures.image(person: 1), Pictures.image(person: 2, faces: 0), Pictures.image(person: 3, light: 0.1),
                blue,
            ])
            let reply = try await detect(group, server)
            #expect(reply.width == 4 * Pictures.side && reply.height == Pictures.side)
            #expect(reply.found == 3)
            #expect(reply.refusal == "the image shows 3 faces; crop it to one person")
            #expect(reply.model == model.model.digest.hexadecimal)
            #expect(reply.faces.map(\.box.left) == [0, 64, 96])
            #expect(reply.faces.map(\.acceptable) == [true, false, false])
            #expect(reply.faces.map { $0.landmarks.count } == [5, 5, 5])
            #expect(reply.faces.map(\.landmarkLayout) == Array(repeating: "eyes-nose-mouth", count: 3))
            #expect(reply.faces.map { $0.measurements.map(\.quantity) } == [["brightness"], ["brightness"], []])
            #expect(reply.faces[0].complaints.isEmpty)
            #expect(reply.faces[1].complaints.first?.hasPrefix("the face is too dark: brightness") == true)
            #expect(reply.faces[2].complaints.first?.contains("cannot be aligned: it is blue") == true)
            // Nothing is embedded.
            #expect(model.valve.batches.isEmpty)
        }
    }

    @Test func `a picture of nobody is no error, and says why it would be refused`() async throws {
        try await TestServer.run([model]) { server in
            let reply = try await detect(Pictures.image(person: 1, faces: 0), server)
            #expect(reply.faces.isEmpty && reply.found == 0)
            #expect(reply.refusal?.hasPrefix("no face was found") == true)
            let one = try await detect(Pictures.image(person: 1), server)
            #expect(one.refusal == nil && one.faces.count == 1)
        }
    }

    @Test func `of many faces the largest are told, and their number`() async throws {
        try await TestServer.run([model]) { server in
            let reply = try await detect(Pictures.group((0..<40).map { Pictures.image(person: $0) }), server)
            #expect(reply.found == 40 && reply.faces.count == 32)
        }
    }

    @Test func `without the grant score a measurement is told where it misses a limit, rounded`() async throws {
        let group = Pictures.group([Pictures.image(person: 1), Pictures.image(person: 3, light: 0.1)])
        try await TestServer.run([model], configure: { $0.access = .stranger(.compare) }) { server in
            let exact = try await detect(group, server)
            let told = try await PeerCaller(server.service).call(Detect(image: Pictures.base64(group)))
            guard case .array(let faces)? = told["faces"], case .object(let first)? = faces.first,
                case .object(let second)? = faces.last, case .array(let measured)? = second["measurements"],
                case .object(let brightness)? = measured.first
            else { throw FixtureError("no faces") }
            #expect(first["measurements"] == .array([]) && first["acceptable"] == .bool(true))
            #expect(first["box"] != nil && second["acceptable"] == .bool(false))
            let value = try #require(exact.faces[1].measurements.first?.value)
            #expect(brightness["value"]?.number != value)
            #expect(try abs(#require(brightness["value"]?.number) - value) < 1)
        }
    }

    @Test func `a daemon without a model of faces says so`() async throws {
        try await TestServer.run([PixelModel(modality: .glyph)]) { server in
            let error = try await errorReply { try await detect(Pictures.image(person: 1), server) }
            #expect(error.shortName == "ModalityMismatch")
        }
    }

    // MARK: Compare

    @Test func `two pictures are decided by the distance between them, and nobody has to be enrolled`() async throws {
        try await TestServer.run([model]) { server in
            let first = Pictures.image(person: 1, picture: 1), second = Pictures.image(person: 1, picture: 2)
            let reply = try await compare(first, second, server)
            let points = try [first, second].map { try model.embedding(of: $0).values.map(Double.init) }
            let expected = zip(points[0], points[1]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
            #expect(reply.result == .match)
            #expect(abs(try #require(reply.distance) - expected) < 1e-5)
            let calibration = try #require(PixelModel.calibrated)
            #expect(reply.score == reply.distance.map { calibration.score(distance: $0) })
            #expect(reply.threshold == calibration.score(distance: 0.6) && reply.operatingPoint == 1e-3)
            #expect(reply.first.measurements.map(\.quantity) == ["brightness"])
            #expect(reply.second.unacceptable.isEmpty && reply.message.hasPrefix("match: score"))
            #expect(reply.model == model.model.digest.hexadecimal)
            let other = try await compare(first, Pictures.image(person: 2), server)
            #expect(other.result == .noMatch && other.message.hasPrefix("no match: score"))
            // The other way round it is the same.
            #expect(try await compare(second, first, server).distance == reply.distance)
            let noisy = Pictures.image(person: 1, picture: 3, noise: 120)
            #expect(try await compare(first, noisy, server, at: 1e-2).result == .match)
            let strict = try await compare(first, noisy, server, at: 1e-4)
            #expect(strict.result == .noMatch && strict.operatingPoint == 1e-4)
            #expect(try await server.gallery.attempts().isEmpty)
        }
    }

    @Test func `a picture of poor quality is inconclusive, and the message says which`() async throws {
        try await TestServer.run([model]) { server in
            let good = Pictures.image(person: 1), dark = Pictures.image(person: 1, light: 0.1)
            for (pair, name) in [([good, dark], "the second picture"), ([dark, good], "the first picture")] {
                let reply = try await compare(pair[0], pair[1], server)
                #expect(reply.result == .inconclusive)
                #expect(reply.message.hasPrefix("inconclusive: \(name): the face is too dark: brightness"))
                #expect(reply.first.unacceptable.count == (name == "the first picture" ? 1 : 0))
                #expect(reply.second.unacceptable.count == (name == "the second picture" ? 1 : 0))
            }
        }
    }

    @Test func `an error says which of the pictures it is about`() async throws {
        try await TestServer.run([model]) { server in
            let good = try Pictures.base64(person: 1)
            let none = try Pictures.base64(Pictures.image(person: 1, faces: 0))
            let two = try Pictures.base64(Pictures.image(person: 1, faces: 2))
            let client = try await server.connect().client
            for (first, second, name, picture) in [
                (none, good, "NoFace", "first"), (good, none, "NoFace", "second"),
                (good, two, "SeveralFaces", "second"),
                ("AAAA", good, "ImageRejected", "first"), (good, "?", "ImageRejected", "second"),
            ] {
                let error = try await errorReply { try await client.call(Compare(first: first, second: second)) }
                #expect(error.shortName == name)
                #expect(error.description.contains("the \(picture) picture"), "\(error)")
            }
            #expect(try await client.call(Compare(first: good, second: two, largest: true)).result == .match)
            let rate = try await errorReply {
                try await client.call(Compare(first: good, second: good, operatingPoint: 0.5))
            }
            #expect(rate.shortName == "NoSuchOperatingPoint")
            let glyph = try await errorReply {
                try await client.call(Compare(first: good, second: good, modality: .glyph))
            }
            #expect(glyph.shortName == "ModalityMismatch")
        }
    }

    @Test func `without the grant score a comparison tells the result alone`() async throws {
        try await TestServer.run([model], configure: { $0.access = .stranger(.compare) }) { server in
            let caller = PeerCaller(server.service)
            let first = try Pictures.base64(person: 1, picture: 1), second = try Pictures.base64(person: 1, picture: 2)
            let reply = try await caller.call(Compare(first: first, second: second))
            #expect(
                Set(reply.keys) == ["result", "operating_point", "first", "second", "message", "model"])
            #expect(reply["message"] == .string("match: at FMR 1e-3"))
            let refusal = try await errorReply {
                try await caller.call(Compare(first: first, second: second, operatingPoint: 1e-2))
            }
            #expect(refusal == .permissionDenied)
        }
    }

    // MARK: Both

    @Test func `the role opens neither the gallery nor its state`() async throws {
        try await TestServer.run([model], configure: { $0.access = .stranger(.compare, score: true) }) { server in
            _ = try await server.connect().enroll("alice", Pictures.base64(person: 1))
            let caller = PeerCaller(server.service)
            let image = try Pictures.base64(person: 1)
            #expect(try await caller.call(Compare(first: image, second: image))["result"] == .string("match"))
            #expect(try await errorReply { try await caller.verify("alice", image) } == .permissionDenied)
            #expect(try await errorReply { try await caller.identify(image) } == .permissionDenied)
            #expect(try await errorReply { try await caller.call(IdentifyAll(image: image)) } == .permissionDenied)
            #expect(try await errorReply { try await caller.call(Status()) } == .permissionDenied)
        }
    }

    @Test func `pictures and faces are held to the rate of comparisons, and are no failures`() async throws {
        try await TestServer.run(
            [model],
            configure: {
                $0.access = .stranger(.compare)
                $0.attempts.perMinute = 6
            }
        ) { server in
            let caller = PeerCaller(server.service)
            let one = try Pictures.base64(person: 1), other = try Pictures.base64(person: 2)
            // Two pictures each: the third takes the last.
            for _ in 0..<3 {
                #expect(try await caller.call(Compare(first: one, second: other))["result"] == .string("no_match"))
            }
            let refusal = try await errorReply { try await caller.call(Detect(image: one)) }
            #expect(refusal.shortName == "TooManyAttempts" && refusal.parameters["locked"] == .bool(false))
            #expect(try await server.gallery.attempts().isEmpty)
        }
        try await TestServer.run(
            [model],
            configure: {
                $0.access = .stranger(.compare)
                $0.attempts.perMinute = 6
            }
        ) { server in
            let caller = PeerCaller(server.service)
            let group = try Pictures.base64(Pictures.group((0..<12).map { Pictures.image(person: $0) }))
            _ = try await caller.call(Detect(image: group))
            // Twelve faces were looked at where six were left: those beyond are owed.
            let refusal = try await errorReply { try await caller.call(Detect(image: group)) }
            #expect(refusal.shortName == "TooManyAttempts")
            guard case .int(let seconds)? = refusal.parameters["retry_after"] else { throw FixtureError("no seconds") }
            #expect((60...70).contains(seconds))
        }
    }

    @Test func `a relay's pictures count for the user it names, and naming one needs the grant`() async throws {
        try await TestServer.run(
            [model],
            configure: {
                $0.access = .stranger(.compare, score: true, relay: true)
                $0.attempts.perMinute = 1
            }
        ) { server in
            let caller = PeerCaller(server.service), image = try Pictures.base64(person: 1)
            _ = try await caller.call(Detect(image: image, user: 1000))
            let refusal = try await errorReply {
                try await caller.call(Compare(first: image, second: image, user: 1000))
            }
            #expect(refusal.shortName == "TooManyAttempts")
            _ = try await caller.call(Detect(image: image, user: 1001))
            // Its own, with the grant score, are held to none.
            for _ in 0..<3 { _ = try await caller.call(Detect(image: image)) }
        }
        try await TestServer.run([model], configure: { $0.access = .stranger(.compare) }) { server in
            let refusal = try await errorReply {
                try await PeerCaller(server.service).call(Detect(image: Pictures.base64(person: 1), user: 1000))
            }
            #expect(refusal == .permissionDenied)
        }
    }

    @Test func `a caller who goes ends the work on his pictures`() async throws {
        try await TestServer.run([model], configure: { $0.workers = 1 }) { server in
            model.valve.close()
            let group = try Pictures.base64(Pictures.group((0..<8).map { Pictures.image(person: $0) }))
            let service = server.service
            let call = Task {
                try await PeerCaller(service, as: .init(processID: 1, userID: 0, groupID: 0)).call(
                    IdentifyAll(image: group))
            }
            try await eventually { model.valve.prepared == 1 }
            call.cancel()
            model.valve.open()
            _ = await call.result
            #expect(try await detect(Pictures.image(person: 1), server).found == 1)
            #expect(model.valve.batches.isEmpty)
        }
    }
}
