// SPDX-License-Identifier: Apache-2.0

import Imaging
import NeuralNet
import ProgramHarness
import Recognition

/// A signature model with random weights, and made-up signatures for it.
enum SignatureModel {
    private static let width = 24
    private static let height = 16
    private static let sums = 16

    static func package() throws -> ModelPackage {
        var generator = SeededGenerator(seed: 2026)
        let weights = (0..<sums * width * height).map { _ in Float.random(in: -1...1, using: &generator) }
        let graph = Graph(
            name: "sums",
            nodes: [
                Node(operatorType: "Flatten", inputs: ["image"], outputs: ["flat"], attributes: ["axis": .int(1)]),
                Node(
                    operatorType: "Gemm", inputs: ["flat", "weights"], outputs: ["embedding"],
                    attributes: ["transB": .int(1)]),
            ],
            initializers: ["weights": ConstantTensor(shape: [sums, width * height], storage: .float(weights))],
            inputs: [ValueInfo(name: "image", shape: [.symbolic("batch"), .fixed(1), .fixed(height), .fixed(width)])],
            outputs: [ValueInfo(name: "embedding", shape: [.symbolic("batch"), .fixed(sums)])], opsetVersion: 17)
        return try ImageModelImport.makeSignaturePackage(
            name: "random-signatures", license: "CC0-1.0", source: "made by a test", embedding: graph.onnxBytes(),
            statement: ImageModelImport.Statement(normalize: true)
        ).with(calibration: PixelModel.calibrated)
    }

    /// A polygon line of the writer's own; each picture lies elsewhere on the paper and has another paper's level.
    static func picture(writer: Int, picture: Int = 0) -> RGBImage {
        var hand = SeededGenerator(seed: UInt64(writer) &* 7919 &+ 5)
        let corners = (0..<9).map { (x: 15 + 12 * Double($0), y: Double.random(in: 10...60, using: &hand)) }
        let paper = UInt8(250 - 20 * picture), shift = Double(5 * picture)
        var image = RGBImage(width: 160, height: 100, repeating: RGB(red: paper, green: paper, blue: paper))
        for (from, to) in zip(corners, corners.dropFirst()) {
            for step in 0..<80 {
                let share = Double(step) / 80
                let x = Int(from.x + (to.x - from.x) * share + shift), y = Int(from.y + (to.y - from.y) * share + shift)
                for (column, row) in [(x, y), (x + 1, y), (x, y + 1), (x + 1, y + 1)] {
                    image[column, row] = RGB(red: 30, green: 30, blue: 60)
                }
            }
        }
        return image
    }
}
