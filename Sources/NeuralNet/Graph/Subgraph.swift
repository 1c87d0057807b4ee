// SPDX-License-Identifier: Apache-2.0

/// A graph inside a node, such as a branch of ONNX's If. Beside its own values it may use those of the graph around it.
public struct Subgraph: Sendable, Equatable {
    public var name: String
    /// In an order in which every value is produced before it is used.
    public var nodes: [Node]
    /// Constants by the name of their value.
    public var initializers: [String: ConstantTensor]
    /// What the node around it supplies.
    public var inputs: [String]
    public var outputs: [String]

    public init(
        name: String = "", nodes: [Node], initializers: [String: ConstantTensor] = [:], inputs: [String] = [],
        outputs: [String]
    ) {
        self.name = name
        self.nodes = nodes
        self.initializers = initializers
        self.inputs = inputs
        self.outputs = outputs
    }

    /// The values of the graph around it that it uses, each once, in the order of their use.
    var captured: [String] {
        var own = Set(initializers.keys).union(inputs)
        var found: [String] = [], seen: Set<String> = [""]
        for node in nodes {
            for name in node.inputs + node.captured where !own.contains(name) && seen.insert(name).inserted {
                found.append(name)
            }
            own.formUnion(node.outputs)
        }
        for name in outputs where !own.contains(name) && seen.insert(name).inserted { found.append(name) }
        return found
    }
}

extension Node {
    /// The values of the graph around its subgraphs that these use, each once.
    var captured: [String] {
        var found: [String] = [], seen: Set<String> = []
        for key in attributes.keys.sorted() {
            guard case .graph(let subgraph)? = attributes[key] else { continue }
            for name in subgraph.captured where seen.insert(name).inserted { found.append(name) }
        }
        return found
    }

    /// The same with other names of values, in its subgraphs too. No two may become one.
    func renamed(_ name: (String) -> String) -> Node {
        var node = self
        node.inputs = inputs.map(name)
        node.outputs = outputs.map(name)
        for (key, attribute) in attributes {
            guard case .graph(var subgraph) = attribute else { continue }
            subgraph.nodes = subgraph.nodes.map { $0.renamed(name) }
            subgraph.initializers = Dictionary(
                subgraph.initializers.map { (name($0.key), $0.value) }, uniquingKeysWith: { first, _ in first })
            subgraph.inputs = subgraph.inputs.map(name)
            subgraph.outputs = subgraph.outputs.map(name)
            node.attributes[key] = .graph(subgraph)
        }
        return node
    }
}
