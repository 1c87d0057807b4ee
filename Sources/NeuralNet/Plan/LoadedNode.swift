// SPDX-License-Identifier: Apache-2.0

/// A node whose attributes have been checked.
struct LoadedNode: Sendable {
    var node: Node
    var operation: any Operator

    /// - Parameter values: at least all values that the node reads.
    func lower(_ values: [String: PlanValue], into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let inputs = node.inputs.map { values[$0] }
        return try operation.lower(NodeInputs(node: node, values: inputs), into: &lowering)
    }
}
