// SPDX-License-Identifier: Apache-2.0

import Biometrics
import Imaging
import NeuralNet
import Recognition
import Testing

/// Small models with known weights.
enum Fixtures {
    static let side = 8
    static let embeddingSize = 3

    /// Weight of pixel `row` for output `column` of the network below.
    static func weight(_ row: Int, _ column: Int) -> Float { Float((row * 5 + column * 3) % 7 - 3) / 16 }

    /// Flatten and a matrix product: `image` [batch, channels, 8, 8] → `embedding` [batch, 3].
    static func network(
        channels: Int = 1, batch: Dimension = .symbolic("batch"), scale: Float = 1, outputs: [String] = ["embedding"]
    ) throws -> [UInt8] {
        let rows = channels * side * side
        let weights = (0..<rows * embeddingSize).map { scale * weight($0 / embeddingSize, $0 % embeddingSize) }
        var nodes = [
            Node(
                name: "flat", operatorType: "Flatten", inputs: ["image"], outputs: ["flat"],
                attributes: ["axis": .int(1)]),
            Node(name: "product", operatorType: "Gemm", inputs: ["flat", "weights"], outputs: [outputs[0]]),
        ]
        for output in outputs.dropFirst() {
            nodes.append(Node(name: output, operatorType: "Relu", inputs: [outputs[0]], outputs: [output]))
        }
        let graph = Graph(
            name: "test", nodes: nodes,
            initializers: ["weights": ConstantTensor(shape: [rows, embeddingSize], storage: .float(weights))],
            inputs: [ValueInfo(name: "image", shape: [batch, .fixed(channels), .fixed(side), .fixed(side)])],
            outputs: outputs.map { ValueInfo(name: $0, shape: [batch, .fixed(embeddingSize)]) }, opsetVersion: 13)
        return try graph.onnxBytes()
    }

    static func manifest(
        name: String = "glyphs", modality: Modality = .glyph, width: Int = side,
        channels: NetworkInput.ChannelOrder = .gray,
        layout: NetworkInput.Layout = .nchw, outputName: String? = nil, embeddingSize: Int = embeddingSize,
        normalize: Bool = false, quality: QualityLimits = QualityLimits(), spread: ReferenceSpread? = nil,
        calibration: Calibration? = nil
    ) throws -> ModelManifest {
        try ModelManifest(
            name: name, version: "1.2", modality: modality, license: "MIT", source: "made by “hand”, \\ and\ttab",
            input: NetworkInput(
                width: width, height: side, layout: layout, channels: channels,
                mean: Array(repeating: 100.5, count: channels.count),
                standardDeviation: Array(repeating: 50, count: channels.count)),
            network: EmbeddingNetwork(
                file: "embed.onnx", outputName: outputName, embeddingSize: embeddingSize, normalize: normalize),
            alignment: .none, quality: quality, spread: spread, calibration: calibration)
    }

    static func package(
        normalize: Bool = false, calibration: Calibration? = nil, scale: Float = 1
    ) throws -> ModelPackage {
        try ModelPackage(
            manifest: manifest(normalize: normalize, calibration: calibration),
            files: ["embed.onnx": network(scale: scale)])
    }

    /// A signature model whose network is that of a glyph.
    static func signaturePackage(scale: Float = 1) throws -> ModelPackage {
        try ImageModelImport.makeSignaturePackage(
            name: "signatures", license: "MIT", source: "a test", embedding: network(scale: scale))
    }

    /// A face model whose files are no networks: for what never loads them.
    static func faceManifest() throws -> ModelManifest {
        try ModelManifest(
            name: "faces", version: "3", modality: .face, license: "CC0-1.0", source: "nowhere",
            input: NetworkInput(
                width: 150, height: 150, layout: .nhwc, channels: .bgr, mean: [1.25, 2, 1e-3],
                standardDeviation: [0.1, 255, 3]),
            network: EmbeddingNetwork(
                file: "embed.onnx", inputName: "in put", outputName: "out", embeddingSize: 128, normalize: true),
            alignment: .dlibChip(padding: 0.25),
            detector: FaceDetection(
                file: "detect.onnx",
                kind: .dlibMMOD(
                    MMODParameters(
                        windowWidth: 80, windowHeight: 81, means: [122.782, 117.001, 104.298], divisor: 256,
                        pyramidPadding: 10, pyramidOuterPadding: 11, outputStride: 8, outputOffset: 14,
                        overlapUnion: 0.338, overlapCovered: 1, minimumConfidence: 0.125, scaling: .default),
                    landmarksFile: "landmarks.bin")),
            quality: .face(minimumDetection: 0.5), calibration: calibration())
    }

    static func calibration(set: String = "nobody") throws -> Calibration {
        try Calibration(
            a: 12.3456789012345, d0: 0.61,
            operatingPoints: [
                OperatingPoint(falseMatchRate: 1e-2, threshold: 0.5, upperBound: 0.0123),
                OperatingPoint(falseMatchRate: 1e-3, threshold: 0.4, upperBound: 0.0012),
            ],
            set: set, genuineCount: 123, impostorCount: 45_678)
    }

    /// An image whose levels no two neighbours share.
    static func pattern(width: Int, height: Int, seed: Int = 0) -> RGBImage {
        RGBImage(
            width: width, height: height,
            pixels: (0..<width * height).map { index in
                RGB(
                    red: UInt8((index * 37 + seed * 11) % 256), green: UInt8((index * 91 + seed * 7) % 256),
                    blue: UInt8((index * 53 + seed * 29) % 256))
            })
    }

    static func embedding(_ values: [Float], model: UInt8 = 1) throws -> Embedding {
        try #require(Embedding(values: values, model: digest(model)))
    }

    static func digest(_ byte: UInt8) throws -> ModelDigest {
        try #require(ModelDigest(bytes: Array(repeating: byte, count: 32)))
    }
}

extension IdentityReference.Rule {
    /// Of every point, and by spread.
    static var allKinds: [IdentityReference.Rule] {
        Point.allCases.map { IdentityReference.Rule($0) }
            + [IdentityReference.Rule(.normalizedMean, spread: ReferenceSpread(usual: 0.4))]
            + [IdentityReference.Rule(.mean, countScale: SampleCountScale(gain: 0.1))]
    }
}
