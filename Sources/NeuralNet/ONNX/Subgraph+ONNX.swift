// SPDX-License-Identifier: Apache-2.0

extension Subgraph {
    /// Reads a `GraphProto` inside a node. What it uses of the graph around it is not known here.
    ///
    /// - Parameter what: what errors call it.
    init(_ graph: ONNXGraphProto, what: String, context: ONNXReadingContext) throws(NetworkError) {
        guard graph.sparseInitializer.isEmpty else {
            throw .unsupportedModel(reason: "\(what) holds a sparse initializer; only dense ones are read")
        }
        let context = try context.inside(what)
        let initializers = try context.constants(graph.initializer)
        let inputs = graph.input.map(\.name).filter { initializers[$0] == nil }
        let outputs = graph.output.map(\.name)
        guard !(inputs + outputs).contains(""), Set(inputs).count == inputs.count else {
            throw .malformedModel(reason: "an input or output of \(what) has no name or is named twice")
        }
        let nodes = try context.nodes(graph.node)
        let order = try TopologicalOrder(
            nodes: nodes, known: Set(initializers.keys).union(inputs), isInside: true)
        self.init(
            name: graph.name, nodes: order.sorted, initializers: initializers, inputs: inputs, outputs: outputs)
    }

    /// As a `GraphProto`. Types of inputs and outputs are left out: ONNX infers them from the node around.
    func onnx(what: String) throws(NetworkError) -> ONNXGraphProto {
        var graph = ONNXGraphProto()
        graph.name = name.isEmpty ? "graph" : name
        graph.node = try nodes.map { (node) throws(NetworkError) in try node.onnx() }
        for (name, tensor) in initializers.sorted(by: { $0.key < $1.key }) {
            graph.initializer.append(try tensor.onnx(name: name, what: "initializer “\(name)” of \(what)"))
        }
        graph.input = inputs.map { name in .with { $0.name = name } }
        graph.output = outputs.map { name in .with { $0.name = name } }
        return graph
    }
}
