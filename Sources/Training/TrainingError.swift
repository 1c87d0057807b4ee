// SPDX-License-Identifier: Apache-2.0

/// Why a network cannot be trained.
public enum TrainingError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A node's operator has no gradient here.
    case unsupportedOperator(operatorType: String, node: String)
    /// A node, or the network as a whole, is not one that can be trained.
    case invalidNetwork(reason: String)
    /// What was given does not fit the network or the loss.
    case invalidInput(reason: String)
    /// The loss or a gradient is no finite number any more.
    case diverged(reason: String)

    public var description: String {
        switch self {
        case .unsupportedOperator(let operatorType, let node):
            "Node “\(node)” uses the operator \(operatorType), which cannot be trained. Build the network without it."
        case .invalidNetwork(let reason): "The network cannot be trained: \(reason)."
        case .invalidInput(let reason): "The training step was given something unsuitable: \(reason)."
        case .diverged(let reason): "Training has diverged: \(reason). Lower the learning rate, or clip the gradient."
        }
    }
}
