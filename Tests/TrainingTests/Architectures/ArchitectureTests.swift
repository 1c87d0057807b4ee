// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import Testing
import Training

/// A network, and the name under which PyTorch has it.
struct ArchitectureCase: Sendable, CustomStringConvertible {
    let description: String
    let network: ArchitectureDescription
    let outputCount: Int

    static let all: [ArchitectureCase] = [
        ArchitectureCase(description: "reference105", network: .reference, outputCount: 2),
        ArchitectureCase(
            description: "conv4", network: ArchitectureDescription(.conv4, height: 28, width: 28), outputCount: 64),
        ArchitectureCase(
            description: "koch",
            network: ArchitectureDescription(.koch, height: 105, width: 105, embedding: 64, initialization: .pytorch),
            outputCount: 64),
        ArchitectureCase(
            description: "residual",
            network: ArchitectureDescription(.residual, height: 28, width: 44, blocks: [1, 2, 1]),
            outputCount: 128),
        ArchitectureCase(
            description: "regions",
            network: ArchitectureDescription(
                .residual, height: 28, width: 64, embedding: 24, pooling: .regions, regions: 4), outputCount: 24),
        ArchitectureCase(
            description: "depthwise",
            network: ArchitectureDescription(.depthwise, height: 64, width: 96, blocks: [1, 2, 1]),
            outputCount: 128),
    ]
}

@Suite("Architectures")
struct ArchitectureTests {
    private static let statistics = [".mean", ".variance"]

    /// As the engine leaves it for inference: without Dropout.
    private func withoutDropout(_ graph: Graph) -> Graph {
        var graph = graph, replaced: [String: String] = [:]
        graph.nodes = graph.nodes.compactMap { node in
            var node = node
            node.inputs = node.inputs.map { replaced[$0] ?? $0 }
            guard node.operatorType == "Dropout" else { return node }
            replaced[node.outputs[0]] = node.inputs[0]
            return nil
        }
        return graph
    }

    private func outputShape(_ graph: Graph, _ network: ArchitectureDescription, batch: Int) throws -> [Int] {
        let plan = try Network(graph: withoutDropout(graph)).plan(
            inputShapes: ["image": [batch, network.channels, network.height, network.width]])
        return try #require(plan.outputs.first).shape
    }

    @Test(
        "have the parameters and the output of PyTorch's",
        .enabled(if: TorchReference.isPresent, "LIKENESS_PYTHON names no program"),
        arguments: ArchitectureCase.all)
    func torch(_ each: ArchitectureCase) throws {
        var random = RandomSource(seed: 1)
        let graph = try each.network.makeGraph(random: &random)
        let count = graph.initializers.filter { entry in !Self.statistics.contains { entry.key.hasSuffix($0) } }
            .reduce(0) { $0 + $1.value.count }
        let shape = [2, each.network.channels, each.network.height, each.network.width]
        let answers = try TorchReference.answers([
            TorchCase(
                function: "architecture",
                attributes: ["name": .string(each.description), "shape": .list(shape.map { .integer($0) })],
                tensors: [("nothing", TorchTensor([1], [0]))])
        ])
        let answer = try #require(answers.first)
        #expect(answer.outputs["count"]?.values == [Float(count / 1000), Float(count % 1000)])
        #expect(answer.outputs["shape"]?.values == (try outputShape(graph, each.network, batch: 2)).map(Float.init))
        #expect(graph.outputs == [ValueInfo(name: "embedding", shape: [.symbolic("batch"), .fixed(each.outputCount)])])
    }

    @Test("The reference network is that of the recipe, layer by layer")
    func reference() throws {
        var random = RandomSource(seed: 2)
        let graph = try ArchitectureDescription.reference.makeGraph(random: &random)
        #expect(
            graph.nodes.map(\.operatorType) == [
                "Conv", "Relu", "LRN", "MaxPool", "Conv", "Relu", "LRN", "MaxPool", "Dropout", "Conv", "Relu", "Conv",
                "Relu",
                "MaxPool", "Dropout", "Flatten", "Gemm", "Relu", "Dropout", "Gemm", "Relu", "Gemm",
            ])
        let dropouts = graph.nodes.filter { $0.operatorType == "Dropout" }.map(\.attributes)
        #expect(
            dropouts == [
                ["ratio": .float(0.3), "channelwise": .int(1)], ["ratio": .float(0.3), "channelwise": .int(1)],
                ["ratio": .float(0.5), "channelwise": .int(0)],
            ])
        #expect(
            graph.nodes.filter { $0.operatorType == "LRN" }.allSatisfy {
                $0.attributes == ["size": .int(5), "alpha": .float(1e-4), "beta": .float(0.75), "bias": .float(2)]
            })
        #expect(graph.initializers["fc1.weight"]?.shape == [1024, 30976])
        // Uniform within ± 1 / √fan-in, as PyTorch draws them.
        guard case .float(let weights) = graph.initializers["conv1.weight"]?.storage else { throw CancellationError() }
        let bound = 1 / Float(121).squareRoot()
        #expect(weights.allSatisfy { abs($0) <= bound } && (weights.max() ?? 0) > 0.99 * bound)
    }

    @Test("The same seed draws the same weights, another other ones")
    func seeds() throws {
        func graph(_ seed: UInt64) throws -> Graph {
            var random = RandomSource(seed: seed)
            return try ArchitectureDescription(.conv4, height: 28, width: 28, widths: [8, 8]).makeGraph(random: &random)
        }
        #expect(try graph(3) == graph(3))
        #expect(try graph(3) != graph(4))
    }

    @Test("Kaiming's weights have the variance that keeps signals up")
    func kaiming() throws {
        var random = RandomSource(seed: 5)
        let graph = try ArchitectureDescription(.conv4, height: 28, width: 28, embedding: 300).makeGraph(
            random: &random)
        for (name, variance) in [("conv2.weight", 2.0 / 576), ("fc.weight", 1.0 / 64)] {
            guard case .float(let values) = graph.initializers[name]?.storage else { throw CancellationError() }
            let found = values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(values.count)
            #expect(abs(found / variance - 1) < 0.05)
        }
        guard case .float(let biases) = graph.initializers["conv2.bias"]?.storage else { throw CancellationError() }
        #expect(biases.allSatisfy { $0 == 0 })
    }

    @Test("Every setting reaches the graph")
    func settings() throws {
        var random = RandomSource(seed: 6)
        let residual = try ArchitectureDescription(
            .residual, channels: 3, height: 40, width: 60, embedding: 32, widths: [8, 16], blocks: [2, 1],
            stemStride: 2,
            activation: .prelu, pooling: .flatten, isNormalized: false, dropout: 0.25
        ).makeGraph(random: &random)
        let operators = residual.nodes.map(\.operatorType)
        #expect(operators.filter { $0 == "PRelu" }.count == 7 && !operators.contains("Relu"))
        #expect(operators.filter { $0 == "Add" }.count == 3 && !operators.contains("LpNormalization"))
        #expect(operators.suffix(3) == ["Flatten", "Dropout", "Gemm"])
        // 40 × 60, halved by the stem and by the second stage.
        #expect(residual.initializers["fc.weight"]?.shape == [32, 16 * 10 * 15])
        let conv4 = try ArchitectureDescription(
            .conv4, height: 28, width: 28, widths: [4, 6], activation: .prelu, pooling: .depthwise, isNormalized: true
        ).makeGraph(random: &random)
        #expect(conv4.initializers["pool.weight"]?.shape == [6, 1, 7, 7])
        #expect(conv4.nodes.last?.operatorType == "LpNormalization")
        #expect(conv4.outputs.first?.shape == [.symbolic("batch"), .fixed(6)])
    }

    @Test("A description goes through JSON, and what it leaves open stays open")
    func coding() throws {
        let description = ArchitectureDescription(
            .depthwise, height: 64, width: 96, widths: [16, 32], pooling: .average)
        let data = try JSONEncoder().encode(description)
        #expect(try JSONDecoder().decode(ArchitectureDescription.self, from: data) == description)
    }

    @Test(
        "Networks that cannot be are refused, and the reason names what is wrong",
        arguments: [
            (ArchitectureDescription(.reference105, height: 100, width: 105), "105 × 105"),
            (ArchitectureDescription(.reference105, height: 105, width: 105, widths: [1]), "“widths”"),
            (ArchitectureDescription(.conv4, height: 28, width: 28, blocks: [1]), "“blocks”"),
            (ArchitectureDescription(.conv4, height: 12, width: 28), "pool4"),
            (ArchitectureDescription(.conv4, height: 28, width: 28, widths: []), "widths"),
            (ArchitectureDescription(.conv4, height: 28, width: 28, widths: [0]), "widths"),
            (ArchitectureDescription(.koch, height: 30, width: 30), "does not fit"),
            (ArchitectureDescription(.koch, height: 4000, width: 4000), "weights at “fc.weight”"),
            (ArchitectureDescription(.residual, height: 0, width: 30), "extents"),
            (ArchitectureDescription(.residual, height: 28, width: 60, pooling: .regions, regions: 4), "multiples"),
            (
                ArchitectureDescription(.residual, height: 28, width: 64, embedding: 30, pooling: .regions, regions: 4),
                "multiples"
            ),
            (ArchitectureDescription(.residual, height: 28, width: 64, pooling: .average, regions: 4), "regions"),
            (ArchitectureDescription(.residual, height: 30, width: 30, blocks: [1]), "blocks"),
            (ArchitectureDescription(.residual, height: 30, width: 30, stemStride: 0), "stride"),
            (ArchitectureDescription(.residual, height: 30, width: 30, dropout: 1), "dropout"),
            (ArchitectureDescription(.residual, height: 30, width: 30, embedding: 0), "embedding"),
        ])
    func refusals(_ description: ArchitectureDescription, _ words: String) {
        var random = RandomSource(seed: 7)
        let error = #expect(throws: TrainingError.self) { try description.makeGraph(random: &random) }
        #expect(error?.description.contains(words) ?? false, "\(String(describing: error))")
    }
}
