// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// A trained graph as others run it.
enum InferenceGraph {
    /// The graph without Dropout and without what its output does not need, for batches of any size.
    ///
    /// - Parameter values: what replaces the initialisers of their names.
    static func make(_ graph: Graph, values: [Parameter]) -> Graph {
        /// What stands for the output of a node that is left out.
        var replaced: [String: String] = [:]
        var nodes: [Node] = []
        for var node in NetworkStep.needed(graph) {
            node.inputs = node.inputs.map { replaced[$0] ?? $0 }
            guard node.operatorType == "Dropout", let input = node.inputs.first, let output = node.outputs.first else {
                nodes.append(node)
                continue
            }
            if graph.outputs.contains(where: { $0.name == output }) {
                // The name of the output has to stay.
                nodes.append(Node(name: node.name, operatorType: "Identity", inputs: [input], outputs: [output]))
            } else {
                replaced[output] = input
            }
        }
        let used = Set(nodes.flatMap(\.inputs))
        var result = graph
        result.nodes = nodes
        result.initializers = graph.initializers.filter { used.contains($0.key) }
        for parameter in values where used.contains(parameter.name) {
            result.initializers[parameter.name] = ConstantTensor(
                shape: parameter.shape, storage: .float(parameter.values))
        }
        result.inputs = graph.inputs.map {
            ValueInfo(name: $0.name, shape: openBatch($0.shape), elementType: $0.elementType)
        }
        result.outputs = graph.outputs.map {
            ValueInfo(name: $0.name, shape: openBatch($0.shape), elementType: $0.elementType)
        }
        return result
    }

    private static func openBatch(_ shape: [Dimension]) -> [Dimension] {
        // Of an output whose shape nobody stated, a vector for each image is what training makes.
        shape.isEmpty ? [.symbolic("batch"), .unknown] : [.symbolic("batch")] + shape.dropFirst()
    }
}
