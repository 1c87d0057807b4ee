// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Gallery
import LikenessInterface
import Logging
import Recognition
import Service
import Testing

@Suite struct StartTests {
    private func start(
        _ models: [any Embedder], configure: (inout ServiceConfiguration) -> Void = { _ in }
    ) async throws {
        try await TestServer.run(models, configure: configure) { _ in }
    }

    @Test func `a gallery that was embedded with another model is refused, and left as it was`() async throws {
        let file = try GalleryFile()
        let model = try PixelModel(), other = try PixelModel(version: 2)
        try await TestServer.run([model], gallery: file) { server in
            _ = try await server.connect().enroll("alice", Pictures.base64(person: 1))
        }
        await #expect(
            throws: GalleryError.madeWithAnotherModel(
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
        await #expect(
            throws: ServiceStartError.noOperatingPoint(
                model: "pixels-face", modality: .face, asked: 0.2, available: [1e-2, 1e-3, 1e-4])
        ) {
            try await start([PixelModel()]) { $0.operatingPoint = 0.2 }
        }
        let error = ServiceStartError.noOperatingPoint(
            model: "pixels-signature", modality: .signature, asked: 0.2, available: [1e-2, 1e-3, 1e-4])
        await #expect(throws: error) {
            try await start([PixelModel(modality: .signature)]) { $0.signatureOperatingPoint = 0.2 }
        }
        #expect("\(error)".contains("set signature_operating_point to one of these"))
    }

    @Test func `the threshold of signatures may be chosen by the share of forgeries that match`() async throws {
        func model(_ shares: [Double?]) throws -> PixelModel {
            var model = try PixelModel(modality: .signature)
            let points = try #require(PixelModel.calibrated).operatingPoints
            model.calibration = try Calibration(
                a: 10, d0: 0.7,
                operatingPoints: zip(points, shares).map {
                    OperatingPoint(
                        falseMatchRate: $0.falseMatchRate, threshold: $0.threshold, upperBound: $0.upperBound,
                        skilledFalseMatchRate: $1)
                },
                set: "made for the tests", genuineCount: 10, impostorCount: 10)
            return model
        }
        let measured = try model([0.4, 0.2, 0.05])
        for (rate, expected) in [(0.5, 1e-2), (0.2, 1e-3), (0.1, 1e-4)] {
            try await TestServer.run([measured], configure: { $0.signatureSkilledRate = rate }) { server in
                let caller = try await server.connect()
                let status = try await caller.status()
                #expect(status.models.map(\.operatingPoint) == [expected])
                _ = try await caller.enroll("alice", Pictures.base64(person: 1))
                let reply = try await caller.verify("alice", Pictures.base64(person: 1, picture: 2))
                #expect(reply.operatingPoint == expected)
                let point = status.models[0].operatingPoints.first { $0.falseMatchRate == expected }
                #expect(
                    reply.skilledFalseMatchRate == point?.skilledFalseMatchRate && reply.skilledFalseMatchRate != nil)
                #expect(reply.message.contains("of skilled forgeries"))
            }
        }
        let strict = ServiceStartError.noSkilledPoint(
            model: "pixels-signature", asked: 0.01, available: [0.4, 0.2, 0.05])
        await #expect(throws: strict) { try await start([measured]) { $0.signatureSkilledRate = 0.01 } }
        #expect("\(strict)".contains("its strictest lets 5e-2 through"))
        let unmeasured = try model([nil, nil, nil]),
            none = ServiceStartError.noSkilledPoint(model: "pixels-signature", asked: 0.1, available: [])
        await #expect(throws: none) { try await start([unmeasured]) { $0.signatureSkilledRate = 0.1 } }
        #expect("\(none)".contains("calibrate it on signatures with forgeries"))
        // What is usual gives way to the other rate where forgeries were not measured, or too many of them match.
        for (model, usual, expected) in [(measured, 0.1, 1e-4), (measured, 0.01, 1e-3), (unmeasured, 0.1, 1e-3)] {
            try await TestServer.run([model], configure: { $0.signatureUsualSkilledRate = usual }) { server in
                let status = try await server.connect().status()
                #expect(status.models.map(\.operatingPoint) == [expected])
            }
        }
        // Faces are as they were.
        try await start([PixelModel()]) { $0.signatureSkilledRate = 0.1 }
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
