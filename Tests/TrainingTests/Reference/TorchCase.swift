// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// Numbers in a shape.
struct TorchTensor: Sendable, Equatable {
    let shape: [Int]
    let values: [Float]

    init(_ shape: [Int], _ values: [Float]) {
        precondition(shape.reduce(1, *) == values.count)
        self.shape = shape
        self.values = values
    }
}

/// A question to PyTorch: a function of `Tests/Support/python/torch_reference`, and what it is given.
struct TorchCase: Sendable {
    enum Precision: String, Sendable, Encodable {
        case single
        case double
    }

    var function: String
    var attributes: [String: TorchAttribute] = [:]
    /// In this order. The answer has the gradient of each.
    var tensors: [(name: String, tensor: TorchTensor)]
    /// Of the first output; nil for ones, as for a loss.
    var outputGradient: TorchTensor?
    var precision = Precision.double
}

extension TorchCase {
    /// Nodes on tensors: whatever a node reads that no other gives is one of `tensors`.
    init(
        nodes: [Node], tensors: [(name: String, tensor: TorchTensor)], output: String, outputGradient: TorchTensor?,
        precision: Precision = .double
    ) {
        self.init(
            function: "network",
            attributes: [
                "nodes": .list(
                    nodes.map { node in
                        .record([
                            "operator": .string(node.operatorType), "inputs": .list(node.inputs.map { .string($0) }),
                            "outputs": .list(node.outputs.map { .string($0) }),
                            "attributes": .record(node.attributes.compactMapValues(TorchAttribute.init)),
                        ])
                    }),
                "outputs": [.string(output)],
            ],
            tensors: tensors, outputGradient: outputGradient, precision: precision)
    }

    /// A network with one input and one output on a batch.
    init(graph: Graph, input: TorchTensor, outputGradient: TorchTensor?, precision: Precision = .double) {
        let parameters = graph.initializers.sorted { $0.key < $1.key }.compactMap {
            name, constant -> (String, TorchTensor)? in
            guard case .float(let values) = constant.storage else { return nil }
            return (name, TorchTensor(constant.shape, values))
        }
        self.init(
            nodes: graph.nodes, tensors: [(graph.inputs.first?.name ?? "", input)] + parameters,
            output: graph.outputs.first?.name ?? "", outputGradient: outputGradient, precision: precision)
    }
}

/// What a function is told besides its tensors, as JSON.
enum TorchAttribute: Sendable, Encodable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral
{
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case list([TorchAttribute])
    case record([String: TorchAttribute])

    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(integerLiteral value: Int) { self = .integer(value) }
    init(floatLiteral value: Double) { self = .number(value) }
    init(stringLiteral value: String) { self = .string(value) }
    init(arrayLiteral elements: TorchAttribute...) { self = .list(elements) }

    init?(_ attribute: Attribute) {
        switch attribute {
        case .int(let value): self = .integer(value)
        case .float(let value): self = .number(Double(value))
        case .string(let value): self = .string(value)
        case .ints(let values): self = .list(values.map { .integer($0) })
        case .floats(let values): self = .list(values.map { .number(Double($0)) })
        case .strings(let values): self = .list(values.map { .string($0) })
        case .tensor, .graph: return nil
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .list(let values): try container.encode(values)
        case .record(let values): try container.encode(values)
        }
    }
}
