// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Testing

@Suite("Nodes of several outputs")
struct SeveralOutputsTests {
    private func node(
        _ type: String, _ inputs: [String], _ outputs: [String], _ attributes: [String: Attribute] = [:]
    )
        -> Node
    {
        Node(name: "n", operatorType: type, inputs: inputs, outputs: outputs, attributes: attributes)
    }

    @Test("Only the outputs that something reads are computed")
    func unusedOutputs() throws {
        func steps(_ outputs: [String]) throws -> Int {
            let split = node("Split", ["x"], ["a", "b", "c"], ["axis": .int(1), "num_outputs": .int(3)])
            let graph = Graph.make([split], inputs: ["x": .fixed(2, 7)], outputs: outputs, opset: 18)
            return try Network(graph: graph).plan().stepCount
        }
        #expect(try steps(["a"]) == 1)
        #expect(try steps(["b", "c"]) == 2)
        #expect(try steps(["a", "b", "c"]) == 3)
    }

    @Test("A split answers its parts, the last of which may be shorter")
    func split() throws {
        let split = node("Split", ["x"], ["a", "b", "c"], ["axis": .int(1), "num_outputs": .int(3)])
        let graph = Graph.make([split], inputs: ["x": .fixed(2, 7)], outputs: ["c", "a", "b"], opset: 18)
        let found = try evaluate(graph, ["x": (0..<14).map(Float.init)])
        #expect(found.map(\.shape) == [[2, 1], [2, 3], [2, 3]])
        #expect(found.map(\.values) == [[6, 13], [0, 1, 2, 7, 8, 9], [3, 4, 5, 10, 11, 12]])
    }

    @Test("The second output alone may be named")
    func secondOutput() throws {
        let top = node("TopK", ["x", "k"], ["", "places"], ["axis": .int(0)])
        let graph = Graph.make(
            [top], inputs: ["x": .fixed(5)], outputs: ["places"],
            constants: ["k": .integers(3)], opset: 11)
        #expect(try evaluate(graph, ["x": [1, 4, 4, -2, 9]]).map(\.values) == [[4, 1, 2]])
    }

    @Test("Truth values of a run are 0 and 1, and whole numbers are numbers")
    func types() throws {
        let nodes: [Node] = [
            .make("Greater", ["x", "zero"], "positive"), .make("Not", ["positive"], "other"),
            .make("Where", ["other", "zero", "x"], "kept"), .make("ArgMax", ["kept"], "place", ["keepdims": .int(0)]),
            .make("Cast", ["place"], "float", ["to": .int(1)]), .make("Gather", ["x", "place"], "picked"),
        ]
        let graph = Graph.make(
            nodes, inputs: ["x": .fixed(4)], outputs: ["positive", "kept", "place", "float", "picked"],
            constants: ["zero": .floats([], [0])])
        let found = try evaluate(graph, ["x": [-1, 2, 5, -3]])
        #expect(found.map(\.values) == [[0, 1, 1, 0], [0, 2, 5, 0], [2], [2], [5]])
    }

    @Test("Arithmetic on whole numbers of a run is refused, since single precision does not hold them all")
    func integerArithmetic() throws {
        let nodes: [Node] = [
            .make("ArgMax", ["x"], "place", ["keepdims": .int(0)]), .make("Add", ["place", "one"], "y"),
        ]
        let graph = Graph.make(
            nodes, inputs: ["x": .fixed(4)], outputs: ["y"],
            constants: ["one": ConstantTensor(shape: [], storage: .int64([1]))])
        let error = #expect(throws: NetworkError.self) { try Network(graph: graph).plan() }
        #expect(error?.description.contains("int64") ?? false)
    }

    @Test("An index of a run that lies outside is drawn in, and reads nothing else")
    func outsideIndices() throws {
        let nodes: [Node] = [
            .make("Cast", ["x"], "place", ["to": .int(7)]), .make("Gather", ["table", "place"], "y"),
        ]
        let graph = Graph.make(
            nodes, inputs: ["x": .fixed(6)], outputs: ["y"], constants: ["table": .floats([3], [10, 20, 30])])
        let found = try evaluate(graph, ["x": [0, 2, -1, 1e9, -.infinity, .nan]])
        #expect(found[0].values == [10, 30, 30, 30, 10, 10])
    }

    @Test("An output that nothing of the operator makes is refused where something reads it")
    func tooManyOutputs() throws {
        let norm = node("LayerNormalization", ["x", "s"], ["a", "b", "c", "d"])
        let graph = Graph.make(
            [norm], inputs: ["x": .fixed(2, 2)], outputs: ["d"], constants: ["s": .floats([2], [1, 1])])
        #expect(throws: NetworkError.self) { try Network(graph: graph) }
    }
}
