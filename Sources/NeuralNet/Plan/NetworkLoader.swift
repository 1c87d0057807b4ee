// SPDX-License-Identifier: Apache-2.0

/// Checks a graph node by node, and computes what depends on nothing but constants.
struct NetworkLoader {
    private(set) var nodes: [LoadedNode] = []
    private(set) var constants: [String: ConstantValue] = [:]
    private let outputNames: [String]
    /// Values that have a producer, and those of them that are known once the input shapes are.
    private var defined: Set<String> = []
    private var known: Set<String> = []
    private let opset: Int
    /// What loading has cost.
    private var account: CostAccount

    /// - Parameter account: what loading it may cost.
    init(_ graph: Graph, preparedWeights: PreparedWeights, account: CostAccount) throws(NetworkError) {
        outputNames = graph.outputs.map(\.name)
        opset = graph.opsetVersion
        self.account = account
        try checkFrame(graph)
        try define(graph.initializers)
        for input in graph.inputs {
            guard !input.name.isEmpty, defined.insert(input.name).inserted else {
                throw .malformedModel(reason: "the input “\(input.name)” is defined twice or has no name")
            }
        }
        var lowering = Lowering(preparedWeights: preparedWeights, account: account)
        try add(graph.nodes, lowering: &lowering)
        self.account = lowering.account
    }

    /// Loads a graph inside a node. What is outside and constant is constant inside too.
    ///
    /// - Parameters:
    ///   - outer: what is around it, as far as it has been loaded.
    ///   - node: the node that it lies in.
    ///   - lowering: where constants are charged.
    init(
        _ graph: Subgraph, in outer: NetworkLoader, of node: Node, lowering: inout Lowering
    ) throws(NetworkError) {
        // Its tables begin as copies of those around it.
        let entries = outer.constants.count + outer.known.count + outer.defined.count
        try lowering.charge(Work(entries, WorkCost.tableEntry), of: node)
        outputNames = graph.outputs
        opset = outer.opset
        account = outer.account
        constants = outer.constants
        known = outer.known
        defined = outer.defined
        try define(graph.initializers)
        for input in graph.inputs {
            guard defined.insert(input).inserted else {
                throw .malformedModel(reason: "the value “\(input)” is defined twice")
            }
            // Whether they are is seen when planning.
            known.insert(input)
        }
        try add(graph.nodes, lowering: &lowering)
        removeUnused()
    }

    private mutating func define(_ initializers: [String: ConstantTensor]) throws(NetworkError) {
        for (name, tensor) in initializers {
            _ = try Lowering.checkedCount(tensor.shape, what: "The constant “\(name)”")
            guard tensor.isConsistent else {
                throw .malformedModel(
                    reason: "the constant “\(name)” has \(tensor.count) values and the shape \(tensor.shape)")
            }
            guard defined.insert(name).inserted else {
                throw .malformedModel(reason: "the value “\(name)” is defined twice")
            }
            constants[name] = ConstantValue(tensor)
            known.insert(name)
        }
    }

    private mutating func add(_ nodes: [Node], lowering: inout Lowering) throws(NetworkError) {
        let used = Set(nodes.flatMap { $0.inputs + $0.captured }).union(outputNames)
        for node in nodes { try add(node, used: used, lowering: &lowering) }
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

    private mutating func add(_ node: Node, used: Set<String>, lowering: inout Lowering) throws(NetworkError) {
        try lowering.charge(Work(WorkCost.node), of: node)
        var reader = NodeReader(node: node, opset: opset, constants: constants)
        var node = node
        node.inputs += node.captured
        for name in node.inputs where !name.isEmpty && !defined.contains(name) {
            throw node.invalid("its input “\(name)” has no producer before it")
        }
        let operation: any Operator
        if let made = try SubgraphOperators.makeOperator(for: &reader, in: self, lowering: &lowering) {
            operation = made
        } else {
            operation = try OperatorRegistry.makeOperator(&reader)
        }
        guard let output = node.outputs.first, node.outputs.contains(where: { !$0.isEmpty }) else {
            throw node.invalid("it has no output")
        }
        if output.isEmpty, operation.outputCount == 1 { throw node.invalid("it has no output") }
        for name in node.outputs.dropFirst(operation.outputCount) where !name.isEmpty && used.contains(name) {
            throw node.unsupported("its further output “\(name)” is used")
        }
        for name in node.outputs where !name.isEmpty && !defined.insert(name).inserted {
            throw node.invalid("its output “\(name)” is produced twice")
        }
        for index in operation.plannedInputs where index < node.inputs.count && !node.inputs[index].isEmpty {
            guard known.contains(node.inputs[index]) else {
                throw node.unsupported("its input \(index + 1) depends on the values given to the network")
            }
        }
        // What nobody reads is not made. Errors name the node as before.
        node.name = node.label
        for index in node.outputs.indices.dropFirst(operation.outputCount > 1 ? 0 : 1)
        where !used.contains(node.outputs[index]) {
            node.outputs[index] = ""
        }

        let loaded = LoadedNode(node: node, operation: operation)
        let inputs = node.inputs.filter { !$0.isEmpty }
        if operation.followsFromShapes || inputs.allSatisfy(known.contains) {
            known.formUnion(node.outputs.lazy.filter { !$0.isEmpty })
        }
        guard inputs.allSatisfy({ constants[$0] != nil }) else {
            nodes.append(loaded)
            return
        }
        var values: [String: PlanValue] = [:]
        for name in inputs { values[name] = constants[name].map { .constant($0) } }
        for (name, value) in zip(node.outputs, try loaded.lower(values, into: &lowering)) where !name.isEmpty {
            constants[name] = value?.constant
        }
    }

    /// Scales the weights of a convolution by the batch normalisation that alone reads it.
    mutating func foldBatchNormalization() {
        let readers = Dictionary(nodes.flatMap(\.node.inputs).map { ($0, 1) }, uniquingKeysWith: +)
        let producers = Dictionary(
            nodes.indices.map { (nodes[$0].node.outputs.first ?? "", $0) }, uniquingKeysWith: { first, _ in first })
        var removed: Set<Int> = []
        for index in nodes.indices {
            guard let normalization = nodes[index].operation as? BatchNormalizationOperator,
                nodes[index].node.outputs.dropFirst().allSatisfy(\.isEmpty),
                let source = nodes[index].node.inputs.first, readers[source] == 1, !outputNames.contains(source),
                let producer = producers[source], nodes[producer].operation is ConvolutionOperator,
                nodes[producer].node.inputs.count >= 2, let own = constants[nodes[producer].node.inputs[1]],
                // Convolutions may share weights, and each gets its own.
                (try? account.addMade(own.count, of: MemoryLayout<Float>.stride, by: nodes[producer].node)) != nil,
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
        for node in nodes.reversed() where node.node.outputs.contains(where: needed.contains) {
            needed.formUnion(node.node.inputs)
            kept.append(node)
        }
        nodes = kept.reversed()
        constants = constants.filter { needed.contains($0.key) }
    }
}
