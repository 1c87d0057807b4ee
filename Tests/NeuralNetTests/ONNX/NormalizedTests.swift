// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import Testing

@Suite("Networks whose embeddings have length 1")
struct NormalizedTests {
    private static func ending(_ nodes: [Node], constants: [String: ConstantTensor] = [:]) -> Graph {
        Graph.make(
            nodes, inputs: ["x": [.symbolic("n"), .fixed(4)]], outputs: ["y"],
            constants: [
                "axis": .integers(1), "first": .integers(0), "small": .floats([], [1e-12]), "large": .floats([], [1]),
                "two": .floats([], [2]), "shape": .integers(1, 4),
            ].merging(constants) { $1 }, opset: 18)
    }

    @Test("What divides rows by their norms is recognised, however it is written")
    func recognized() {
        let square = Node.make("Mul", ["x", "x"], "s"), root = Node.make("Sqrt", ["r"], "n")
        let division = Node.make("Div", ["x", "n"], "y")
        let norm = Node.make("ReduceL2", ["x", "axis"], "r")
        for nodes in [
            [Node.make("LpNormalization", ["x"], "y")], [.make("ReduceL2", ["x", "axis"], "n"), division],
            [norm, .make("Clip", ["r", "small"], "c"), .make("Expand", ["c", "shape"], "n"), division],
            [norm, .make("Max", ["r", "small"], "n"), division], [norm, .make("Add", ["r", "small"], "n"), division],
            [square, .make("ReduceSum", ["s", "axis"], "r"), root, division],
            [.make("Pow", ["x", "two"], "s"), .make("ReduceSum", ["s", "axis"], "r"), root, division],
            [.make("ReduceSumSquare", ["x", "axis"], "r"), root, division],
        ] {
            #expect(Self.ending(nodes).isNormalized, "\(nodes.map(\.operatorType))")
        }
    }

    @Test("What only looks like it is not")
    func others() {
        let division = Node.make("Div", ["x", "n"], "y")
        for nodes in [
            [Node.make("ReduceL2", ["x", "first"], "n"), division], [.make("ReduceL1", ["x", "axis"], "n"), division],
            [.make("ReduceL2", ["x", "axis"], "r"), .make("Clip", ["r", "large"], "n"), division],
            [.make("Relu", ["x"], "a"), .make("ReduceL2", ["a", "axis"], "n"), division],
            [.make("ReduceL2", ["x", "axis"], "n"), .make("Div", ["n", "x"], "y")],
            [.make("LpNormalization", ["x"], "y", ["p": .int(1)])], [.make("Relu", ["x"], "y")],
        ] {
            #expect(!Self.ending(nodes).isNormalized, "\(nodes.map(\.operatorType))")
        }
    }

    @Test(
        "F.normalize is recognised as both of PyTorch's exporters write it",
        .enabled(if: !ExportedNetworks.files.isEmpty, ExportedNetworks.missing))
    func exported() throws {
        for file in ExportedNetworks.files {
            let name = file.deletingPathExtension().lastPathComponent
            let graph = try Graph(onnx: Array(try Data(contentsOf: file)))
            // All but these end with it.
            let isOther = ["layernorm-", "lrn-", "two_outputs-"].contains { name.hasPrefix($0) }
            #expect(graph.isNormalized == !isOther, "\(name)")
        }
    }

    @Test("An output that declares nothing but its name is read, planned and written")
    func undeclaredOutput() throws {
        let bytes = try Self.ending([.make("Relu", ["x"], "y")]).onnxBytes()
        var graph = try Graph(onnx: bytes)
        graph.outputs = [ValueInfo(name: "y", shape: [], hasShape: false)]
        let read = try Graph(onnx: graph.onnxBytes())
        #expect(read.outputs == graph.outputs)
        #expect(try Network(graph: read).plan(inputShapes: ["x": [1, 4]]).outputs[0].shape == [1, 4])
        #expect(try NetworkSummary(graph: read).outputs[0].shape == [.fixed(1), .fixed(4)])
    }
}
