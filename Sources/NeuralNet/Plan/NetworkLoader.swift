// SPDX-License-Identifier: Apache-2.0

/// Checks a graph node by node, and computes what depends on nothing but constants.
struct NetworkLoader {
    private(set) var nodes: [LoadedNode] = []
    private(set) var constants: [String: ConstantValue] = [:]
    private let outputNames: [String]
    /// Values that have a producer, and those of them that are known once the input shapes are.
    private var defined: Set<String> = []
    private var known: Set<String> = []

    init(_ graph: Graph, preparedWeights: PreparedWeights) throws(NetworkError) {
        outputNames = graph.outputs.map(\.name)
        try checkFrame(graph)
        for (name, tensor) in graph.initializers {
            _ = try Lowering.checkedCount(tensor.shape, what: "The constant “\(name)”")
            guard tensor.isConsistent else {
                throw .malformedModel(
                    reason: "the constant “\(name)” has \(tensor.count) values and the shape \(tensor.shape)")
            }
            constants[name] = ConstantValue(tensor)
        }
        known = Set(constants.keys)
        defined = known
        for input in graph.inputs {
            guard input.elementType == .float else {
                throw .unsupportedModel(
                    reason: "the input “\(input.name)” is \(input.elementType); inputs are single precision")
            }
            guard !input.name.isEmpty, defined.insert(input.name).inserted else {
                throw .malformedModel(reason: "the input “\(input.name)” is defined twice or has no name")
            }
        }
        let used = Set(graph.nodes.flatMap(\.inputs)).union(outputNames)
        var lowering = Lowering(preparedWeights: preparedWeights)
        for node in graph.nodes {
            try add(node, opset: graph.opsetVersion, used: used, lowering: &lowering)
        }
        for name in outputNames where !defined.contains(name) {
            throw .malformedModel(reason: "nothing produces the output “\(name)”")
        }
    }

    private func checkFrame(_ graph: Graph) throws(NetworkError) {
        guard Graph.supportedOpsets.contains(graph.opsetVersion) else {
            throw .unsupportedModel(
                reason: "it uses operator set \(graph.opsetVersion); \(Graph.supportedOpsets.lowerBound) to "
                    + "\(Graph.supportedOpsets.upperBound) are supported")
        }
        guard graph.nodes.count <= NetworkLimits.maximumNodes else {
            throw .unsupportedModel(
                reason: "it has \(graph.nodes.count) nodes, and at most \(NetworkLimits.maximumNodes) are supported")
        }
        guard !graph.outputs.isEmpty else { throw .malformedModel(reason: "it has no output") }
        guard Set(outputNames).count == outputNames.count else {
            throw .malformedModel(reason: "an output is named twice")
        }
        for input in graph.inputs where input.shape.count > NetworkLimits.maximumRank {
            throw .unsupportedModel(reason: "the input “\(input.name)” has \(input.shape.count) dimensions")
        }
    }

    private mutating func add(
        _ node: Node, opset: Int, used: Set<String>, lowering: inout Lowering
    ) throws(NetworkError) {
        let operation = try OperatorRegistry.makeOperator(for: node, opset: opset, constants: constants)
        for name in node.inputs where !name.isEmpty && !defined.contains(name) {
            throw node.invalid("its input “\(name)” has no producer before it")
        }
        guard let output = node.outputs.first, !output.isEmpty else { throw node.invalid("it has no output") }
        for name in node.outputs.dropFirst() where !name.isEmpty && used.contains(name) {
            throw node.unsupported("its further output “\(name)” is used")
        }
        guard defined.insert(output).inserted else { throw node.invalid("its output “\(output)” is produced twice") }
        for index in operation.plannedInputs where index < node.inputs.count && !node.inputs[index].isEmpty {
            guard known.contains(node.inputs[index]) else {
                throw node.unsupported("its input \(index + 1) depends on the values given to the network")
            }
        }

        let loaded = LoadedNode(node: node, operation: operation)
        let inputs = node.inputs.filter { !$0.isEmpty }
        if operation is ShapeOperator || inputs.allSatisfy(known.contains) { known.insert(output) }
        guard inputs.allSatisfy({ constants[$0] != nil }) else {
            nodes.append(loaded)
            return
        }
        var values: [String: PlanValue] = [:]
        for name in inputs { values[name] = constants[name].map { .constant($0) } }
        constants[output] = try loaded.lower(values, into: &lowering).constant
    }

    /// Scales the weights of a convolution by the batch normalisation that alone reads it.
    mutating func foldBatchNormalization() {
        let readers = Dictionary(nodes.flatMap(\.node.inputs).map { ($0, 1) }, uniquingKeysWith: +)
        let producers = Dictionary(
            nodes.indices.map { (nodes[$0].node.outputs.first ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        var removed: Set<Int> = []
        for index in nodes.indices {
            guard let normalization = nodes[index].operation as? BatchNormalizationOperator,
                let source = nodes[index].node.inputs.first, readers[source] == 1, !outputNames.contains(source),
                let producer = producers[source], nodes[producer].operation is ConvolutionOperator,
                let folded = BatchNormalizationFolding.fold(
                    normalization, nodes[index].node, into: nodes[producer].node, constants: constants)
            else { continue }
            // Names with a space in front are not those of the graph's values.
            let convolution = nodes[producer].node
            let weights = " \(convolution.label).weights", bias = " \(convolution.label).bias"
            guard constants[weights] == nil, constants[bias] == nil, !defined.contains(weights), !defined.contains(bias)
            else { continue }
            constants[weights] = folded.weights
            constants[bias] = folded.bias
            nodes[producer].node.inputs = [convolution.inputs[0], weights, bias]
            nodes[producer].node.outputs = nodes[index].node.outputs
            removed.insert(index)
        }
        nodes = nodes.indices.filter { !removed.contains($0) }.map { nodes[$0] }
    }

    /// Drops nodes and constants that no output needs.
    mutating func removeUnused() {
        var needed = Set(outputNames)
        var kept: [LoadedNode] = []
        for node in nodes.reversed() where node.node.outputs.first.map(needed.contains) ?? false {
            needed.formUnion(node.node.inputs)
            kept.append(node)
        }
        nodes = kept.reversed()
        constants = constants.filter { needed.contains($0.key) }
    }
}
