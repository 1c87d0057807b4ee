// SPDX-License-Identifier: Apache-2.0

/// A node whose attributes have been checked.
struct LoadedNode: Sendable {
    var node: Node
    var operation: any Operator

    /// The values of the node's outputs, in their order; nil for those that are not named.
    ///
    /// - Parameter values: at least all values that the node reads.
    func lower(
        _ values: [String: PlanValue], into lowering: inout Lowering
    ) throws(NetworkError) -> [PlanValue?] {
        try lowering.count(node)
        let inputs = node.inputs.map { values[$0] }
        let types = inputs.map { $0.map(lowering.elementType) }
        return try operation.lowerAll(NodeInputs(node: node, values: inputs, types: types), into: &lowering)
    }

    /// The same, added to the values by the outputs' names.
    func lower(into values: inout [String: PlanValue], _ lowering: inout Lowering) throws(NetworkError) {
        let outputs = try lower(values, into: &lowering)
        for (name, value) in zip(node.outputs, outputs) where !name.isEmpty { values[name] = value }
    }
}
