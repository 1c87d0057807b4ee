// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness
import Testing

@Suite("Planning")
struct PlanningTests {
    private func shapes(_ graph: Graph, _ inputs: [String: [Int]] = [:]) throws -> [[Int]] {
        try Network(graph: graph).plan(inputShapes: inputs).outputs.map(\.shape)
    }

    private func error(_ graph: Graph, _ inputs: [String: [Int]] = [:]) -> NetworkError? {
        do {
            _ = try Network(graph: graph).plan(inputShapes: inputs)
            return nil
        } catch {
            return error
        }
    }

    @Test("Shapes follow the inputs through convolution, pooling, flattening and products")
    func shapes() throws {
        var random = SeededGenerator(seed: 31)
        let graph = Graph.make(
            [
                .make("Conv", ["x", "w"], "a", ["pads": .ints([1, 1, 1, 1]), "strides": .ints([2, 2])]),
                .make(
                    "MaxPool", ["a"], "b",
                    ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2]), "ceil_mode": .int(1)]),
                .make("GlobalAveragePool", ["b"], "c"),
                .make("Flatten", ["c"], "d"),
                .make("Gemm", ["d", "g"], "e", ["transB": .int(1)]),
            ],
            inputs: ["x": [.symbolic("batch"), .fixed(3), .symbolic("height"), .symbolic("width")]],
            outputs: ["a", "b", "c", "d", "e"],
            constants: ["w": .floats([4, 3, 3, 3], random.values(108)), "g": .floats([5, 4], random.values(20))])
        #expect(
            try shapes(graph, ["x": [2, 3, 9, 13]]) == [[2, 4, 5, 7], [2, 4, 3, 4], [2, 4, 1, 1], [2, 4], [2, 5]])
    }

    @Test("A reshape that is computed from the input's shape costs no step")
    func folding() throws {
        let graph = Graph.make(
            [
                .make("Shape", ["x"], "shape"),
                .make("Gather", ["shape", "zero"], "batch"),
                .make("Mul", ["batch", "two"], "doubled"),
                .make("Unsqueeze", ["doubled", "axis"], "list"),
                .make("Concat", ["list", "rest"], "target", ["axis": .int(0)]),
                .make("Cast", ["target"], "again", ["to": .int(7)]),
                .make("Reshape", ["x", "again"], "y"),
                .make("Relu", ["y"], "z"),
            ],
            inputs: ["x": [.symbolic("n"), .fixed(4), .fixed(3)]], outputs: ["z"],
            constants: [
                "zero": ConstantTensor(shape: [], storage: .int64([0])),
                "two": ConstantTensor(shape: [], storage: .int64([2])),
                "axis": .integers(0), "rest": .integers(2, -1),
            ])
        let plan = try Network(graph: graph).plan(inputShapes: ["x": [5, 4, 3]])
        #expect(plan.outputs.map(\.shape) == [[10, 2, 3]])
        #expect(plan.stepCount == 1)
    }

    @Test("What depends on constants alone is computed when loading")
    func constantWeights() throws {
        let graph = Graph.make(
            [
                .make("Transpose", ["w"], "wt"), .make("Mul", ["wt", "half"], "scaled"),
                .make("MatMul", ["x", "scaled"], "y"),
            ],
            inputs: ["x": .fixed(1, 2)], outputs: ["y"],
            constants: ["w": .floats([3, 2], [1, 2, 3, 4, 5, 6]), "half": .floats([], [0.5])])
        #expect(try Network(graph: graph).plan().stepCount == 1)
        #expect(try evaluate(graph, ["x": [1, 10]]).map(\.values) == [[10.5, 21.5, 32.5]])
    }

    @Test("An output may be a constant, an input, or an integer that shapes make")
    func unusualOutputs() throws {
        let graph = Graph.make(
            [.make("Identity", ["x"], "same"), .make("Shape", ["x"], "shape"), .make("Identity", ["c"], "constant")],
            inputs: ["x": .fixed(2, 3)], outputs: ["same", "shape", "constant", "x"],
            constants: ["c": .floats([2], [7, 8])])
        let values: [Float] = [1, 2, 3, 4, 5, 6]
        #expect(try evaluate(graph, ["x": values]).map(\.values) == [values, [2, 3], [7, 8], values])
    }

    @Test("A shape that does not suit is refused with the input's name")
    func inputShapes() {
        let graph = Graph.make(
            [.make("Add", ["a", "b"], "y")],
            inputs: ["a": [.symbolic("n"), .fixed(3)], "b": [.symbolic("n"), .fixed(3)]], outputs: ["y"])
        func names(_ inputs: [String: [Int]]) -> String? {
            guard case .invalidInputShape(let input, _) = error(graph, inputs) else { return nil }
            return input
        }
        #expect(error(graph, ["a": [2, 3], "b": [2, 3]]) == nil)
        #expect(error(graph, ["b": [2, 3]]) == nil, "the other input's shape follows from n")
        #expect(names([:]) == "a")
        #expect(names(["a": [2, 3], "b": [4, 3]]) == "b")
        #expect(names(["a": [2, 4]]) == "a")
        #expect(names(["a": [2, 3, 1]]) == "a")
        #expect(names(["a": [0, 3]]) == "a")
        #expect(names(["a": [-1, 3]]) == "a")
        #expect(names(["c": [2, 3]]) == "c")
        guard case .tooLarge = error(graph, ["a": [1 << 40, 3]]) else {
            Issue.record("an input of terabytes was accepted")
            return
        }
    }

    @Test("A node that cannot work on the shapes that reach it is named")
    func impossibleShapes() {
        let weights = ConstantTensor.floats([1, 3, 5, 5], Array(repeating: 1, count: 75))
        func graph(_ node: Node) -> Graph {
            .make(
                [node], inputs: ["x": [.symbolic("n"), .fixed(3), .symbolic("h"), .fixed(8)]], outputs: ["y"],
                constants: ["w": weights, "shape": .integers(7, -1), "c": .floats([5], [1, 2, 3, 4, 5])])
        }
        for node in [
            Node.make("Conv", ["x", "w"], "y"), .make("Reshape", ["x", "shape"], "y"), .make("Add", ["x", "c"], "y"),
            .make("Conv", ["x", "w"], "y", ["group": .int(3)]),
            .make("Transpose", ["x"], "y", ["perm": .ints([0, 1])]),
            .make("MaxPool", ["x"], "y", ["kernel_shape": .ints([9])]), .make("Squeeze", ["x", "shape"], "y"),
        ] {
            guard case .invalidNode(let type, "y", _) = error(graph(node), ["x": [1, 3, 4, 8]]) else {
                Issue.record("\(node.operatorType) was accepted")
                continue
            }
            #expect(type == node.operatorType)
        }
        #expect(error(graph(.make("Conv", ["x", "w"], "y")), ["x": [1, 3, 5, 8]]) == nil)
    }

    @Test("All activations together are bounded, before any memory is taken")
    func totalMemory() {
        // Each value is 1 GiB; five of them are alive at once.
        let names = (0..<5).map { "v\($0)" }
        let nodes = names.map { Node.make("Concat", ["x"], $0, ["axis": .int(0)]) }
        let graph = Graph.make(nodes, inputs: ["x": [.symbolic("n")]], outputs: names)
        guard case .tooLarge = error(graph, ["x": [1 << 28]]) else {
            Issue.record("six gigabytes were planned")
            return
        }
    }

    @Test("Absurd extents are refused or computed, and never read or multiplied beyond what there is")
    func absurdExtents() throws {
        func refuses(_ graph: Graph) { #expect(throws: NetworkError.self) { try Network(graph: graph).plan() } }
        let empty = ConstantTensor(shape: [1, 1 << 40, 0, 0], storage: .float([]))
        refuses(
            .make(
                [.make("SpaceToDepth", ["w"], "y", ["blocksize": .int(4096)])], inputs: ["x": .fixed(1)],
                outputs: ["y"], constants: ["w": empty]))
        let none = Graph.make(
            [.make("Einsum", ["x", "w"], "y", ["equation": .string("bi,bj->bij")])], inputs: ["x": .fixed(1, 3)],
            outputs: ["y"], constants: ["w": ConstantTensor(shape: [0, 3], storage: .float([]))])
        do {
            let found = try evaluate(none, ["x": [1, 2, 3]])[0]
            #expect(found.shape == [0, 3, 3] && found.values.isEmpty)
        } catch {
            #expect(error is NetworkError)
        }
        let window: [String: Attribute] = [
            "dilations": .ints([1 << 23, 1 << 23]), "pads": .ints(Array(repeating: 1 << 23, count: 4)),
        ]
        // A margin without an end on one side only, so that the output itself is small.
        let tall = Graph.make(
            [.make("Conv", ["x", "w"], "y", window)], inputs: ["x": .fixed(1, 64, 16, 16)], outputs: ["y"],
            constants: ["w": .floats([1, 64, 3, 3], Array(repeating: 1, count: 576))])
        let plan = try Network(graph: tall).plan()
        #expect(plan.bytesPerRun < 1 << 20)
        #expect(try evaluate(tall, ["x": Array(repeating: 1, count: 64 * 256)])[0].values.allSatisfy { $0 == 64 })
        // Rows of a window of a million are not counted one by one.
        let long = Graph.make(
            [
                .make("Conv", ["x", "v"], "a"),
                .make("Conv", ["a", "w"], "y", ["pads": .ints([1 << 19, 0, 1 << 19, 0])]),
            ],
            inputs: ["x": .fixed(1, 1, 1, 1)], outputs: ["y"],
            constants: [
                "v": .floats([8, 1, 1, 1], Array(repeating: 1, count: 8)),
                "w": .floats([1, 8, 1 << 17, 1], Array(repeating: 1, count: 1 << 20)),
            ])
        let refused = #expect(throws: NetworkError.self) { try Network(graph: long).plan() }
        guard case .tooMuchWork("Conv", "y", .pass, _, NetworkLimits.maximumWork) = refused else {
            Issue.record("\(String(describing: refused))")
            return
        }
    }
}
