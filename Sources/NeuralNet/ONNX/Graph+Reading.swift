// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf

extension Graph {
    /// Reads an ONNX file: the serialised `ModelProto` of onnx.proto.
    ///
    /// The operators need not be ones that the engine runs. Half-precision tensors (float16, bfloat16) become
    /// single-precision ones, inputs that repeat an initializer are dropped (as IR versions before 4 demanded them),
    /// nodes that call a function of the model are replaced by its nodes, and nodes out of order are sorted, those in
    /// order staying where they are.
    ///
    /// - Parameters:
    ///   - bytes: the whole file, at most ``NetworkLimits/maximumFileBytes``.
    ///   - external: where the files lie that hold values of tensors; without it such tensors are refused.
    /// - Throws: ``NetworkError/malformedModel(reason:)`` for bytes that are no ONNX model or contradict themselves,
    ///   ``NetworkError/unsupportedModel(reason:)``, ``NetworkError/unsupportedOperator(operatorType:node:)`` and
    ///   ``NetworkError/unsupportedAttribute(operatorType:node:reason:)`` for what is valid but not understood (another
    ///   opset or operator domain, sparse tensors, element types without ``ElementType``), and
    ///   ``NetworkError/tooLarge(what:bytes:limit:)``.
    public init(onnx bytes: [UInt8], external: ExternalTensorData? = nil) throws(NetworkError) {
        guard bytes.count <= NetworkLimits.maximumFileBytes else {
            throw .tooLarge(what: "The ONNX file", bytes: bytes.count, limit: NetworkLimits.maximumFileBytes)
        }
        try ONNXCensus.check(bytes)
        try self.init(ONNXModelProto(onnx: bytes), external: external)
    }

    private init(_ model: ONNXModelProto, external: ExternalTensorData?) throws(NetworkError) {
        guard model.irVersion > 0, model.hasGraph else {
            throw .malformedModel(reason: "it has no \(model.hasGraph ? "IR version" : "graph")")
        }
        let graph = model.graph
        let opset = try Self.defaultOpset(of: model)
        if let sparse = graph.sparseInitializer.first {
            throw .unsupportedModel(reason: "initializer “\(sparse.values.name)” is sparse; only dense ones are read")
        }

        let context = ONNXReadingContext(
            functions: try ONNXFunctions(model.functions, opset: opset), external: external)
        let initializers = try context.constants(graph.initializer)
        let inputs = try Self.values(graph.input.filter { initializers[$0.name] == nil }, kind: "input")
        let outputs = try Self.values(graph.output, kind: "output")
        let nodes = try context.nodes(graph.node)
        let known = Set(initializers.keys).union(inputs.map(\.name))
        let order = try TopologicalOrder(nodes: nodes, known: known)
        if let missing = outputs.first(where: { !order.isProduced($0.name) }) {
            throw .malformedModel(reason: "nothing produces output “\(missing.name)”")
        }
        self.init(
            name: graph.name, nodes: order.sorted, initializers: initializers, inputs: inputs, outputs: outputs,
            opsetVersion: opset)
    }

    private static func defaultOpset(of model: ONNXModelProto) throws(NetworkError) -> Int {
        let versions = Set(model.opsetImport.filter { isDefaultDomain($0.domain) }.map(\.version))
        guard let version = versions.first else {
            throw .malformedModel(reason: "it does not say which version of ONNX's operators it uses")
        }
        guard versions.count == 1 else {
            throw .malformedModel(
                reason:
                    "it names several versions of ONNX's operators: \(versions.sorted().map(String.init).joined(separator: ", "))"
            )
        }
        guard let opset = Int(exactly: version), supportedOpsets.contains(opset) else {
            throw .unsupportedModel(
                reason:
                    "it uses opset \(version); opsets \(supportedOpsets.lowerBound) to \(supportedOpsets.upperBound) are read"
            )
        }
        return opset
    }

    private static func values(_ declarations: [ONNXValueInfoProto], kind: String) throws(NetworkError) -> [ValueInfo] {
        var names = Set<String>()
        var values: [ValueInfo] = []
        for declaration in declarations {
            let value = try ValueInfo(declaration, kind: kind)
            guard names.insert(value.name).inserted else {
                throw .malformedModel(reason: "two \(kind)s are named “\(value.name)”")
            }
            values.append(value)
        }
        return values
    }
}

/// ONNX's own operators go by either name.
func isDefaultDomain(_ domain: String) -> Bool { domain.isEmpty || domain == "ai.onnx" }

extension ONNXModelProto {
    fileprivate init(onnx bytes: [UInt8]) throws(NetworkError) {
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        do {
            try self.init(serializedBytes: bytes, options: options)
        } catch BinaryDecodingError.invalidUTF8 {
            throw .malformedModel(reason: "a name in it is not UTF-8")
        } catch {
            throw .malformedModel(reason: "its protobuf encoding is truncated or damaged")
        }
    }
}
