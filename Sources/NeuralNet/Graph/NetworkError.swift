// SPDX-License-Identifier: Apache-2.0

/// Why a network cannot be read, planned, run or written.
public enum NetworkError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The bytes are no ONNX model, or one that contradicts itself.
    case malformedModel(reason: String)
    /// The model needs something of ONNX, outside single operators, that this engine has not.
    case unsupportedModel(reason: String)
    /// A node's operator is not implemented.
    case unsupportedOperator(operatorType: String, node: String)
    /// A node uses an attribute, an input or a value of them that is not implemented.
    case unsupportedAttribute(operatorType: String, node: String, reason: String)
    /// A node's attributes or the shapes that reach it are impossible.
    case invalidNode(operatorType: String, node: String, reason: String)
    /// A shape given for an input is missing, unknown or does not suit the network.
    case invalidInputShape(input: String, reason: String)
    /// Values of the wrong number were given for an input.
    case wrongInputCount(input: String, expected: Int, given: Int)
    /// The network has no input of this name.
    case unknownInput(String)
    /// The network has no output of this name.
    case unknownOutput(String)
    /// A tensor, or all of them together, would take more memory than ``NetworkLimits`` allow.
    case tooLarge(what: String, bytes: Int, limit: Int)
    /// With this node, a pass over the network or loading and planning it would take longer than ``NetworkLimits`` allow.
    /// The work is in multiply-adds of a product of matrices, or what takes as long as one.
    case tooMuchWork(operatorType: String, node: String, stage: WorkStage, work: Int, limit: Int)

    /// When work is done.
    public enum WorkStage: Sendable, Hashable {
        /// Each time that the network runs.
        case pass
        /// Once, before it runs.
        case planning
    }

    public var description: String {
        switch self {
        case .malformedModel(let reason):
            "The file is no valid ONNX model: \(reason). Export or download it again."
        case .unsupportedModel(let reason):
            "The ONNX model is not supported: \(reason)."
        case .unsupportedOperator(let operatorType, let node):
            "Node “\(node)” uses the operator \(operatorType), which is not supported. Export the network without it."
        case .unsupportedAttribute(let operatorType, let node, let reason):
            "Node “\(node)” (\(operatorType)) is not supported: \(reason)."
        case .invalidNode(let operatorType, let node, let reason):
            "Node “\(node)” (\(operatorType)) is invalid: \(reason)."
        case .invalidInputShape(let input, let reason):
            "The shape of input “\(input)” is unsuitable: \(reason)."
        case .wrongInputCount(let input, let expected, let given):
            "Input “\(input)” takes \(expected) values, and \(given) were given."
        case .unknownInput(let name):
            "The network has no input “\(name)”."
        case .unknownOutput(let name):
            "The network has no output “\(name)”."
        case .tooLarge(let what, let bytes, let limit):
            bytes == Int.max
                ? "\(what) is larger than a computer can address; the limit is \(limit) bytes."
                : "\(what) would take \(bytes) bytes; the limit is \(limit)."
        case .tooMuchWork(let operatorType, let node, let stage, let work, let limit):
            "With node “\(node)” (\(operatorType)) \(stage == .pass ? "a pass over the network" : "preparing the network") "
                + "would take as long as \(Self.millions(work)) multiply-adds; the limit is \(Self.millions(limit))."
        }
    }

    private static func millions(_ count: Int) -> String {
        count == .max ? "a number beyond counting of" : "\((count - 1) / 1_000_000 + 1) million"
    }
}
