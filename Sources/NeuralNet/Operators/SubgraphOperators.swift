// SPDX-License-Identifier: Apache-2.0

/// A graph inside a node, loaded.
struct SubgraphBody: Sendable {
    private let nodes: [LoadedNode]
    private let constants: [String: ConstantValue]
    let inputs: [String]
    private let outputs: [String]

    init(
        _ subgraph: Subgraph, in outer: NetworkLoader, of node: Node, lowering: inout Lowering
    ) throws(NetworkError) {
        let loader = try NetworkLoader(subgraph, in: outer, of: node, lowering: &lowering)
        nodes = loader.nodes
        constants = loader.constants
        inputs = subgraph.inputs
        outputs = subgraph.outputs
    }

    var outputCount: Int { outputs.count }

    /// Lowers its nodes and returns its outputs.
    ///
    /// - Parameters:
    ///   - around: values of the graph around it by their names, at least those that it uses.
    ///   - given: its inputs, as many as ``inputs``.
    func lower(
        around: [String: PlanValue], given: [PlanValue] = [], of node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> [PlanValue] {
        try lowering.count(node, work: 1 + around.count + constants.count + inputs.count + outputs.count)
        var values = around.merging(constants.mapValues { .constant($0) }) { $1 }
        for (name, value) in zip(inputs, given) { values[name] = value }
        for inner in nodes { try inner.lower(into: &values, &lowering) }
        var results: [PlanValue] = []
        for name in outputs {
            guard let value = values[name] else { throw node.invalid("nothing produces its value “\(name)”") }
            results.append(value)
        }
        return results
    }
}

/// The operators that have graphs inside.
enum SubgraphOperators {
    /// nil for all others.
    static func makeOperator(
        for reader: inout NodeReader, in loader: NetworkLoader, lowering: inout Lowering
    ) throws(NetworkError) -> (any Operator)? {
        let made: any Operator
        switch reader.node.operatorType {
        case "If": made = try IfOperator(&reader, in: loader, lowering: &lowering)
        case "Loop": made = try LoopOperator(&reader, in: loader, lowering: &lowering)
        case "Scan": made = try ScanOperator(&reader, in: loader, lowering: &lowering)
        default: return nil
        }
        try reader.finish()
        return made
    }

    /// The values that a node's subgraphs use of the graph around it: the node's inputs after its own.
    static func around(_ inputs: NodeInputs, after own: Int) -> [String: PlanValue] {
        var values: [String: PlanValue] = [:]
        for index in inputs.values.indices.dropFirst(own) {
            values[inputs.node.inputs[index]] = inputs.values[index]
        }
        return values
    }
}

/// ONNX's If, whose condition is known when planning. Where it is known when loading, the other branch is not looked
/// at.
struct IfOperator: MultipleOutputOperator {
    private let thenBranch: SubgraphBody?
    private let elseBranch: SubgraphBody?
    let outputCount: Int

    var plannedInputs: [Int] { [0] }

    init(
        _ reader: inout NodeReader, in loader: NetworkLoader, lowering: inout Lowering
    ) throws(NetworkError) {
        let node = reader.node
        try reader.requireInputs(1, upTo: 1)
        let thenGraph = try reader.subgraph("then_branch"), elseGraph = try reader.subgraph("else_branch")
        guard thenGraph.inputs.isEmpty, elseGraph.inputs.isEmpty else {
            throw node.invalid("a branch takes inputs")
        }
        outputCount = thenGraph.outputs.count
        guard elseGraph.outputs.count == outputCount else { throw node.invalid("its branches differ in their outputs") }
        let condition = try reader.constant(0).map { value throws(NetworkError) in try Self.condition(value, node) }
        thenBranch = condition == false ? nil : try SubgraphBody(thenGraph, in: loader, of: node, lowering: &lowering)
        elseBranch = condition == true ? nil : try SubgraphBody(elseGraph, in: loader, of: node, lowering: &lowering)
    }

    private static func condition(_ value: ConstantValue, _ node: Node) throws(NetworkError) -> Bool {
        guard value.count == 1, let number = value.integers?.first else {
            throw node.invalid("its condition is no single truth value")
        }
        return number != 0
    }

    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?] {
        let node = inputs.node
        guard let value = try inputs.constant(0) else { throw node.invalid("input 1 is missing") }
        let branch = try Self.condition(value, node) ? thenBranch : elseBranch
        guard let branch else { throw node.invalid("its condition has changed since it was loaded") }
        return try branch.lower(around: SubgraphOperators.around(inputs, after: 1), of: node, into: &lowering)
    }
}
