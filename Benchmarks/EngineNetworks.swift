// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Training

/// The networks that engines are compared on.
enum EngineNetworks {
    /// Those that are found, dlib's, and those of random weights, the last two written to the folder.
    static func all(in folder: TemporaryFolder) throws -> [String] {
        let shared = ["MobileFaceNet.onnx", "yunet_n_320_320.onnx"].compactMap { file in
            TestEnvironment.shared.map { "\($0)/weights/\(file)" }
        }
        let signature = "models/signature/embed.onnx"
        var files = shared.filter(FileManager.default.fileExists)
        if FileManager.default.fileExists(atPath: signature) { files.append(signature) }
        if let dlib = TestEnvironment.dlibModels { files += try dlibNetworks(dlib, in: folder) }
        var random = RandomSource(seed: 7)
        let graphs = [
            (
                "reference105",
                try TrainableNetwork(ArchitectureDescription.reference.makeGraph(random: &random), threads: 1)
                    .inferenceGraph()
            ),
            ("iresnet18", ImprovedResidualNetwork(blocks: [2, 2, 2, 2], random: &random).graph),
            ("iresnet50", ImprovedResidualNetwork(blocks: [3, 4, 14, 3], random: &random).graph),
        ]
        for (name, graph) in graphs {
            let file = folder.appending("\(name).onnx")
            try Data(try graph.onnxBytes()).write(to: URL(fileURLWithPath: file))
            files.append(file)
        }
        return files
    }

    /// dlib's embedding network and its detector.
    private static func dlibNetworks(_ models: String, in folder: TemporaryFolder) throws -> [String] {
        let target = folder.appending("dlib")
        let imported = try Command.run(
            Products.program("enroll"), ["model", "import", "dlib", models, "--output", target])
        let packages = try FileManager.default.contentsOfDirectory(atPath: target)
        guard imported.status == 0, let package = packages.first(where: { $0.hasPrefix("dlib-") })
        else { throw HarnessError("enroll model import dlib ended with status \(imported.status): \(imported.errors)") }
        return ["embed", "detect"].map { "\(target)/\(package)/\($0).onnx" }
    }

    /// The inputs' shapes for one image, of 600×800 pixels where the network takes any.
    static func shapes(_ network: Network) -> [String: [Int]] {
        var shapes: [String: [Int]] = [:]
        for input in network.inputs {
            shapes[input.name] = input.shape.enumerated().map { axis, dimension in
                if case .fixed(let extent) = dimension { extent } else { [1, 3, 600, 800][min(axis, 3)] }
            }
        }
        return shapes
    }
}

/// An IResNet (Duta et al., *Improved Residual Networks*, 2020; as ArcFace is trained with) of random weights: 112×112
/// pixels of three channels to 512 numbers.
private struct ImprovedResidualNetwork {
    private(set) var graph: Graph
    private var random: RandomSource
    private var count = 0
    private var current = "image"

    init(blocks: [Int], random: inout RandomSource) {
        self.random = random
        graph = Graph(
            name: "iresnet", nodes: [], initializers: [:],
            inputs: [
                ValueInfo(name: "image", shape: [.fixed(1), .fixed(3), .fixed(112), .fixed(112)], elementType: .float)
            ],
            outputs: [ValueInfo(name: "embedding", shape: [.fixed(1), .fixed(512)], elementType: .float)],
            opsetVersion: 13)
        convolve(from: 3, to: 64, kernel: 3, stride: 1)
        slopes(64)
        var channels = 64
        for (width, repeats) in zip([64, 128, 256, 512], blocks) {
            for block in 0..<repeats {
                append(from: channels, to: width, stride: block == 0 ? 2 : 1)
                channels = width
            }
        }
        normalize(512)
        emit("Flatten", [current], ["axis": .int(1)])
        let weights = constant([512 * 49, 512], scale: 0.01), bias = constant([512], scale: 0.1)
        graph.nodes.append(
            Node(
                name: "embedding", operatorType: "Gemm", inputs: [current, weights, bias], outputs: ["embedding"],
                attributes: [:]))
        random = self.random
    }

    private mutating func append(from inputs: Int, to outputs: Int, stride: Int) {
        let source = current
        normalize(inputs)
        convolve(from: inputs, to: outputs, kernel: 3, stride: 1)
        slopes(outputs)
        convolve(from: outputs, to: outputs, kernel: 3, stride: stride)
        let long = current
        current = source
        if stride > 1 || inputs != outputs { convolve(from: inputs, to: outputs, kernel: 1, stride: stride) }
        emit("Add", [long, current])
    }

    /// A convolution and the normalisation after it.
    private mutating func convolve(from inputs: Int, to outputs: Int, kernel: Int, stride: Int) {
        let scale = (2 / Float(inputs * kernel * kernel)).squareRoot()
        let weights = constant([outputs, inputs, kernel, kernel], scale: scale)
        emit(
            "Conv", [current, weights],
            [
                "pads": .ints(Array(repeating: kernel / 2, count: 4)), "strides": .ints([stride, stride]),
                "kernel_shape": .ints([kernel, kernel]),
            ])
        normalize(outputs)
    }

    private mutating func normalize(_ channels: Int) {
        let constants = [
            constant([channels], scale: 0.1, around: 1), constant([channels], scale: 0.1),
            constant([channels], scale: 0.1), constant([channels], scale: 0.1, around: 1),
        ]
        emit("BatchNormalization", [current] + constants)
    }

    private mutating func slopes(_ channels: Int) {
        let slopes = constant([channels, 1, 1], scale: 0.1, around: 0.25)
        emit("PRelu", [current, slopes])
    }

    private mutating func emit(_ operation: String, _ inputs: [String], _ attributes: [String: Attribute] = [:]) {
        count += 1
        graph.nodes.append(
            Node(
                name: "node\(count)", operatorType: operation, inputs: inputs, outputs: ["value\(count)"],
                attributes: attributes))
        current = "value\(count)"
    }

    /// Numbers drawn evenly, of the standard deviation `scale`.
    private mutating func constant(_ shape: [Int], scale: Float, around mean: Float = 0) -> String {
        let reach = scale * Float(3).squareRoot()
        let name = "constant\(graph.initializers.count)"
        graph.initializers[name] = ConstantTensor(
            shape: shape,
            storage: .float((0..<shape.reduce(1, *)).map { _ in mean + reach * (2 * random.uniform() - 1) }))
        return name
    }
}
