// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Testing

@Suite("Graphs in nodes")
struct SubgraphTests {
    /// x · factor where x has as many rows as stated, else −x; by a branch that uses what is around it.
    private func graph(factor: Float, rows: Int) -> Graph {
        let times = Subgraph(nodes: [.make("Mul", ["x", "factor"], "a")], outputs: ["a"])
        let negated = Subgraph(nodes: [.make("Neg", ["x"], "b")], outputs: ["b"])
        let nodes: [Node] = [
            .make("Shape", ["x"], "shape"), .make("Gather", ["shape", "first"], "count"),
            .make("Equal", ["count", "rows"], "holds"),
            .make("If", ["holds"], "y", ["then_branch": .graph(times), "else_branch": .graph(negated)]),
        ]
        var graph = Graph.make(
            nodes, inputs: ["x": [.symbolic("n"), .fixed(2)]], outputs: ["y"],
            constants: [
                "factor": .floats([], [factor]), "first": ConstantTensor(shape: [], storage: .int64([0])),
                "rows": ConstantTensor(shape: [], storage: .int64([Int64(rows)])),
            ])
        graph.outputs[0].shape = [.symbolic("n"), .fixed(2)]
        return graph
    }

    @Test("A condition on the input's shape is decided when planning")
    func conditionOnShape() throws {
        let graph = graph(factor: 3, rows: 1)
        #expect(try evaluate(graph, ["x": [1, 2]], shapes: ["x": [1, 2]])[0].values == [3, 6])
        #expect(try evaluate(graph, ["x": [1, 2, 3, 4]], shapes: ["x": [2, 2]])[0].values == [-1, -2, -3, -4])
    }

    @Test("What a branch uses of the graph around it is kept when networks stand side by side")
    func sideBySide() throws {
        let joined = try Graph.sideBySide([graph(factor: 3, rows: 1), graph(factor: 4, rows: 2)], name: "both")
        let found = try evaluate(joined, ["image": [3, 4]], shapes: ["image": [1, 2]])[0].values
        let length = Float(2).squareRoot()
        for (value, expected) in zip(found, [0.6, 0.8, -0.6, -0.8] as [Float]) {
            #expect(abs(value - expected / length) < 1e-6)
        }
    }

    @Test("A branch that uses what nothing produces is refused")
    func unknownValue() {
        var graph = graph(factor: 3, rows: 1)
        let missing = Subgraph(nodes: [.make("Neg", ["nothing"], "b")], outputs: ["b"])
        graph.nodes[3].attributes["else_branch"] = .graph(missing)
        let error = #expect(throws: NetworkError.self) { try Network(graph: graph) }
        #expect(error?.description.contains("“nothing”") ?? false)
    }

    @Test("A loop that leaves its own inputs out still sees what is around it", arguments: 0...2)
    func loopWithoutInputs(stated: Int) throws {
        let body = Subgraph(
            nodes: [.make("Identity", ["stop"], "on"), .make("Mul", ["x", "factor"], "product")],
            inputs: ["round", "goes"], outputs: ["on", "product"])
        var loop = Node.make("Loop", Array(["", ""].prefix(stated)), "y", ["body": .graph(body)])
        loop.inputs = Array(["", ""].prefix(stated))
        let graph = Graph.make(
            [loop], inputs: ["x": .fixed(1, 2)], outputs: ["y"],
            constants: [
                "factor": .floats([], [3]), "stop": ConstantTensor(shape: [], storage: .bool([false])),
            ])
        #expect(try evaluate(graph, ["x": [1, 2]])[0].values == [3, 6])
    }
}
