// SPDX-License-Identifier: Apache-2.0

/// Reads a node's attributes and refuses what is left unread.
package struct NodeReader {
    package let node: Node
    package let opset: Int
    private let constants: [String: ConstantValue]
    private var unread: Set<String>

    init(node: Node, opset: Int, constants: [String: ConstantValue]) {
        self.node = node
        self.opset = opset
        self.constants = constants
        unread = Set(node.attributes.keys)
    }

    /// For a reader that wants no values of constants.
    package init(node: Node, opset: Int) { self.init(node: node, opset: opset, constants: [:]) }

    /// The value of an input that is known already.
    func constant(_ index: Int) -> ConstantValue? {
        index < node.inputs.count ? constants[node.inputs[index]] : nil
    }

    /// Refuses a node with more inputs than `most`, or without one of the first `least`.
    package func requireInputs(_ least: Int, upTo most: Int) throws(NetworkError) {
        guard node.inputs.count <= most else {
            throw node.invalid("it has \(node.inputs.count) inputs, and takes at most \(most)")
        }
        for index in 0..<least where index >= node.inputs.count || node.inputs[index].isEmpty {
            throw node.invalid("input \(index + 1) is missing")
        }
    }

    private mutating func attribute(_ name: String) -> Attribute? {
        unread.remove(name)
        return node.attributes[name]
    }

    private func wrongType(_ name: String, _ expected: String) -> NetworkError {
        node.invalid("its attribute “\(name)” is not \(expected)")
    }

    package mutating func int(_ name: String) throws(NetworkError) -> Int? {
        guard let attribute = attribute(name) else { return nil }
        guard case .int(let value) = attribute else { throw wrongType(name, "an integer") }
        return value
    }

    package mutating func int(_ name: String, default standard: Int) throws(NetworkError) -> Int {
        try int(name) ?? standard
    }

    package mutating func flag(_ name: String, default standard: Bool = false) throws(NetworkError) -> Bool {
        guard let value = try int(name) else { return standard }
        guard value == 0 || value == 1 else { throw node.invalid("its attribute “\(name)” is \(value), and is 0 or 1") }
        return value == 1
    }

    package mutating func float(_ name: String) throws(NetworkError) -> Float? {
        guard let attribute = attribute(name) else { return nil }
        guard case .float(let value) = attribute else { throw wrongType(name, "a number") }
        return value
    }

    package mutating func float(_ name: String, default standard: Float) throws(NetworkError) -> Float {
        try float(name) ?? standard
    }

    package mutating func string(_ name: String, default standard: String) throws(NetworkError) -> String {
        guard let attribute = attribute(name) else { return standard }
        guard case .string(let value) = attribute else { throw wrongType(name, "a text") }
        return value
    }

    package mutating func ints(_ name: String) throws(NetworkError) -> [Int]? {
        guard let attribute = attribute(name) else { return nil }
        guard case .ints(let values) = attribute else { throw wrongType(name, "a list of integers") }
        return values
    }

    package mutating func floats(_ name: String) throws(NetworkError) -> [Float]? {
        guard let attribute = attribute(name) else { return nil }
        guard case .floats(let values) = attribute else { throw wrongType(name, "a list of numbers") }
        return values
    }

    mutating func strings(_ name: String) throws(NetworkError) -> [String]? {
        guard let attribute = attribute(name) else { return nil }
        guard case .strings(let values) = attribute else { throw wrongType(name, "a list of texts") }
        return values
    }

    package mutating func tensor(_ name: String) throws(NetworkError) -> ConstantTensor? {
        guard let attribute = attribute(name) else { return nil }
        guard case .tensor(let value) = attribute else { throw wrongType(name, "a tensor") }
        guard value.isConsistent else {
            throw node.invalid("its attribute “\(name)” has not as many values as its shape")
        }
        return value
    }

    mutating func subgraph(_ name: String) throws(NetworkError) -> Subgraph {
        guard let attribute = attribute(name) else { throw node.invalid("its attribute “\(name)” is missing") }
        guard case .graph(let value) = attribute else { throw wrongType(name, "a graph") }
        return value
    }

    /// An attribute that changes nothing here.
    package mutating func ignore(_ name: String) {
        unread.remove(name)
    }

    /// Refuses attributes that the operator did not read.
    package func finish() throws(NetworkError) {
        if let name = unread.min() {
            throw node.unsupported("its attribute “\(name)” is not known in operator set \(opset)")
        }
    }
}
