// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging
import LikenessInterface
import Recognition
import Service
import Testing
import Varlink

/// Faces and signatures in one gallery.
@Suite struct ModalityTests {
    private func models() throws -> [any Embedder] {
        [try PixelModel(), try Recognizer(package: SignatureModel.package())]
    }

    @Test func `faces and signatures are enrolled, verified and identified in one gallery, each by its own model`()
        async throws
    {
        let models = try models(), file = try GalleryFile()
        try await TestServer.run(models, gallery: file) { server in
            let caller = try await server.connect()
            #expect(try await caller.status().models.map(\.modality) == [.face, .signature])
            for person in 1...3 {
                #expect(
                    try await caller.enroll("face \(person)", Pictures.base64(person: person)).model
                        == models[0].model.digest.hexadecimal)
                let reply = try await caller.enroll(
                    "writer \(person)", Pictures.base64(SignatureModel.picture(writer: person)), modality: "signature")
                #expect(reply.model == models[1].model.digest.hexadecimal)
                #expect(
                    reply.measurements.map(\.quantity) == [
                        "ink", "half_tones", "form_lines", "pieces", "signatures", "signature_size",
                    ])
                // Nobody of another modality is near.
                #expect(reply.warnings.allSatisfy { $0.identity?.hasPrefix("face") != true })
            }
            // A second sample needs no modality: it is the identity's.
            let second = try await caller.enroll(
                "writer 1", Pictures.base64(SignatureModel.picture(writer: 1, picture: 1)))
            #expect(second.samples == 2)

            #expect(try await caller.verify("face 1", Pictures.base64(person: 1, picture: 4)).result == .match)
            let genuine = try await caller.verify(
                "writer 1", Pictures.base64(SignatureModel.picture(writer: 1, picture: 2)))
            #expect(genuine.result == .match, "\(genuine.message)")
            #expect(genuine.model == models[1].model.digest.hexadecimal)
            let impostor = try await caller.verify(
                "writer 1", Pictures.base64(SignatureModel.picture(writer: 2, picture: 2)))
            #expect(impostor.result == .noMatch, "\(impostor.message)")

            let found = try await caller.identify(
                Pictures.base64(SignatureModel.picture(writer: 3, picture: 2)), modality: "signature")
            #expect(found.result == .match && found.candidates.first?.identity == "writer 3")
            #expect(found.candidates.allSatisfy { $0.identity.hasPrefix("writer") })
            #expect(
                try await caller.list().identities.map(\.modality) == [
                    .face, .face, .face, .signature, .signature, .signature,
                ])
            let described = try await caller.describe("writer 1")
            #expect(described.identity.modality == .signature && described.samples.count == 2)
            // What is kept is the ink with paper around it.
            let sent = SignatureModel.picture(writer: 1), kept = described.samples[0]
            #expect(
                kept.width <= sent.width && kept.height <= sent.height
                    && kept.width * kept.height > sent.width * sent.height / 4)
        }
        // The same gallery, opened again with both models.
        try await TestServer.run(models, gallery: file) { server in
            let caller = try await server.connect()
            #expect(
                try await caller.verify("writer 2", Pictures.base64(SignatureModel.picture(writer: 2, picture: 1)))
                    .result == .match)
            #expect(try await caller.verify("face 2", Pictures.base64(person: 2, picture: 1)).result == .match)
        }
    }

    @Test func `an identity has samples of one modality, and the refusal says what to do`() async throws {
        try await TestServer.run(try models()) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("ada", Pictures.base64(person: 1))
            let error = try await errorReply {
                try await caller.enroll(
                    "ada", Pictures.base64(SignatureModel.picture(writer: 1)), modality: "signature")
            }
            #expect(error.shortName == "ModalityMismatch")
            #expect(error.parameters["message"]?.stringValue?.contains("another name") == true)
            _ = try await caller.enroll(
                "ada (signature)", Pictures.base64(SignatureModel.picture(writer: 1)), modality: "signature")
            #expect(try await caller.list().identities.map(\.name) == ["ada", "ada (signature)"])
        }
    }

    @Test func `blank paper and negatives are refused with the share of ink, and are inconclusive as probes`()
        async throws
    {
        let signature = SignatureModel.picture(writer: 1)
        let negative = GrayImage(
            width: signature.width, height: signature.height, pixels: signature.grayscale().pixels.map { 255 - $0 }
        ).rgb()
        let blank = RGBImage(width: 160, height: 100, repeating: RGB(red: 240, green: 240, blue: 240))
        try await TestServer.run(try models()) { server in
            let caller = try await server.connect()
            _ = try await caller.enroll("ada", Pictures.base64(signature), modality: "signature")
            for (picture, words) in [(negative, "too much of the picture is dark"), (blank, "too little ink")] {
                let image = try Pictures.base64(picture)
                let error = try await errorReply { try await caller.enroll("ada", image) }
                #expect(error.shortName == "LowQuality")
                #expect(error.parameters["message"]?.stringValue?.contains(words) == true, "\(error)")
                let reply = try await caller.verify("ada", image)
                #expect(reply.result == .inconclusive && reply.unacceptable.contains { $0.quantity == "ink" })
                #expect(reply.message.contains(words))
            }
        }
    }
}
