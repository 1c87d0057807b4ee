// SPDX-License-Identifier: Apache-2.0

import SwiftProtobuf

extension Graph {
    /// The graph as an ONNX file, of the lowest IR version that suits its opset, so that most readers take it.
    ///
    /// The same graph always gives the same bytes. Reading them gives this graph again, except that a nameless graph
    /// is named “graph” (ONNX demands a name).
    ///
    /// - Throws: ``NetworkError/malformedModel(reason:)`` when a tensor does not have as many values as its shape says,
    ///   ``NetworkError/unsupportedModel(reason:)`` for an opset outside ``supportedOpsets``, and
    ///   ``NetworkError/tooLarge(what:bytes:limit:)`` when the file would exceed ``NetworkLimits/maximumFileBytes``.
    public func onnxBytes() throws(NetworkError) -> [UInt8] {
        guard Self.supportedOpsets.contains(opsetVersion) else {
            throw .unsupportedModel(reason: "opset \(opsetVersion) cannot be written")
        }
        var graph = ONNXGraphProto()
        graph.name = name.isEmpty ? "graph" : name
        graph.node = try nodes.map { (node) throws(NetworkError) in try node.onnx() }
        for (name, tensor) in initializers.sorted(by: { $0.key < $1.key }) {
            graph.initializer.append(try tensor.onnx(name: name, what: "initializer “\(name)”"))
        }
        graph.input = inputs.map(\.onnx)
        graph.output = outputs.map(\.onnx)

        var model = ONNXModelProto()
        model.irVersion = Self.irVersion(ofOpset: opsetVersion)
        model.producerName = "Likeness"
        model.opsetImport = [.with { $0.version = Int64(opsetVersion) }]
        model.graph = graph
        do {
            return try model.serializedBytes()
        } catch {
            // No field of the schema is required, so that protobuf's own bound is all that can be broken.
            let bytes = initializers.values.reduce(0) { $0 + $1.count * $1.elementType.size }
            throw .tooLarge(what: "The ONNX file", bytes: bytes, limit: NetworkLimits.maximumFileBytes)
        }
    }

    /// The IR version that came with an opset (onnx's docs/Versioning.md), but 4 at least: earlier ones want every
    /// initializer among the inputs too.
    private static func irVersion(ofOpset opset: Int) -> Int64 {
        switch opset {
        case ...9: 4
        case 10: 5
        case 11: 6
        case 12...14: 7
        case 15...18: 8
        case 19...20: 9
        case 21...22: 10
        case 23: 11
        case 24: 12
        case 25...27: 13
        default: 14
        }
    }
}
