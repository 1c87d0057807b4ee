// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// What an operator is made from: a node, and the parameters that its inputs name.
package struct OperatorContext {
    package let node: Node
    package var reader: NodeReader
    private let store: ParameterStore

    init(node: Node, opset: Int, store: ParameterStore) {
        self.node = node
        self.store = store
        reader = NodeReader(node: node, opset: opset)
    }

    /// Runs what reads attributes, and says of the node what the reader says.
    package mutating func read<Result>(
        _ body: (inout NodeReader) throws(NetworkError) -> Result
    ) throws(TrainingError) -> Result {
        do throws(NetworkError) {
            return try body(&reader)
        } catch {
            throw TrainingError(error)
        }
    }

    /// Weights, biases, slopes and scales: what training changes.
    package func parameter(_ index: Int, decays: Bool) throws(TrainingError) -> Parameter {
        try store.parameter(try name(index), decays: decays, of: node, position: index)
    }

    package func optionalParameter(_ index: Int, decays: Bool) throws(TrainingError) -> Parameter? {
        guard index < node.inputs.count, !node.inputs[index].isEmpty else { return nil }
        return try parameter(index, decays: decays)
    }

    /// Running means and variances: what is kept with the network, and not trained.
    package func statistic(_ index: Int) throws(TrainingError) -> Parameter {
        try store.statistic(try name(index), of: node, position: index)
    }

    private func name(_ index: Int) throws(TrainingError) -> String {
        guard index < node.inputs.count, !node.inputs[index].isEmpty else {
            throw node.untrainable("its input \(index + 1) is missing")
        }
        return node.inputs[index]
    }
}

/// The parameters of a network by name, in the order in which the nodes use them.
final class ParameterStore {
    private(set) var parameters: [Parameter] = []
    private(set) var statistics: [Parameter] = []
    private let initializers: [String: ConstantTensor]
    private var trained: [String: Parameter] = [:]
    private var kept: [String: Parameter] = [:]

    init(_ initializers: [String: ConstantTensor]) { self.initializers = initializers }

    func parameter(_ name: String, decays: Bool, of node: Node, position: Int) throws(TrainingError) -> Parameter {
        if let parameter = trained[name] { return parameter }
        guard kept[name] == nil else {
            throw node.untrainable("it trains “\(name)”, which is a statistic of another node")
        }
        let parameter = try make(name, decays: decays, of: node, position: position)
        trained[name] = parameter
        parameters.append(parameter)
        return parameter
    }

    func statistic(_ name: String, of node: Node, position: Int) throws(TrainingError) -> Parameter {
        guard trained[name] == nil, kept[name] == nil else {
            throw node.untrainable("its statistic “\(name)” belongs to another node too")
        }
        let statistic = try make(name, decays: false, of: node, position: position)
        kept[name] = statistic
        statistics.append(statistic)
        return statistic
    }

    private func make(_ name: String, decays: Bool, of node: Node, position: Int) throws(TrainingError) -> Parameter {
        guard let tensor = initializers[name] else {
            throw node.untrainable("its input \(position + 1) “\(name)” is no initialiser")
        }
        guard case .float(let values) = tensor.storage, !values.isEmpty, tensor.shape.reduce(1, *) == values.count
        else {
            throw node.untrainable("its input \(position + 1) “\(name)” is not a tensor in single precision")
        }
        return Parameter(name: name, shape: tensor.shape, values: values, decays: decays)
    }
}

extension Node {
    /// An error that names the node and its operator.
    package func untrainable(_ reason: String) -> TrainingError {
        .invalidNetwork(reason: "node “\(label)” (\(operatorType)): \(reason)")
    }
}

extension TrainingError {
    /// What the engine for inference says of a graph, in this one's words.
    init(_ error: NetworkError) {
        self =
            switch error {
            case .unsupportedOperator(let operatorType, let node):
                .unsupportedOperator(operatorType: operatorType, node: node)
            case .invalidNode(let operatorType, let node, let reason),
                .unsupportedAttribute(let operatorType, let node, let reason):
                .invalidNetwork(reason: "node “\(node)” (\(operatorType)): \(reason)")
            case .malformedModel(let reason), .unsupportedModel(let reason): .invalidNetwork(reason: reason)
            default: .invalidNetwork(reason: String(error.description.dropLast()))
            }
    }
}
