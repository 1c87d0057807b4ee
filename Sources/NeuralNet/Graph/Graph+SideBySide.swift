// SPDX-License-Identifier: Apache-2.0

extension Graph {
    /// Networks that see one input, with their outputs side by side: each is brought to length 1, and then all
    /// together, so that the squared distance of two outputs is the mean of those of the networks.
    ///
    /// - Parameter members: graphs of one input and one output N×D each, of one operator set.
    /// - Throws: ``SideBySideError`` when they are not.
    public static func sideBySide(_ members: [Graph], name: String) throws(SideBySideError) -> Graph {
        guard members.count >= 2, let first = members.first, let input = first.inputs.first else { throw .tooFew }
        // A name of its own, which nothing that the members name can be.
        let image = ValueInfo(name: "image", shape: input.shape, elementType: input.elementType)
        var joined = Graph(name: name, nodes: [], inputs: [image], outputs: [], opsetVersion: first.opsetVersion)
        var outputs: [String] = [], size = 0
        for (number, member) in members.enumerated() {
            guard member.inputs.count == 1, member.outputs.count == 1, let output = member.outputs.first,
                output.shape.count == 2,
                case .fixed(let extent) = output.shape[1]
            else { throw .inputsOrOutputs(member: number) }
            let taken = member.inputs[0]
            // What the batch is called does not matter.
            guard taken.shape.count == input.shape.count, taken.shape.dropFirst() == input.shape.dropFirst(),
                taken.shape.first?.isFixed == input.shape.first?.isFixed, taken.elementType == input.elementType
            else { throw .otherInput(member: number) }
            guard member.opsetVersion == first.opsetVersion else { throw .otherOpset(member: number) }
            let own = member.inputs[0].name
            // An empty name stands for an input that is left out.
            func renamed(_ value: String) -> String {
                value.isEmpty ? "" : value == own ? image.name : "member\(number + 1)/\(value)"
            }
            joined.nodes += member.nodes.map { node in
                var node = node.renamed(renamed)
                node.name = node.name.isEmpty ? "" : "member\(number + 1)/\(node.name)"
                return node
            }
            for (value, constant) in member.initializers { joined.initializers[renamed(value)] = constant }
            var ending = renamed(output.name)
            if !member.isNormalized {
                joined.nodes.append(normalizing(ending, to: ending + "/normal"))
                ending += "/normal"
            }
            outputs.append(ending)
            size += extent
        }
        let output = "embedding"
        joined.nodes.append(
            Node(
                name: "side-by-side", operatorType: "Concat", inputs: outputs, outputs: ["side-by-side"],
                attributes: ["axis": .int(1)]))
        joined.nodes.append(normalizing("side-by-side", to: output))
        joined.outputs = [ValueInfo(name: output, shape: [input.shape.first ?? .unknown, .fixed(size)])]
        return joined
    }

    private static func normalizing(_ value: String, to output: String) -> Node {
        Node(
            name: output, operatorType: "LpNormalization", inputs: [value], outputs: [output],
            attributes: ["axis": .int(1), "p": .int(2)])
    }
}

/// Why networks cannot stand side by side. Members are counted from 0.
public enum SideBySideError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Two or more are needed.
    case tooFew
    /// A member has more than one input or output, or its output is no vector of a stated length for each image.
    case inputsOrOutputs(member: Int)
    case otherInput(member: Int)
    case otherOpset(member: Int)

    public var description: String {
        switch self {
        case .tooFew: "two networks or more are needed"
        case .inputsOrOutputs(let member):
            "network \(member + 1) does not make one vector of a stated length of one input"
        case .otherInput(let member): "network \(member + 1) takes another input than the first"
        case .otherOpset(let member): "network \(member + 1) is written for another operator set than the first"
        }
    }
}

extension Dimension {
    fileprivate var isFixed: Bool { if case .fixed = self { true } else { false } }
}
