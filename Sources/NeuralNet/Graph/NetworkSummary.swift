// SPDX-License-Identifier: Apache-2.0

/// What a network consists of and costs, for people.
public struct NetworkSummary: Sendable, Hashable {
    /// A node with weights.
    public struct Layer: Sendable, Hashable {
        public let name: String
        public let operatorType: String
        /// For one image; empty where it depends on what is not fixed.
        public let outputShape: [Int]
        /// The numbers that were learnt.
        public let parameters: Int
        /// For one image; 0 where nothing is multiplied or the shape is not known.
        public let multiplyAdds: Int
    }

    public let inputs: [ValueInfo]
    public let outputs: [ValueInfo]
    public let opsetVersion: Int
    /// How often each operator occurs, by its name.
    public let operators: [String: Int]
    public let layers: [Layer]
    /// All single-precision constants.
    public let parameters: Int
    /// Of convolutions and matrix products with weights, for one image; nil where shapes depend on the input.
    public let multiplyAdds: Int?

    /// - Throws: ``NetworkError`` when the engine would not run the network.
    public init(graph: Graph) throws(NetworkError) {
        inputs = graph.inputs
        opsetVersion = graph.opsetVersion
        operators = graph.nodes.reduce(into: [:]) { $0[$1.operatorType, default: 0] += 1 }
        func floats(_ name: String) -> ConstantTensor? {
            graph.initializers[name].flatMap { $0.elementType == .float ? $0 : nil }
        }
        parameters = graph.initializers.values.reduce(0) { $0 + ($1.elementType == .float ? $1.count : 0) }
        let weighted = graph.nodes.filter { node in node.inputs.contains { (floats($0)?.count ?? 0) > 1 } }
        _ = try Network(graph: graph)
        let unstated = graph.outputs.filter { !$0.hasShape }.map(\.name)
        let shapes = Self.shapes(of: weighted.compactMap(\.outputs.first) + unstated, in: graph)
        // What the file does not declare is what a plan for one image tells.
        outputs = graph.outputs.map { output in
            guard !output.hasShape, let shape = shapes?[output.name] else { return output }
            return ValueInfo(name: output.name, shape: shape.map { .fixed($0) }, elementType: output.elementType)
        }
        layers = weighted.map { node in
            let shape = node.outputs.first.flatMap { shapes?[$0] } ?? []
            let weights = node.inputs.count > 1 ? floats(node.inputs[1])?.count ?? 0 : 0
            return Layer(
                name: node.name, operatorType: node.operatorType, outputShape: shape,
                parameters: node.inputs.reduce(0) { $0 + (floats($1)?.count ?? 0) },
                multiplyAdds: Self.multiplyAdds(node.operatorType, output: shape, weights: weights))
        }
        multiplyAdds = shapes == nil ? nil : layers.reduce(0) { Self.sum($0, $1.multiplyAdds) }
    }

    /// Every weight is used once at each place of the output.
    private static func multiplyAdds(_ operatorType: String, output: [Int], weights: Int) -> Int {
        let positions: Int? =
            switch operatorType {
            case "Conv" where output.count > 2: TensorExtent.count([output[0]] + output[2...])
            case "Gemm" where output.count == 2: output[0]
            case "MatMul" where !output.isEmpty: TensorExtent.count(Array(output.dropLast()))
            default: 0
            }
        guard let positions else { return .max }
        let (product, overflows) = positions.multipliedReportingOverflow(by: weights)
        return overflows ? .max : product
    }

    private static func sum(_ first: Int, _ second: Int) -> Int {
        let (sum, overflows) = first.addingReportingOverflow(second)
        return overflows ? .max : sum
    }

    /// The shapes of values for one image; nil where they depend on more than the number of images.
    private static func shapes(of names: [String], in graph: Graph) -> [String: [Int]]? {
        var inputShapes: [String: [Int]] = [:]
        for input in graph.inputs {
            inputShapes[input.name] = input.shape.enumerated().map { index, dimension in
                if case .fixed(let extent) = dimension { extent } else { index == 0 ? 1 : 0 }
            }
            guard input.shape.dropFirst().allSatisfy({ if case .fixed = $0 { true } else { false } }) else {
                return nil
            }
        }
        var asked = graph
        asked.outputs = Set(names).sorted().map { ValueInfo(name: $0, shape: []) }
        guard !asked.outputs.isEmpty else { return [:] }
        guard let plan = try? Network(graph: asked).plan(inputShapes: inputShapes) else { return nil }
        return Dictionary(uniqueKeysWithValues: plan.outputs.map { ($0.name, $0.shape) })
    }
}
