// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing
import Training

@Suite("The network for inference")
struct InferenceGraphTests {
    /// Every operator that can be trained.
    private static func everything() -> Graph {
        var maker = GraphMaker(seed: 11)
        maker.convolve("image", "a", from: 2, to: 6, kernel: 3, pad: 1)
        for name in ["scale", "shift", "mean"] { maker.constant(name, [6]) }
        maker.set("variance", [0.5, 1, 2, 3, 1, 0.3])
        maker.add("BatchNormalization", ["a", "scale", "shift", "mean", "variance"], "b", ["momentum": .float(0.9)])
        maker.add("Relu", ["b"], "c")
        maker.convolve("c", "d", from: 6, to: 6, kernel: 3, pad: 1, groups: 6)
        maker.constant("slopes", [6, 1, 1])
        maker.add("PRelu", ["d", "slopes"], "e")
        maker.add("Add", ["e", "c"], "f")
        maker.add("LRN", ["f"], "g", ["size": .int(5), "alpha": .float(1e-2), "beta": .float(0.75), "bias": .float(2)])
        maker.add("MaxPool", ["g"], "h", ["kernel_shape": .ints([3, 3]), "strides": .ints([2, 2])])
        maker.add("Dropout", ["h"], "i", ["ratio": .float(0.3), "channelwise": .int(1)])
        maker.convolve("i", "j", from: 6, to: 4, kernel: 2, groups: 2)
        maker.add("AveragePool", ["j"], "k", ["kernel_shape": .ints([2, 2])])
        maker.add("GlobalAveragePool", ["k"], "l")
        maker.add("Flatten", ["l"], "m")
        maker.connect("m", "n", from: 4, to: 8)
        maker.add("Dropout", ["n"], "o", ["ratio": .float(0.5)])
        maker.add("LpNormalization", ["o"], "p", ["axis": .int(1), "p": .int(2)])
        maker.add("Dropout", ["p"], "embedding", ["ratio": .float(0.1)])
        maker.constant("unused", [3])
        return maker.graph(channels: 2, height: 11, width: 10, output: "embedding")
    }

    /// The network after a step that moved its weights and statistics, an input, and what it evaluates to.
    private func trained() throws -> (network: TrainableNetwork, input: [Float], output: [Float]) {
        let network = try TrainableNetwork(Self.everything(), threads: 2)
        let pass = try network.makePass(inputShape: [3, 2, 11, 10])
        var random = RandomSource(seed: 2)
        let input = (0..<660).map { _ in random.normal() }
        _ = try pass.forward(input, random: &random)
        try pass.backward((0..<24).map { _ in random.normal() })
        for parameter in network.parameters {
            for index in parameter.values.indices { parameter.values[index] -= 0.01 * parameter.gradient[index] }
        }
        return (network, input, try pass.evaluate(input))
    }

    @Test("It runs in the engine for inference with what evaluation gives, without Dropout and for any batch")
    func engine() throws {
        let (network, input, output) = try trained()
        let graph = network.inferenceGraph()
        #expect(!graph.nodes.contains { $0.operatorType == "Dropout" })
        #expect(graph.initializers["unused"] == nil)
        #expect(graph.inputs[0].shape.first == .symbolic("batch") && graph.outputs[0].shape.first == .symbolic("batch"))
        #expect(graph.outputs.map(\.name) == ["embedding"])
        let run = try Network(graph: graph).plan(inputShapes: ["image": [3, 2, 11, 10]]).makeRun()
        try run.setInput("image", input)
        try run.execute()
        let answer = try run.output("embedding")
        #expect(answer.shape == [3, 8])
        #expect(zip(answer.values, output).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(output != [Float](repeating: 0, count: 24))
    }

    @Test(
        "Its file passes ONNX's checker and runs in ONNX Runtime with what evaluation gives",
        .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
    func onnxRuntime() throws {
        let (network, input, output) = try trained()
        let temporary = try TemporaryFolder(), folder = URL(filePath: temporary.path)
        defer { withExtendedLifetime(temporary) {} }
        func path(_ name: String) -> String { folder.appending(path: name).path }
        try Data(network.inferenceGraph().onnxBytes()).write(to: URL(filePath: path("model.onnx")))
        try input.withUnsafeBytes { try Data($0).write(to: URL(filePath: path("input.bin"))) }
        try PythonReference.run(
            "run_onnx.py", [path("model.onnx"), path("input.bin"), path("output.bin"), "3", "2", "11", "10"])
        let answer = try Data(contentsOf: URL(filePath: path("output.bin"))).withUnsafeBytes {
            Array($0.bindMemory(to: Float.self))
        }
        #expect(answer.count == output.count)
        #expect(zip(answer, output).allSatisfy { abs($0 - $1) < 1e-5 })
    }
}
