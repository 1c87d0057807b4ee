// SPDX-License-Identifier: Apache-2.0

import Biometrics
import NeuralNet
import Recognition

/// A calibrated model package that takes a moment to load: eight by eight pixels, one product.
enum PlainModel {
    static let name = "plain"
    /// Another model of the modality, whose embeddings are not the first's.
    static let other = "plain-other"

    /// Puts it into a folder of models; the first one there is the chosen one.
    static func install(_ name: String = name, modality: Modality = .glyph, in folder: String) throws {
        let side = 8, embeddingSize = 4
        let rows = side * side
        let weights = (0..<rows * embeddingSize).map { Float($0 * (name == other ? 5 : 7) % 11) / 16 }
        let graph = Graph(
            name: name,
            nodes: [
                Node(
                    name: "flat", operatorType: "Flatten", inputs: ["image"], outputs: ["flat"],
                    attributes: ["axis": .int(1)]),
                Node(name: "product", operatorType: "Gemm", inputs: ["flat", "weights"], outputs: ["embedding"]),
            ],
            initializers: ["weights": ConstantTensor(shape: [rows, embeddingSize], storage: .float(weights))],
            inputs: [ValueInfo(name: "image", shape: [.symbolic("batch"), .fixed(1), .fixed(side), .fixed(side)])],
            outputs: [ValueInfo(name: "embedding", shape: [.symbolic("batch"), .fixed(embeddingSize)])],
            opsetVersion: 13)
        let manifest = try ModelManifest(
            name: name, version: "1", modality: modality, license: "CC0-1.0", source: "a test",
            input: NetworkInput(
                width: side, height: side, layout: .nchw, channels: .gray, mean: [127], standardDeviation: [128]),
            network: EmbeddingNetwork(
                file: "embed.onnx", outputName: nil, embeddingSize: embeddingSize, normalize: false),
            alignment: .none, quality: QualityLimits(),
            calibration: try Calibration(
                a: 10, d0: 0.5,
                operatingPoints: [OperatingPoint(falseMatchRate: 1e-3, threshold: 0.5, upperBound: 0.002)],
                set: "none", genuineCount: 10, impostorCount: 3000))
        let package = try ModelPackage(manifest: manifest, files: ["embed.onnx": try graph.onnxBytes()])
        try ModelStore(folder: folder).install(package)
    }
}
