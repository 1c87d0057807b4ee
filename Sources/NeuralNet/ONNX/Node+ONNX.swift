// SPDX-License-Identifier: Apache-2.0

import Foundation

extension Node {
    /// Reads a `NodeProto`.
    init(_ node: ONNXNodeProto, context: ONNXReadingContext) throws(NetworkError) {
        self.init(name: node.name, operatorType: node.opType, inputs: node.input, outputs: node.output)
        guard !operatorType.isEmpty else { throw .malformedModel(reason: "node “\(label)” has no operator") }
        guard isDefaultDomain(node.domain) else {
            throw .unsupportedOperator(operatorType: "\(node.domain).\(operatorType)", node: label)
        }
        for attribute in node.attribute {
            guard !attribute.name.isEmpty else {
                throw .malformedModel(reason: "an attribute of node “\(label)” (\(operatorType)) has no name")
            }
            guard attributes.updateValue(try value(of: attribute, context), forKey: attribute.name) == nil else {
                throw .malformedModel(
                    reason: "node “\(label)” (\(operatorType)) has two attributes “\(attribute.name)”")
            }
        }
    }

    private func value(
        of attribute: ONNXAttributeProto, _ context: ONNXReadingContext
    ) throws(NetworkError) -> Attribute {
        let what = "attribute “\(attribute.name)” of node “\(label)” (\(operatorType))"
        if !attribute.refAttrName.isEmpty {
            throw unsupported(attribute, "refers to “\(attribute.refAttrName)” of a function")
        }
        switch attribute.type {
        case .float: return .float(attribute.f)
        case .int: return .int(Int(attribute.i))
        case .string: return .string(try text(attribute.s, what))
        case .floats: return .floats(attribute.floats)
        case .ints: return .ints(attribute.ints.map(Int.init))
        case .strings:
            return .strings(try attribute.strings.map { (bytes) throws(NetworkError) in try text(bytes, what) })
        case .tensor:
            guard attribute.hasT else { throw .malformedModel(reason: "\(what) is a tensor without one") }
            return .tensor(try ConstantTensor(attribute.t, what: what, external: context.external))
        case .undefined: throw .malformedModel(reason: "\(what) has no type")
        case .graph:
            guard attribute.hasG else { throw .malformedModel(reason: "\(what) is a subgraph without one") }
            return .graph(try Subgraph(attribute.g, what: what, context: context))
        case .graphs: throw unsupported(attribute, "is a list of subgraphs")
        case .tensors: throw unsupported(attribute, "is a list of tensors")
        case .sparseTensor, .sparseTensors: throw unsupported(attribute, "is a sparse tensor")
        case .typeProto, .typeProtos: throw unsupported(attribute, "is a type")
        case .UNRECOGNIZED(let number): throw unsupported(attribute, "is of the unknown type \(number)")
        }
    }

    private func unsupported(_ attribute: ONNXAttributeProto, _ reason: String) -> NetworkError {
        .unsupportedAttribute(
            operatorType: operatorType, node: label, reason: "attribute “\(attribute.name)” \(reason)")
    }

    private func text(_ bytes: Data, _ what: String) throws(NetworkError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .malformedModel(reason: "\(what) is not UTF-8")
        }
        return text
    }

    /// As a `NodeProto`, the attributes in the order of their names.
    func onnx() throws(NetworkError) -> ONNXNodeProto {
        var node = ONNXNodeProto()
        node.name = name
        node.opType = operatorType
        node.input = inputs
        node.output = outputs
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            let what = "attribute “\(name)” of node “\(label)” (\(operatorType))"
            node.attribute.append(try value.onnx(name: name, what: what))
        }
        return node
    }
}

extension Attribute {
    fileprivate func onnx(name: String, what: String) throws(NetworkError) -> ONNXAttributeProto {
        var attribute = ONNXAttributeProto()
        attribute.name = name
        switch self {
        case .int(let value):
            attribute.type = .int
            attribute.i = Int64(value)
        case .float(let value):
            attribute.type = .float
            attribute.f = value
        case .string(let value):
            attribute.type = .string
            attribute.s = Data(value.utf8)
        case .ints(let values):
            attribute.type = .ints
            attribute.ints = values.map(Int64.init)
        case .floats(let values):
            attribute.type = .floats
            attribute.floats = values
        case .strings(let values):
            attribute.type = .strings
            attribute.strings = values.map { Data($0.utf8) }
        case .tensor(let tensor):
            attribute.type = .tensor
            attribute.t = try tensor.onnx(name: "", what: what)
        case .graph(let subgraph):
            attribute.type = .graph
            attribute.g = try subgraph.onnx(what: what)
        }
        return attribute
    }
}
