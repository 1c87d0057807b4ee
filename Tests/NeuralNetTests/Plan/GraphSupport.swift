// SPDX-License-Identifier: Apache-2.0

import NeuralNet

extension Graph {
    /// A graph with single-precision inputs of fixed or symbolic extents.
    static func make(
        _ nodes: [Node], inputs: [String: [Dimension]], outputs: [String], constants: [String: ConstantTensor] = [:],
        opset: Int = 17
    ) -> Graph {
        Graph(
            name: "test", nodes: nodes, initializers: constants,
            inputs: inputs.sorted { $0.key < $1.key }.map { ValueInfo(name: $0.key, shape: $0.value) },
            outputs: outputs.map { ValueInfo(name: $0, shape: []) }, opsetVersion: opset)
    }
}

extension Node {
    /// A node named like its output.
    static func make(
        _ operatorType: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
    ) -> Node {
        Node(name: output, operatorType: operatorType, inputs: inputs, outputs: [output], attributes: attributes)
    }
}

extension [Dimension] {
    static func fixed(_ extents: Int...) -> [Dimension] { extents.map { .fixed($0) } }
}

extension ConstantTensor {
    static func floats(_ shape: [Int], _ values: [Float]) -> ConstantTensor {
        ConstantTensor(shape: shape, storage: .float(values))
    }

    static func integers(_ values: Int64...) -> ConstantTensor {
        ConstantTensor(shape: [values.count], storage: .int64(values))
    }
}

/// The outputs of a graph for the inputs' values.
func evaluate(
    _ graph: Graph, _ inputs: [String: [Float]], shapes: [String: [Int]] = [:], optimizations: Optimizations = .all
) throws -> [Tensor] {
    let run = try Network(graph: graph, optimizations: optimizations).plan(inputShapes: shapes).makeRun()
    for (name, values) in inputs { try run.setInput(name, values) }
    try run.execute()
    return try graph.outputs.map { try run.output($0.name) }
}
