// SPDX-License-Identifier: Apache-2.0

extension ValueInfo {
    /// Reads the declaration of an input or output; `kind` says which, for errors. What an output is follows from the
    /// nodes that make it, so that its declaration may leave out all but the name.
    init(_ declaration: ONNXValueInfoProto, kind: String) throws(NetworkError) {
        let name = declaration.name, isOutput = kind == "output"
        guard !name.isEmpty else { throw .malformedModel(reason: "an \(kind) has no name") }
        if isOutput, !declaration.hasType || declaration.type.value == nil {
            self.init(name: name, shape: [], hasShape: false)
            return
        }
        guard declaration.hasType else { throw .malformedModel(reason: "\(kind) “\(name)” has no type") }
        guard case .tensorType(let tensor) = declaration.type.value else {
            throw .unsupportedModel(reason: "\(kind) “\(name)” is no dense tensor")
        }
        let elementType: ElementType
        switch Int(tensor.elemType) {
        case 0 where isOutput: elementType = .float
        case 0:
            throw .malformedModel(reason: "\(kind) “\(name)” has no element type")
        case ONNXTensorProto.DataType.float16.rawValue, ONNXTensorProto.DataType.bfloat16.rawValue:
            // As its constants are read: the engine computes in single precision.
            elementType = .float
        case let number:
            guard let type = ElementType(rawValue: number) else {
                throw .unsupportedModel(reason: "\(kind) “\(name)” is of type \(ElementType.name(ofONNX: number))")
            }
            elementType = type
        }
        if isOutput, !tensor.hasShape {
            self.init(name: name, shape: [], elementType: elementType, hasShape: false)
            return
        }
        guard tensor.hasShape else {
            throw .malformedModel(
                reason: "\(kind) “\(name)” has no shape; its dimensions may be unknown, their number must not")
        }
        guard tensor.shape.dim.count <= NetworkLimits.maximumRank else {
            throw .unsupportedModel(
                reason:
                    "\(kind) “\(name)” has \(tensor.shape.dim.count) dimensions; at most \(NetworkLimits.maximumRank) are allowed"
            )
        }
        self.init(name: name, shape: tensor.shape.dim.map(Dimension.init), elementType: elementType)
    }

    /// As a `ValueInfoProto`.
    var onnx: ONNXValueInfoProto {
        var tensor = ONNXTypeProto.Tensor()
        tensor.elemType = Int32(elementType.rawValue)
        if hasShape { tensor.shape = .with { $0.dim = shape.map(\.onnx) } }
        var declaration = ONNXValueInfoProto()
        declaration.name = name
        declaration.type.value = .tensorType(tensor)
        return declaration
    }
}

extension Dimension {
    fileprivate init(_ dimension: ONNXTensorShapeProto.Dimension) {
        switch dimension.value {
        // Some exporters write −1 for an extent that they do not know.
        case .dimValue(let extent): self = extent < 0 ? .unknown : .fixed(Int(extent))
        case .dimParam(let name): self = name.isEmpty ? .unknown : .symbolic(name)
        case nil: self = .unknown
        }
    }

    fileprivate var onnx: ONNXTensorShapeProto.Dimension {
        .with { dimension in
            dimension.value =
                switch self {
                case .fixed(let extent): .dimValue(Int64(extent))
                case .symbolic(let name): .dimParam(name)
                case .unknown: nil
                }
        }
    }
}
