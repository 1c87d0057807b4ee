import Biometrics
import Gallery
import LikenessInterface
import Logging
import Recognition
import Service
import Testing

@Suite struct StartTests {
    private func start(_ models: [any Embedder], configure: (inout ServiceConfiguration) -> Void = { _ in }) async throws {
        try await TestServer.run(models, configure: configure) { _ in }
    }

    @Test func `a gallery that was embedded with another model is refused, and left as it was`() async throws {
        let file = try GalleryFile()
        let model = try PixelModel(), other = try PixelModel(version: 2)
        try await TestServer.run([model], gallery: file) { server in
            _ = try await server.connect().enroll("alice", Pictures.base64(person: 1))
        }
        await #expect(throws: GalleryError.madeWithAnotherModel(
            modality: .face, made: model.model, offered: other.model, samples: 1)
        ) {
            try await TestServer.run([other], gallery: file) { _ in }
        }
        try await TestServer.run([model], gallery: file) { server in
            let reply = try await server.connect().verify("alice", Pictures.base64(person: 1))
            #expect(try reply.numbers.distance < 1e-5)
        }
    }

    @Test func `a model without a calibration is refused`() async throws {
        var model = try PixelModel()
        model.calibration = nil
        await #expect(throws: ServiceStartError.notCalibrated(model: "pixels-face")) { try await start([model]) }
    }

    @Test func `a model without a threshold for the configured rate is refused`() async throws {
        await #expect(throws: ServiceStartError.noOperatingPoint(
            model: "pixels-face", modality: .face, asked: 0.2, available: [1e-2, 1e-3, 1e-4])
        ) {
            try await start([PixelModel()]) { $0.operatingPoint = 0.2 }
        }
        let error = ServiceStartError.noOperatingPoint(model: "pixels-signature", modality: .signature, asked: 0.2, available: [1e-2, 1e-3, 1e-4])
        await #expect(throws: error) {
            try await start([PixelModel(modality: .signature)]) { $0.signatureOperatingPoint = 0.2 }
        }
        #expect("\(error)".contains("set signature_operating_point to one of these"))
    }

    @Test func `two models of one modality are refused`() async throws {
        await #expect(throws: ServiceStartError.severalModels(modality: .face, names: ["pixels-face", "pixels-face"])) {
            try await start([PixelModel(), PixelModel(version: 2)])
        }
    }

    @Test func `a model that no worker can run is refused`() async throws {
        var model = try PixelModel()
        model.refusal = .internalFailure("no memory")
        await #expect(throws: ServiceStartError.model(name: "pixels-face", reason: "recognition failed: no memory")) {
            try await start([model])
        }
    }
}
