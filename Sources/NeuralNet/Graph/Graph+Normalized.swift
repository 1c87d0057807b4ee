// SPDX-License-Identifier: Apache-2.0

extension Graph {
    /// Whether what its first output gives out has length 1: see ``isNormalized(output:)``.
    public var isNormalized: Bool { outputs.first.map { isNormalized(output: $0.name) } ?? false }

    /// Whether the rows of an output have length 1, because its last nodes divide them by their Euclidean norms: ONNX's
    /// LpNormalization over the last of two axes, or what PyTorch's exporters make of `F.normalize`, `x / x.norm()` and
    /// the like.
    public func isNormalized(output: String) -> Bool {
        let producers = Producers(self)
        guard let last = producers.node(producers.origin(of: output)) else { return false }
        switch last.operatorType {
        case "LpNormalization": return producers.isOverRows(last)
        case "Div":
            guard last.inputs.count == 2 else { return false }
            return producers.isNorm(last.inputs[1], of: producers.origin(of: last.inputs[0]))
        default: return false
        }
    }
}

/// The nodes of a graph by what they produce.
private struct Producers {
    private let nodes: [String: Node]
    private let initializers: [String: ConstantTensor]

    /// The greatest number that may stand in for a norm that is smaller.
    private static let smallNorm: Float = 1e-5

    init(_ graph: Graph) {
        nodes = Dictionary(
            graph.nodes.flatMap { node in node.outputs.map { ($0, node) } }, uniquingKeysWith: { first, _ in first })
        initializers = graph.initializers
    }

    func node(_ value: String) -> Node? { nodes[value] }

    /// The value that a value repeats.
    func origin(of value: String) -> String {
        var value = value
        // A damaged graph may have a ring.
        for _ in 0..<64 {
            guard let node = nodes[value], ["Identity", "Expand", "Dropout"].contains(node.operatorType),
                let source = node.inputs.first
            else { return value }
            value = source
        }
        return value
    }

    /// Whether a value is the norm of the rows of another, perhaps raised to a small number where it is less.
    func isNorm(_ value: String, of rows: String) -> Bool {
        guard let node = nodes[origin(of: value)], let first = node.inputs.first else { return false }
        switch node.operatorType {
        case "Clip", "Max", "Add":
            let bound = node.inputs.count > 1 ? number(node.inputs[1]) : float(node, "min")
            guard let bound, bound >= 0, bound <= Self.smallNorm,
                node.inputs.count <= 2 || node.inputs[2].isEmpty || node.operatorType != "Clip"
            else { return false }
            return isNorm(first, of: rows)
        case "ReduceL2": return origin(of: first) == rows && isOverRows(node)
        case "Sqrt":
            guard let sum = nodes[origin(of: first)], isOverRows(sum), let source = sum.inputs.first.map(origin) else {
                return false
            }
            switch sum.operatorType {
            case "ReduceSumSquare": return source == rows
            case "ReduceSum": return nodes[source].map { isSquare($0, of: rows) } ?? false
            default: return false
            }
        default: return false
        }
    }

    private func isSquare(_ node: Node, of value: String) -> Bool {
        guard node.inputs.count == 2, origin(of: node.inputs[0]) == value else { return false }
        switch node.operatorType {
        case "Mul": return origin(of: node.inputs[1]) == value
        case "Pow": return number(node.inputs[1]) == 2
        default: return false
        }
    }

    /// Whether a node works on the last of two axes, which it keeps, by the Euclidean norm.
    func isOverRows(_ node: Node) -> Bool {
        func isIn(_ allowed: [Int], _ key: String) -> Bool {
            switch node.attributes[key] {
            case nil: true
            case .int(let value): allowed.contains(value)
            case .ints(let values): values.count == 1 && allowed.contains(values[0])
            default: false
            }
        }
        guard isIn([2], "p"), isIn([1, -1], "axis"), isIn([1, -1], "axes"), isIn([1], "keepdims") else { return false }
        if node.operatorType == "LpNormalization" || node.attributes["axes"] != nil { return true }
        guard node.inputs.count > 1, let axes = constant(node.inputs[1])?.integers else { return false }
        return axes == [1] || axes == [-1]
    }

    private func float(_ node: Node, _ key: String) -> Float? {
        if case .float(let value)? = node.attributes[key] { value } else { nil }
    }

    private func constant(_ value: String) -> ConstantTensor? {
        let value = origin(of: value)
        if let found = initializers[value] { return found }
        guard let node = nodes[value], node.operatorType == "Constant" else { return nil }
        switch node.attributes["value"] ?? node.attributes["value_float"] ?? node.attributes["value_ints"] {
        case .tensor(let tensor): return tensor
        case .float(let number): return ConstantTensor(shape: [], storage: .float([number]))
        case .ints(let numbers): return ConstantTensor(shape: [numbers.count], storage: .int64(numbers.map(Int64.init)))
        default: return nil
        }
    }

    private func number(_ value: String) -> Float? {
        guard let constant = constant(value), constant.count == 1 else { return nil }
        return constant.converted(to: .float).floats?.first
    }
}
