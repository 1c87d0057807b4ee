// SPDX-License-Identifier: Apache-2.0

/// An attribute of a node, by ONNX's types.
public enum Attribute: Sendable, Equatable {
    case int(Int)
    case float(Float)
    case string(String)
    case ints([Int])
    case floats([Float])
    case strings([String])
    case tensor(ConstantTensor)
    case graph(Subgraph)
}

/// One operator applied to named values.
public struct Node: Sendable, Equatable {
    /// May be empty; errors then name the node by its first output.
    public var name: String
    /// ONNX's name of the operator, such as `Conv`.
    public var operatorType: String
    /// Names of values; an empty name stands for an optional input left out.
    public var inputs: [String]
    public var outputs: [String]
    public var attributes: [String: Attribute]

    public init(
        name: String = "", operatorType: String, inputs: [String], outputs: [String],
        attributes: [String: Attribute] = [:]
    ) {
        self.name = name
        self.operatorType = operatorType
        self.inputs = inputs
        self.outputs = outputs
        self.attributes = attributes
    }

    /// What errors call the node.
    package var label: String { name.isEmpty ? outputs.first ?? "" : name }
}
