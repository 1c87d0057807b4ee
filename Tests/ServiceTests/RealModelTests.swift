// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging
import LikenessInterface
import NeuralNet
import ProgramHarness
import Recognition
import Service
import Testing

/// A real model package, small enough to be made here: a layer of 16 sums over an image of 8 × 8 pixels.
@Suite struct RealModelTests {
    private static let sums = 16

    /// The weights, row by row: one row for each sum.
    private static let weights: [Float] = {
        var generator = SeededGenerator(seed: 2026)
        return (0..<sums * 64).map { _ in Float.random(in: -1...1, using: &generator) }
    }()

    private func package() throws -> ModelPackage {
        let graph = Graph(
            name: "sums",
            nodes: [
                Node(operatorType: "Flatten", inputs: ["image"], outputs: ["flat"], attributes: ["axis": .int(1)]),
                Node(
                    operatorType: "Gemm", inputs: ["flat", "weights"], outputs: ["embedding"],
                    attributes: ["transB": .int(1)]),
            ],
            initializers: ["weights": ConstantTensor(shape: [Self.sums, 64], storage: .float(Self.weights))],
            inputs: [ValueInfo(name: "image", shape: [.symbolic("batch"), .fixed(1), .fixed(8), .fixed(8)])],
            outputs: [ValueInfo(name: "embedding", shape: [.symbolic("batch"), .fixed(Self.sums)])], opsetVersion: 17)
        let manifest = try ModelManifest(
            name: "sums", version: "1", modality: .glyph, license: "CC0-1.0", source: "made by a test",
            input: NetworkInput(width: 8, height: 8, channels: .gray, mean: [128], standardDeviation: [64]),
            network: EmbeddingNetwork(file: "embed.onnx", embeddingSize: Self.sums, normalize: true), alignment: .none,
            calibration: PixelModel.calibrated)
        return try ModelPackage(manifest: manifest, files: ["embed.onnx": graph.onnxBytes()])
    }

    /// The embedding by its definition, in double precision.
    private func embedding(of image: RGBImage) -> [Double] {
        let pixels = image.grayscale().resized(width: 8, height: 8, method: .area).pixels.map {
            (Double($0) - 128) / 64
        }
        let sums = (0..<Self.sums).map { row in
            zip(Self.weights[row * 64..<(row + 1) * 64], pixels).reduce(0) { $0 + Double($1.0) * $1.1 }
        }
        let length = sums.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return sums.map { $0 / length }
    }

    @Test func `a model package is served whole: enrolled, verified and identified through the socket`() async throws {
        let package = try package()
        try await TestServer.run([Recognizer(package: package)]) { server in
            let caller = try await server.connect()
            for person in 1...6 {
                let reply = try await caller.enroll("glyph \(person)", Pictures.base64(person: person, picture: 1))
                #expect(reply.model == package.digest.hexadecimal)
            }
            for person in 1...6 {
                let probe = Pictures.image(person: person, picture: 2)
                let reply = try await caller.verify("glyph \(person)", Pictures.base64(probe))
                let expected = zip(embedding(of: probe), embedding(of: Pictures.image(person: person, picture: 1)))
                    .reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
                #expect(abs(try reply.numbers.distance - expected) < 1e-5)
                #expect(reply.result == .match)
                let identified = try await caller.identify(Pictures.base64(probe))
                #expect(identified.result == .match)
                #expect(identified.candidates.first?.identity == "glyph \(person)")
            }
            #expect(try await caller.status().models.first?.name == "sums")
            #expect(try await caller.status().models.first?.embeddingSize == Self.sums)
        }
    }
}
