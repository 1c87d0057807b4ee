// SPDX-License-Identifier: Apache-2.0

/// The operators that a model defines by others. A node that calls one is replaced by the nodes of its definition.
final class ONNXFunctions {
    private struct Key: Hashable {
        let domain: String
        let name: String
        let overload: String
    }

    /// The most functions that call one another.
    private static let maximumDepth = 32

    /// The most bytes of names and values that definitions repeat.
    private static let maximumCopiedBytes = NetworkLimits.maximumMadeBytes

    private var functions: [Key: ONNXFunctionProto] = [:]
    private var calls = 0
    private var copiedBytes = 0

    /// - Throws: ``NetworkError/unsupportedModel(reason:)`` for a function that is written for another operator set
    ///   than the model; ``NetworkError/malformedModel(reason:)`` where two have one name.
    init(_ protos: [ONNXFunctionProto], opset: Int) throws(NetworkError) {
        for proto in protos {
            for each in proto.opsetImport where isDefaultDomain(each.domain) && each.version != Int64(opset) {
                throw .unsupportedModel(
                    reason: "its function “\(proto.name)” uses opset \(each.version), and the model uses opset \(opset)"
                )
            }
            let key = Key(domain: Self.normal(proto.domain), name: proto.name, overload: proto.overload)
            guard functions.updateValue(proto, forKey: key) == nil else {
                throw .malformedModel(reason: "two functions are named “\(proto.domain).\(proto.name)”")
            }
        }
    }

    /// Appends the node, or what stands for it.
    func expand(_ node: ONNXNodeProto, into result: inout [ONNXNodeProto]) throws(NetworkError) {
        try expand(node, depth: 0, into: &result)
    }

    private static func normal(_ domain: String) -> String { isDefaultDomain(domain) ? "" : domain }

    private func expand(
        _ node: ONNXNodeProto, depth: Int, into result: inout [ONNXNodeProto]
    ) throws(NetworkError) {
        let key = Key(domain: Self.normal(node.domain), name: node.opType, overload: node.overload)
        guard !functions.isEmpty, let function = functions[key] else {
            result.append(node)
            return
        }
        let label = node.name.isEmpty ? node.output.first ?? "" : node.name
        guard depth < Self.maximumDepth else {
            throw .unsupportedModel(
                reason: "its functions call one another more than \(Self.maximumDepth) deep, at “\(function.name)”")
        }
        guard node.input.count <= function.input.count, node.output.count <= function.output.count else {
            throw .malformedModel(
                reason: "node “\(label)” gives the function “\(function.name)” more inputs or outputs than it has")
        }
        calls += 1
        guard calls <= NetworkLimits.maximumNodes else {
            throw .unsupportedModel(reason: "it calls its functions more than \(NetworkLimits.maximumNodes) times")
        }
        // What a call's own values are called: no name of a model begins with a space.
        var call = Call(prefix: " \(calls).\(function.name)/")
        for (index, name) in function.input.enumerated() {
            call.names[name] = index < node.input.count ? node.input[index] : ""
        }
        for (index, name) in function.output.enumerated() where index < node.output.count && !node.output[index].isEmpty
        {
            // An output that is an input as well would need a node of its own.
            guard call.names[name] == nil else {
                throw .unsupportedModel(reason: "its function “\(function.name)” answers its input “\(name)”")
            }
            call.names[name] = node.output[index]
        }
        for attribute in function.attributeProto { call.attributes[attribute.name] = attribute }
        for attribute in node.attribute { call.attributes[attribute.name] = attribute }
        for inner in function.node {
            let rewritten = call.rewritten(inner)
            copiedBytes += rewritten.size
            guard copiedBytes <= Self.maximumCopiedBytes else {
                throw .tooLarge(
                    what: "What the model's functions repeat", bytes: copiedBytes, limit: Self.maximumCopiedBytes)
            }
            try expand(rewritten, depth: depth + 1, into: &result)
            guard result.count <= NetworkLimits.maximumNodes else {
                throw .unsupportedModel(
                    reason: "with its functions it has more than \(NetworkLimits.maximumNodes) nodes")
            }
        }
    }

    /// One use of a function: what its names and attributes stand for.
    private struct Call {
        let prefix: String
        var names: [String: String] = [:]
        var attributes: [String: ONNXAttributeProto] = [:]

        func name(_ name: String) -> String { name.isEmpty ? "" : names[name] ?? prefix + name }

        func rewritten(_ node: ONNXNodeProto) -> ONNXNodeProto {
            var node = node
            node.name = node.name.isEmpty ? "" : prefix.dropFirst() + node.name
            node.input = node.input.map(name)
            node.output = node.output.map(name)
            node.attribute = node.attribute.compactMap { attribute in
                guard !attribute.refAttrName.isEmpty else { return rewritten(attribute) }
                // An attribute that is given nowhere is left out.
                guard var given = attributes[attribute.refAttrName] else { return nil }
                given.name = attribute.name
                return given
            }
            return node
        }

        private func rewritten(_ attribute: ONNXAttributeProto) -> ONNXAttributeProto {
            guard attribute.type == .graph, attribute.hasG else { return attribute }
            var attribute = attribute
            attribute.g.node = attribute.g.node.map(rewritten)
            for index in attribute.g.initializer.indices {
                attribute.g.initializer[index].name = name(attribute.g.initializer[index].name)
            }
            for index in attribute.g.input.indices {
                attribute.g.input[index].name = name(attribute.g.input[index].name)
            }
            for index in attribute.g.output.indices {
                attribute.g.output[index].name = name(attribute.g.output[index].name)
            }
            return attribute
        }
    }
}

extension ONNXNodeProto {
    /// About the bytes that a copy takes.
    fileprivate var size: Int {
        (input + output).reduce(name.utf8.count) { $0 + $1.utf8.count } + attribute.reduce(64) { $0 + $1.size }
    }
}

extension ONNXAttributeProto {
    fileprivate var size: Int {
        var size = 64 + name.utf8.count + s.count + 4 * floats.count + 8 * ints.count
        size += strings.reduce(0) { $0 + $1.count }
        if hasT { size += t.size }
        if hasG { size += g.node.reduce(g.initializer.reduce(64) { $0 + $1.size }) { $0 + $1.size } }
        return size
    }
}

extension ONNXTensorProto {
    fileprivate var size: Int {
        64 + name.utf8.count + rawData.count + 4 * (floatData.count + int32Data.count)
            + 8 * (int64Data.count + uint64Data.count + doubleData.count)
    }
}
