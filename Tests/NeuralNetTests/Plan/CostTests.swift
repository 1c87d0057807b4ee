// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness
import Testing

@Suite("What a network may cost")
struct CostTests {
    /// The node, the operator and the limit that a refusal names.
    private func refusal(_ graph: Graph) -> NetworkError? {
        let start = ContinuousClock.now
        defer { #expect(ContinuousClock.now - start < .seconds(5)) }
        do throws(NetworkError) {
            _ = try Network(graph: graph).plan()
            return nil
        } catch {
            return error
        }
    }

    @Test("Windows that would take minutes are refused by the node's name and the limit")
    func windows() {
        let images = ["x": [Dimension].fixed(1, 8, 256, 256)]
        let pool = Graph.make(
            [
                .make(
                    "LpPool", ["x"], "wide",
                    [
                        "kernel_shape": .ints([1000, 1000]), "p": .int(3), "pads": .ints([500, 500, 500, 500]),
                    ])
            ], inputs: images, outputs: ["wide"])
        let found = refusal(pool)
        guard case .tooMuchWork("LpPool", "wide", .pass, let work, NetworkLimits.maximumWork)? = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(work > NetworkLimits.maximumWork)
        #expect(found?.description.contains("34360 million") == true, "\(String(describing: found))")
        let weights = ConstantTensor.floats([1, 8, 1001, 1001], Array(repeating: 0, count: 8 * 1001 * 1001))
        let convolution = Graph.make(
            [.make("Conv", ["x", "w"], "y", ["pads": .ints([500, 500, 500, 500])])], inputs: images, outputs: ["y"],
            constants: ["w": weights])
        guard case .tooMuchWork("Conv", "y", .pass, _, _)? = refusal(convolution) else {
            Issue.record("\(String(describing: refusal(convolution)))")
            return
        }
    }

    @Test("Constants and tables that a small file makes are bounded")
    func constants() {
        let side = ConstantTensor.integers(4096, 4096)
        let made = Graph.make(
            [.make("ConstantOfShape", ["s"], "c"), .make("Add", ["x", "c"], "y")], inputs: ["x": .fixed(1)],
            outputs: ["y"], constants: ["s": side])
        guard case .tooLarge(let what, let bytes, let limit)? = refusal(made) else {
            Issue.record("\(String(describing: refusal(made)))")
            return
        }
        #expect(what.contains("“c” (ConstantOfShape)") && bytes > limit && limit < 40 << 20)
        // Two lists of a million whole numbers would make a table of a million million sums.
        let count = 1 << 20
        let long = ConstantTensor(shape: [count, 1], storage: .int64(Array(repeating: 1, count: count)))
        let sums = Graph.make(
            [.make("Add", ["a", "b"], "c"), .make("Gather", ["x", "c"], "y")], inputs: ["x": .fixed(4)], outputs: ["y"],
            constants: ["a": long, "b": long.reshapedForTest([1, count])])
        guard case .tooLarge? = refusal(sums) else {
            Issue.record("\(String(describing: refusal(sums)))")
            return
        }
        // A table of places of a shape that the file only states.
        let places = Graph.make(
            [
                .make("Shape", ["x"], "n"), .make("Cast", ["x"], "i", ["to": .int(7)]),
                .make("GatherElements", ["x", "i"], "y"),
            ], inputs: ["x": .fixed(4096, 4096)], outputs: ["y"])
        guard case .tooLarge(let table, _, _)? = refusal(places) else {
            Issue.record("\(String(describing: refusal(places)))")
            return
        }
        #expect(table.contains("“y” (GatherElements)"))
    }

    @Test("A loop and copies of tables in many subgraphs come to an end")
    func loops() {
        let body = Subgraph(
            nodes: [
                .make("Identity", ["go"], "goes"), .make("Relu", ["v"], "w"),
            ], inputs: ["round", "go", "v"], outputs: ["goes", "w"])
        let loop = Graph.make(
            [
                Node(
                    name: "long", operatorType: "Loop", inputs: ["rounds", "", "x"], outputs: ["y"],
                    attributes: ["body": .graph(body)])
            ], inputs: ["x": .fixed(4)], outputs: ["y"],
            constants: ["rounds": ConstantTensor(shape: [], storage: .int64([1 << 40]))])
        let found = refusal(loop)
        #expect(found?.description.contains("“long”") == true || found?.description.contains("“w”") == true)
        var nodes: [Node] = [], constants: [String: ConstantTensor] = [:]
        for index in 0..<20_000 { constants["c\(index)"] = ConstantTensor.floats([1], [1]) }
        let branch = Subgraph(nodes: [.make("Relu", ["x"], "r")], outputs: ["r"])
        constants["yes"] = ConstantTensor(shape: [], storage: .bool([true]))
        for index in 0..<20_000 {
            nodes.append(
                Node(
                    name: "if\(index)", operatorType: "If", inputs: ["yes"], outputs: ["y\(index)"],
                    attributes: ["then_branch": .graph(branch), "else_branch": .graph(branch)]))
        }
        let many = Graph.make(nodes, inputs: ["x": .fixed(4)], outputs: ["y0"], constants: constants)
        guard case .tooMuchWork("If", _, .planning, _, _)? = refusal(many) else {
            Issue.record("\(String(describing: refusal(many)))")
            return
        }
    }

    @Test("A pass may take as much for each of several images")
    func images() throws {
        // Just under the limit for one image.
        let weights = ConstantTensor.floats([2048, 2048], Array(repeating: 0, count: 2048 * 2048))
        let products = (0..<6).map { Node.make("MatMul", [$0 == 0 ? "x" : "m\($0)", "w"], "m\($0 + 1)") }
        let graph = Graph.make(
            products, inputs: ["x": [.symbolic("n"), .fixed(1024), .fixed(2048)]], outputs: ["m6"],
            constants: ["w": weights])
        let network = try Network(graph: graph)
        _ = try network.plan(inputShapes: ["x": [1, 1024, 2048]])
        #expect(throws: NetworkError.self) { try network.plan(inputShapes: ["x": [4, 1024, 2048]]) }
        _ = try network.plan(inputShapes: ["x": [4, 1024, 2048]], images: 4)
    }
}

extension ConstantTensor {
    fileprivate func reshapedForTest(_ shape: [Int]) -> ConstantTensor {
        ConstantTensor(shape: shape, storage: storage)
    }
}
