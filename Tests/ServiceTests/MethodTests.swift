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

@Suite struct MethodTests {
    private let model: PixelModel

    init() throws {
        model = try PixelModel()
    }

    /// The distance by the rule's definition, in double precision.
    private func distance(_ probe: RGBImage, toMeanOf samples: [RGBImage]) throws -> Double {
        let vectors = try samples.map { try model.embedding(of: $0).values.map(Double.init) }
        let sum = vectors.dropFirst().reduce(vectors[0]) { zip($0, $1).map(+) }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        let point = try model.embedding(of: probe).values.map(Double.init)
        return zip(sum, point).reduce(0) { $0 + ($1.0 / length - $1.1) * ($1.0 / length - $1.1) }.squareRoot()
    }

    @Test func `an enrolment is told with its number, its measurements and its model`() async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            let first = try await caller.enroll("alice", Pictures.base64(person: 1, picture: 1))
            #expect(first.identity == "alice")
            #expect(first.sample == 1)
            #expect(first.samples == 1)
            #expect(first.measurements.map(\.quantity) == ["brightness"])
            #expect(first.measurements.first?.minimum == 40)
            #expect(first.warnings.isEmpty)
            #expect(first.model == model.model.digest.hexadecimal)
            let second = try await caller.enroll("alice", Pictures.base64(person: 1, picture: 2))
            #expect(second.sample == 2)
            #expect(second.samples == 2)
            let details = try await server.gallery.auditTrail(AuditQuery(limit: 1))
            #expect(details.first?.actor?.user == geteuid())
            #expect(details.first?.actor?.process == ProcessInfo.processInfo.processIdentifier)
        }
    }

    @Test
    func `a verification answers with the distance to the mean of all samples, its score and the threshold as a score`()
        async throws
    {
        let samples = (1...3).map { Pictures.image(person: 1, picture: $0) }
        let genuine = Pictures.image(person: 1, picture: 9), impostor = Pictures.image(person: 2)
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            for sample in samples { _ = try await caller.enroll("alice", Pictures.base64(sample)) }
            let calibration = try #require(PixelModel.calibrated)

            let match = try await caller.verify("alice", Pictures.base64(genuine))
            #expect(match.result == .match)
            let numbers = try match.numbers
            #expect(abs(numbers.distance - (try distance(genuine, toMeanOf: samples))) < 1e-5)
            #expect(numbers.distance > 0.001)
            #expect(match.score == calibration.score(distance: numbers.distance))
            #expect(match.threshold == calibration.score(distance: 0.6))
            #expect(match.operatingPoint == 1e-3)
            #expect(match.unacceptable.isEmpty)
            #expect(match.message.hasPrefix("match: score 0.99"))
            #expect(match.message.contains("(FMR 1e-3)"))

            let other = try await caller.verify("alice", Pictures.base64(impostor))
            #expect(other.result == .noMatch)
            #expect(abs(try other.numbers.distance - (try distance(impostor, toMeanOf: samples))) < 1e-5)
            #expect(try other.numbers.score < other.numbers.threshold)
            #expect(other.message.hasPrefix("no match: score"))
        }
    }

    @Test func `the rule of the nearest sample takes the nearest sample`() async throws {
        let samples = [Pictures.image(person: 1), Pictures.image(person: 2)]
        try await TestServer.run([model], configure: { $0.rule = .minimum }) { server in
            let caller = try await server.connect()
            for sample in samples { _ = try await caller.enroll("alice", Pictures.base64(sample)) }
            let reply = try await caller.verify("alice", Pictures.base64(samples[1]))
            #expect(reply.distance == 0)
            #expect(try await caller.identify(Pictures.base64(samples[0])).candidates.first?.distance == 0)
        }
    }

    @Test func `a stricter operating point may refuse what another accepts`() async throws {
        try await TestServer.run([model], configure: { $0.operatingPoint = 1e-2 }) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            let probe = try Pictures.base64(Pictures.image(person: 1, picture: 2, noise: 120))
            let byDefault = try await caller.verify("alice", probe)
            #expect(byDefault.result == .match)
            #expect(byDefault.operatingPoint == 1e-2)
            let strict = try await caller.verify("alice", probe, at: 1e-4)
            #expect(strict.result == .noMatch)
            #expect(strict.operatingPoint == 1e-4)
            #expect(strict.distance == byDefault.distance)
            #expect(try strict.numbers.threshold > byDefault.numbers.threshold)
        }
    }

    @Test func `signatures are held to a false-match rate of their own`() async throws {
        for (configured, expected) in [(nil, 1e-3), (1e-2, 1e-2)] as [(Double?, Double)] {
            try await TestServer.run(
                [model, PixelModel(modality: .signature, version: 2)],
                configure: { if let configured { $0.signatureOperatingPoint = configured } }
            ) { server in
                let caller = try await server.connect()
                _ = try await caller.enroll("alice", Pictures.base64(person: 1))
                _ = try await caller.enroll("alice signs", Pictures.base64(person: 1), modality: "signature")
                #expect(try await caller.verify("alice", Pictures.base64(person: 1)).operatingPoint == 1e-3)
                #expect(try await caller.verify("alice signs", Pictures.base64(person: 1)).operatingPoint == expected)
            }
        }
    }

    @Test func `a probe of poor quality is inconclusive and says why`() async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1))
            let dark = try Pictures.base64(Pictures.image(person: 1, light: 0.2))
            let verified = try await caller.verify("alice", dark)
            #expect(verified.result == .inconclusive)
            #expect(verified.unacceptable.map(\.quantity) == ["brightness"])
            #expect(verified.message.hasPrefix("inconclusive: the face is too dark: brightness"))
            #expect(try verified.numbers.distance < 0.6)
            let identified = try await caller.identify(dark)
            #expect(identified.result == .inconclusive)
            #expect(identified.message == verified.message)
        }
    }

    @Test func `an identification lists the nearest first, and calls a stranger unknown`() async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            let nobody = try await caller.identify(Pictures.base64(person: 1))
            #expect(nobody.result == .noMatch)
            #expect(nobody.candidates.isEmpty)
            #expect(nobody.message == "unknown: nobody is enrolled")

            for person in 1...8 {
                _ = try await caller.enroll("person \(person)", Pictures.base64(person: person, picture: 1))
            }
            let probe = Pictures.image(person: 5, picture: 2)
            let reply = try await caller.identify(Pictures.base64(probe))
            #expect(reply.result == .match)
            #expect(reply.candidates.count == 5)
            let expected = try (1...8).map { person in
                (
                    name: "person \(person)",
                    distance: try distance(probe, toMeanOf: [Pictures.image(person: person, picture: 1)])
                )
            }.sorted { $0.distance < $1.distance }
            #expect(reply.candidates.map(\.identity) == expected.prefix(5).map(\.name))
            #expect(zip(reply.candidates, expected).allSatisfy { abs(($0.distance ?? .infinity) - $1.distance) < 1e-5 })
            #expect(reply.candidates.first?.identity == "person 5")
            #expect(reply.message.hasPrefix("match: “person 5”"))
            let verified = try await caller.verify("person 5", Pictures.base64(probe))
            #expect(reply.candidates.first?.distance == verified.distance)
            #expect(try await caller.identify(Pictures.base64(probe), limit: 1).candidates.count == 1)
            #expect(try await caller.identify(Pictures.base64(probe), limit: 100).candidates.count == 8)

            let stranger = try await caller.identify(Pictures.base64(person: 99))
            #expect(stranger.result == .noMatch)
            #expect(stranger.message.hasPrefix("unknown: the nearest is"))
            #expect(stranger.candidates.count == 5)
        }
    }

    @Test(arguments: [0, -1, 101]) func `an identification's limit is bounded`(_ limit: Int) async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            let error = try await errorReply { try await caller.identify(Pictures.base64(person: 1), limit: limit) }
            #expect(error == .invalidParameter("limit"))
        }
    }

    @Test func `what is enrolled is described, and gone when it is removed`() async throws {
        try await TestServer.run([model]) { server in
            let caller = try await server.connect()
            for picture in 1...3 { _ = try await caller.enroll("zoë", Pictures.base64(person: 1, picture: picture)) }
            let described = try await caller.describe("zoë")
            #expect(described.identity.name == "zoë")
            #expect(described.identity.samples == 3)
            #expect(described.identity.modality == .face)
            #expect(described.samples.map(\.number) == [1, 2, 3])
            #expect(described.samples.map(\.width) == [32, 32, 32])
            #expect(described.samples.first?.measurements.first?.quantity == "brightness")
            #expect(described.model == model.model.digest.hexadecimal)

            let removed = try await caller.remove("zoë", sample: 2)
            #expect(removed == Remove.Reply(removed: 1, remaining: 2))
            let probe = Pictures.image(person: 1, picture: 7)
            let rest = [1, 3].map { Pictures.image(person: 1, picture: $0) }
            #expect(
                abs(
                    try await caller.verify("zoë", Pictures.base64(probe)).numbers.distance
                        - distance(probe, toMeanOf: rest)) < 1e-5)

            #expect(try await caller.remove("zoë") == Remove.Reply(removed: 2, remaining: 0))
            #expect(
                try await errorReply { try await caller.verify("zoë", Pictures.base64(probe)) }.shortName
                    == "NoSuchIdentity")
            #expect(try await caller.identify(Pictures.base64(probe)).candidates.isEmpty)
            #expect(try await caller.list().identities.isEmpty)
        }
    }

    @Test func `a list comes in pages where the caller takes several replies, and whole where not`() async throws {
        let file = try GalleryFile()
        try await TestServer.run([model], gallery: file) { server in
            let names = (0..<300).map { "person \(String(format: "%03d", $0))" }
            let enroller = try await server.connect()
            for (index, name) in names.enumerated() {
                _ = try await enroller.enroll(name, Pictures.base64(person: index))
            }
            #expect(try await enroller.list().identities.map(\.name) == names)
            var pages: [[String]] = []
            let stream = try enroller.client.stream(List())
            for try await page in stream { pages.append(page.identities.map(\.name)) }
            #expect(pages.map(\.count) == [256, 44])
            #expect(pages.flatMap(\.self) == names)
        }
    }

    @Test func `the status tells models, counts, load and thresholds as scores`() async throws {
        try await TestServer.run([model], configure: { $0.queueLength = 17 }) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("alice", Pictures.base64(person: 1, picture: 1))
            _ = try await caller.enroll("alice", Pictures.base64(person: 1, picture: 2))
            let status = try await caller.status()
            let calibration = try #require(PixelModel.calibrated)
            #expect(status.version == "1.2.3")
            #expect(status.state == .running)
            #expect(status.identities == 1)
            #expect(status.samples == 2)
            #expect(status.gallery == server.galleryPath)
            #expect(!status.encrypted)
            #expect(status.workers == 2)
            #expect(status.queueLength == 0)
            #expect(status.queueLimit == 17)
            #expect(status.requests == 2)
            #expect(status.refusedBusy == 0)
            #expect(status.residentBytes > 1 << 20)
            #expect(status.uptimeSeconds > 0)
            #expect(status.models.map(\.name) == ["pixels-face"])
            #expect(status.models.first?.embeddingSize == 64)
            #expect(
                status.models.first?.operatingPoints.map(\.threshold)
                    == [0.8, 0.6, 0.1].map { calibration.score(distance: $0) })
            #expect(try await caller.models().models == status.models)
            #expect(await server.service.selfCheck())
        }
    }

    @Test func `an identity keeps its modality, and a new one takes the first model's`() async throws {
        let glyphs = try PixelModel(modality: .glyph, version: 2)
        try await TestServer.run([glyphs, model]) { server in
            let caller = try await server.connect()
            #expect(
                try await caller.enroll("alice", Pictures.base64(person: 1)).model == model.model.digest.hexadecimal)
            #expect(
                try await caller.enroll("aleph", Pictures.base64(person: 2), modality: "glyph").model
                    == glyphs.model.digest.hexadecimal)
            #expect(
                try await caller.enroll("aleph", Pictures.base64(person: 2, picture: 1)).model
                    == glyphs.model.digest.hexadecimal)
            #expect(
                try await caller.verify("aleph", Pictures.base64(person: 2)).model == glyphs.model.digest.hexadecimal)
            #expect(try await caller.identify(Pictures.base64(person: 2)).candidates.map(\.identity) == ["alice"])
        }
    }
}
