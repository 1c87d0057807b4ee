// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Testing

@Suite("Loading a network")
struct LoadingTests {
    private func error(_ graph: Graph) -> NetworkError? {
        do {
            _ = try Network(graph: graph)
            return nil
        } catch {
            return error
        }
    }

    private func graph(
        _ node: Node, constants: [String: ConstantTensor] = [:], opset: Int = 17
    ) -> Graph {
        .make([node], inputs: ["x": .fixed(1, 2, 6, 6)], outputs: [node.outputs[0]], constants: constants, opset: opset)
    }

    @Test("An unknown operator is refused with its name and node's")
    func unknownOperator() {
        #expect(
            error(graph(.make("StringSplit", ["x"], "y")))
                == .unsupportedOperator(operatorType: "StringSplit", node: "y"))
        let unnamed = Node(operatorType: "StringSplit", inputs: ["x"], outputs: ["z"])
        #expect(error(graph(unnamed)) == .unsupportedOperator(operatorType: "StringSplit", node: "z"))
    }

    @Test("An unknown operator is refused even where no output needs it")
    func unusedUnknownOperator() {
        let nodes: [Node] = [.make("Relu", ["x"], "y"), .make("StringSplit", ["x"], "z")]
        #expect(
            error(.make(nodes, inputs: ["x": .fixed(2)], outputs: ["y"]))
                == .unsupportedOperator(operatorType: "StringSplit", node: "z"))
    }

    @Test(
        "Attributes and values that are not implemented are refused by node",
        arguments: [
            (Node.make("Resize", ["x", "", "s"], "y", ["mode": .string("lanczos")]), "lanczos"),
            (
                .make(
                    "Resize", ["x", "", "s"], "y", ["coordinate_transformation_mode": .string("tf_half_pixel_for_nn")]),
                "tf_half_pixel_for_nn"
            ),
            (.make("MaxPool", ["x"], "y", ["kernel_shape": .ints([2, 2, 2, 2])]), "4 dimensions"),
            (
                .make("MaxPool", ["x"], "y", ["kernel_shape": .ints([2, 2]), "dialations": .ints([1, 1])]), "dialations"
            ),
            (.make("BatchNormalization", ["x", "s", "s", "s", "s"], "y", ["training_mode": .int(1)]), "training"),
            (.make("Dropout", ["x", "", "true"], "y"), "training"),
            (.make("Cast", ["x"], "y", ["to": .int(8)]), "STRING"),
            (.make("Cast", ["x"], "y", ["to": .int(19)]), "FLOAT8E5M2"),
            (.make("LpNormalization", ["x"], "y", ["p": .int(3)]), "p is 3"),
            (.make("Reshape", ["x", "x"], "y"), "input 2"),
            (.make("Pad", ["x", "s"], "y", ["mode": .string("wrap")]), "wrap"),
            (.make("Conv", ["x", "w6"], "y"), "6 dimensions"),
            (.make("Constant", [], "y", ["value_string": .string("a")]), "no value"),
        ])
    func unsupportedAttributes(node: Node, reason: String) throws {
        let constants: [String: ConstantTensor] = [
            "s": .floats([2], [1, 1]), "true": ConstantTensor(shape: [], storage: .bool([true])),
            "w6": .floats([1, 2, 1, 1, 1, 1], [1, 1]),
        ]
        let found = try #require(error(graph(node, constants: constants)))
        guard case .unsupportedAttribute(let type, "y", let text) = found else {
            Issue.record("\(found)")
            return
        }
        #expect(type == node.operatorType)
        #expect(text.contains(reason), "\(text)")
    }

    @Test("Further outputs are refused where something reads them")
    func furtherOutputs() {
        let dropout = Node(name: "drop", operatorType: "Relu", inputs: ["x"], outputs: ["y", "more"])
        #expect(error(graph(dropout)) == nil)
        let both = Graph.make([dropout], inputs: ["x": .fixed(1, 1, 4, 4)], outputs: ["y", "more"])
        #expect(
            error(both)
                == .unsupportedAttribute(
                    operatorType: "Relu", node: "drop", reason: "its further output “more” is used"))
    }

    @Test("A graph that contradicts itself is refused")
    func contradictions() {
        let relu = Node.make("Relu", ["x"], "y")
        func refuses(_ graph: Graph) -> Bool { error(graph) != nil }
        #expect(!refuses(graph(relu)))
        #expect(refuses(graph(.make("Relu", ["nothing"], "y"))))
        #expect(refuses(graph(.make("Relu", [], "y"))))
        #expect(refuses(graph(.make("Relu", ["x", "x"], "y"))))
        #expect(refuses(graph(.make("LeakyRelu", ["x"], "y", ["alpha": .string("a")]))))
        #expect(refuses(.make([relu, relu], inputs: ["x": .fixed(1)], outputs: ["y"])))
        #expect(
            refuses(
                .make([.make("Relu", ["z"], "y"), .make("Relu", ["x"], "z")], inputs: ["x": .fixed(1)], outputs: ["y"]))
        )
        #expect(refuses(.make([relu], inputs: ["x": .fixed(1)], outputs: ["z"])))
        #expect(refuses(.make([relu], inputs: ["x": .fixed(1)], outputs: [])))
        #expect(refuses(.make([relu], inputs: ["x": .fixed(1)], outputs: ["y"], constants: ["c": .floats([3], [1])])))
        #expect(refuses(.make([relu], inputs: ["x": .fixed(1)], outputs: ["y"], opset: 6)))
        #expect(refuses(.make([relu], inputs: ["x": .fixed(1)], outputs: ["y"], opset: 29)))
    }

    @Test("Constants too large to hold are refused before they are made")
    func hugeConstants() throws {
        let nodes: [Node] = [.make("ConstantOfShape", ["shape"], "c"), .make("Add", ["x", "c"], "y")]
        for shape in [[1 << 40], [1 << 62, 8], [1 << 27]] as [[Int64]] {
            let constants = ["shape": ConstantTensor(shape: [shape.count], storage: .int64(shape))]
            let found = try #require(
                error(.make(nodes, inputs: ["x": .fixed(1)], outputs: ["y"], constants: constants)))
            switch found {
            case .tooLarge, .invalidNode: break
            default: Issue.record("\(found)")
            }
        }
    }
}
