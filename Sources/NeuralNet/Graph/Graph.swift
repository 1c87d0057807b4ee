// SPDX-License-Identifier: Apache-2.0

/// A network as ONNX describes it: operators on named values.
///
/// A graph may hold anything that ONNX can say with the supported types; ``Network`` is what checks that it runs.
public struct Graph: Sendable, Equatable {
    /// The operator sets of the default ONNX domain that are understood.
    public static let supportedOpsets = 7...28

    public var name: String
    /// In an order in which every value is produced before it is used.
    public var nodes: [Node]
    /// Constants by the name of their value.
    public var initializers: [String: ConstantTensor]
    /// What the caller supplies; names of ``initializers`` do not appear here.
    public var inputs: [ValueInfo]
    public var outputs: [ValueInfo]
    public var opsetVersion: Int

    public init(
        name: String, nodes: [Node], initializers: [String: ConstantTensor] = [:], inputs: [ValueInfo],
        outputs: [ValueInfo], opsetVersion: Int
    ) {
        self.name = name
        self.nodes = nodes
        self.initializers = initializers
        self.inputs = inputs
        self.outputs = outputs
        self.opsetVersion = opsetVersion
    }
}
