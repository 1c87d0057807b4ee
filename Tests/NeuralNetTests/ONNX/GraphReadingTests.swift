// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness
import Testing

@Suite("Reading ONNX files", .enabled(if: PythonReference.isPresent, "\(PythonReference.missing)"))
struct GraphReadingTests {
    let files: ONNXFiles

    init() throws { files = try ONNXFiles.shared.get() }

    @Test("Opsets 7 to 28 and both names of the default domain are read")
    func readsEveryOpset() throws {
        for (name, expected) in files.readable {
            let graph = try Graph(onnx: files.bytes(name))
            #expect(graph.opsetVersion == expected.opset, "\(name)")
            #expect(graph.name == "g")
            #expect(graph.outputs == [ValueInfo(name: "y", shape: [.fixed(2), .fixed(3)])], "\(name)")
            #expect(graph.nodes.map(\.operatorType).sorted() == expected.operators.sorted(), "\(name)")
        }
    }

    @Test("Constants of every type have the values that NumPy sees, from raw bytes and from typed fields")
    func readsConstants() throws {
        let expected = try #require(files.readable["constants"]).constants
        let graph = try Graph(onnx: files.bytes("constants"))
        #expect(graph.initializers.count == expected.count)
        for (name, reference) in expected {
            let constant = try #require(graph.initializers[name], "\(name)")
            #expect(constant.shape == reference.shape, "\(name)")
            // Half precision, type 10, is widened.
            #expect(constant.elementType.rawValue == (reference.type == 10 ? 1 : reference.type), "\(name)")
            switch constant.storage {
            case .float(let values):
                #expect(values.map(Double.init) == reference.values.compactMap(Double.init), "\(name)")
            case .double(let values): #expect(values == reference.values.compactMap(Double.init), "\(name)")
            case .int64(let values): #expect(values == reference.values.compactMap(Int64.init), "\(name)")
            case .int32(let values): #expect(values == reference.values.compactMap(Int32.init), "\(name)")
            case .int16(let values): #expect(values == reference.values.compactMap(Int16.init), "\(name)")
            case .int8(let values): #expect(values == reference.values.compactMap(Int8.init), "\(name)")
            case .uint64(let values): #expect(values == reference.values.compactMap(UInt64.init), "\(name)")
            case .uint32(let values): #expect(values == reference.values.compactMap(UInt32.init), "\(name)")
            case .uint16(let values): #expect(values == reference.values.compactMap(UInt16.init), "\(name)")
            case .uint8(let values): #expect(values == reference.values.compactMap(UInt8.init), "\(name)")
            case .bool(let values): #expect(values == reference.values.map { $0 != "0" }, "\(name)")
            }
        }
    }

    @Test("An initializer that is listed among the inputs, as old files do, is no input")
    func dropsInputsThatAreInitializers() throws {
        let graph = try Graph(onnx: files.bytes("old_ir"))
        #expect(files.readable["old_ir"]?.inputs == ["x", "w"])
        #expect(graph.inputs.map(\.name) == ["x"])
        #expect(graph.initializers["w"] == ConstantTensor(shape: [2, 3], storage: .float([0, 1, 2, 3, 4, 5])))
    }

    @Test("Nodes out of order are sorted")
    func sortsNodes() throws {
        #expect(files.readable["unsorted"]?.operators == ["Sigmoid", "Exp", "Tanh"])
        #expect(try Graph(onnx: files.bytes("unsorted")).nodes.map(\.operatorType) == ["Exp", "Tanh", "Sigmoid"])
    }

    @Test("Attributes of every type, and inputs left out, are kept")
    func readsAttributes() throws {
        let node = try #require(try Graph(onnx: files.bytes("attributes")).nodes.first)
        #expect(
            node
                == Node(
                    operatorType: "Anything", inputs: ["x", "", "x"], outputs: ["y"],
                    attributes: [
                        "i": .int(.min), "f": .float(0.25), "s": .string("naïve"), "ints": .ints([3, -1]),
                        "floats": .floats([1.5, -0.0]), "strings": .strings(["a", ""]),
                        "t": .tensor(ConstantTensor(shape: [1], storage: .int64([9]))),
                    ]))
    }

    @Test("What is wrong or not supported is refused by name")
    func refusals() throws {
        let refusals = files.refused
        #expect(refusals.count > 70)
        for (name, expected) in refusals {
            let bytes = files.bytes(name)
            let error = #expect(throws: NetworkError.self, "\(name)") { try Graph(onnx: bytes) }
            guard let error else { continue }
            #expect(
                String(describing: Mirror(reflecting: error).children.first?.label ?? "") == expected.kind,
                "\(name): \(error)")
            for word in expected.words {
                #expect(error.description.contains(word), "\(name): \(error)")
            }
        }
    }
}
