// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing

@Suite("Writing ONNX files")
struct GraphWritingTests {
    /// Every kind of attribute, of constant and of dimension.
    private let graph = Graph(
        name: "everything",
        nodes: [
            Node(
                operatorType: "Constant", inputs: [], outputs: ["c"],
                attributes: [
                    "value": .tensor(ConstantTensor(shape: [2], storage: .float([1, -0.0])))
                ]),
            Node(operatorType: "Relu", inputs: ["x"], outputs: ["y1"]),
            Node(
                name: "n", operatorType: "Anything", inputs: ["x", "", "c"], outputs: ["y", "", "z"],
                attributes: [
                    "zero": .int(0), "least": .int(.min), "f": .float(0), "s": .string("naïve"), "empty": .string(""),
                    "ints": .ints([0, -1]), "none": .ints([]), "floats": .floats([.infinity]),
                    "strings": .strings(["", "b"]),
                    "inside": .graph(
                        Subgraph(
                            name: "inner",
                            nodes: [
                                Node(operatorType: "Add", inputs: ["y1", "k"], outputs: ["a"]),
                                Node(operatorType: "Add", inputs: ["a", "i"], outputs: ["b"]),
                            ],
                            initializers: ["k": ConstantTensor(shape: [], storage: .float([1]))], inputs: ["i"],
                            outputs: ["b"])),
                ]),
        ],
        initializers: [
            "float": ConstantTensor(shape: [2, 1], storage: .float([.leastNonzeroMagnitude, -3e38])),
            "double": ConstantTensor(shape: [1], storage: .double([0.1])),
            "int64": ConstantTensor(shape: [2], storage: .int64([.min, .max])),
            "int32": ConstantTensor(shape: [2], storage: .int32([.min, .max])),
            "int16": ConstantTensor(shape: [2], storage: .int16([.min, .max])),
            "int8": ConstantTensor(shape: [2], storage: .int8([.min, .max])),
            "uint64": ConstantTensor(shape: [2], storage: .uint64([0, .max])),
            "uint32": ConstantTensor(shape: [2], storage: .uint32([0, .max])),
            "uint16": ConstantTensor(shape: [2], storage: .uint16([0, .max])),
            "uint8": ConstantTensor(shape: [2], storage: .uint8([0, 255])),
            "bool": ConstantTensor(shape: [2], storage: .bool([true, false])),
            "scalar": ConstantTensor(shape: [], storage: .float([2])),
            "empty": ConstantTensor(shape: [3, 0], storage: .int64([])),
        ],
        inputs: [
            ValueInfo(name: "x", shape: [.symbolic("batch"), .fixed(0), .unknown]),
            ValueInfo(name: "scalar input", shape: [], elementType: .bool),
        ],
        outputs: [ValueInfo(name: "y", shape: [.fixed(7)], elementType: .int64)],
        opsetVersion: 13)

    @Test("A graph that is written and read is the same graph, and gives the same bytes again")
    func roundTrip() throws {
        let bytes = try graph.onnxBytes()
        let read = try Graph(onnx: bytes)
        #expect(read == graph)
        #expect(try read.onnxBytes() == bytes)
    }

    @Test(
        "Published networks survive the round trip", .enabled(if: SharedNetworks.isPresent, SharedNetworks.missing),
        arguments: SharedNetworks.names)
    func roundTripOfPublishedNetworks(name: String) throws {
        let read = try Graph(onnx: SharedNetworks.bytes(name))
        #expect(try Graph(onnx: read.onnxBytes()) == read)
    }

    @Test(
        "onnx.checker and ONNX Runtime take what is written",
        .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"),
        .enabled(if: SharedNetworks.isPresent, SharedNetworks.missing))
    func othersLoadIt() throws {
        let temporary = try TemporaryFolder(), folder = URL(filePath: temporary.path)
        defer { withExtendedLifetime(temporary) {} }
        var files: [String] = []
        func write(_ name: String, _ graph: Graph) throws {
            let file = folder.appending(path: name + ".onnx")
            try Data(graph.onnxBytes()).write(to: file)
            files.append(file.path)
        }
        for name in SharedNetworks.names {
            try write(name, Graph(onnx: SharedNetworks.bytes(name)))
        }
        for opset in Graph.supportedOpsets {
            try write(
                "opset \(opset)",
                Graph(
                    name: "",
                    nodes: [
                        Node(operatorType: "Add", inputs: ["x", "w"], outputs: ["s"]),
                        // Zero is what protobuf leaves out.
                        Node(operatorType: "Flatten", inputs: ["s"], outputs: ["y"], attributes: ["axis": .int(0)]),
                    ],
                    initializers: ["w": ConstantTensor(shape: [3], storage: .float([1, 0, -1]))],
                    inputs: [ValueInfo(name: "x", shape: [.symbolic("n"), .fixed(3)])],
                    outputs: [ValueInfo(name: "y", shape: [.fixed(1), .unknown])], opsetVersion: opset))
        }
        try PythonReference.run("onnx_files.py", ["check"] + files)
    }

    @Test("A tensor whose shape and values disagree is not written")
    func refusesInconsistentTensors() {
        var wrong = graph
        wrong.initializers["scalar"] = ConstantTensor(shape: [2], storage: .float([1]))
        let constant = #expect(throws: NetworkError.self) { try wrong.onnxBytes() }
        #expect(constant?.description.contains("initializer “scalar”") == true)

        wrong = graph
        wrong.nodes[0].attributes["value"] = .tensor(ConstantTensor(shape: [-1], storage: .float([])))
        let attribute = #expect(throws: NetworkError.self) { try wrong.onnxBytes() }
        #expect(attribute?.description.contains("attribute “value” of node “c” (Constant)") == true)
    }

    @Test("An opset that is not read is not written", arguments: [6, 29])
    func refusesOtherOpsets(opset: Int) {
        var wrong = graph
        wrong.opsetVersion = opset
        #expect(throws: NetworkError.unsupportedModel(reason: "opset \(opset) cannot be written")) {
            try wrong.onnxBytes()
        }
    }
}
