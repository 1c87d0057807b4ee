// SPDX-License-Identifier: Apache-2.0

/// A type that values are converted to, as ONNX's numbers name it.
struct CastTarget: Sendable {
    private static let half = 10, brainFloat = 16

    /// What the engine holds; floating-point numbers are single precision.
    let type: ElementType
    /// What rounds to a smaller floating-point type.
    private let rounding: ElementFunction?

    init(ofONNX number: Int, _ node: Node) throws(NetworkError) {
        switch number {
        case Self.half: (type, rounding) = (.float, .toHalf)
        case Self.brainFloat: (type, rounding) = (.float, .toBrainFloat)
        default:
            guard let type = ElementType(rawValue: number) else {
                throw node.unsupported("a cast to ONNX's data type \(ElementType.name(ofONNX: number))")
            }
            self.type = type == .double ? .float : type
            rounding = nil
        }
    }

    init(_ type: ElementType) {
        self.type = type
        rounding = nil
    }

    /// Converts constants when planning, and other values by a step.
    func convert(_ value: PlanValue, of node: Node, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let from = lowering.elementType(of: value)
        if let constant = value.constant, rounding == nil || from != .float {
            if from == type { return value }
            let converted = try lowering.fold(constant.tensor.converted(to: type), of: node)
            guard let rounding else { return converted }
            return try FunctionStep.emit(rounding, converted, of: node, into: &lowering)
        }
        if let rounding { return try FunctionStep.emit(rounding, value, of: node, into: &lowering) }
        if from == type { return value }
        let function: ElementFunction
        if type == .bool {
            function = .isNonzero
        } else if from == .float, let bounds = type.bounds {
            function = .toInteger(lower: bounds.lower, upper: bounds.upper)
        } else if from.isInteger, let bits = type.bits, bits < from.bits ?? 0 || type.isUnsigned != from.isUnsigned {
            function = .toBits(bits, isSigned: !type.isUnsigned)
        } else {
            return try lowering.emit(
                UnaryStep(operation: .identity, count: elementCount(of: value.shape) ?? 0), [value],
                shape: value.shape, type: type, of: node)
        }
        return try FunctionStep.emit(function, value, type: type, of: node, into: &lowering)
    }
}

extension ElementType {
    var isUnsigned: Bool { [.uint8, .uint16, .uint32, .uint64].contains(self) }

    /// Of whole numbers.
    var bits: Int? { isInteger ? size * 8 : nil }

    /// The least and the greatest whole number.
    var bounds: (lower: Float, upper: Float)? {
        switch self {
        case .uint8: (0, 255)
        case .int8: (-128, 127)
        case .uint16: (0, 65_535)
        case .int16: (-32_768, 32_767)
        case .uint32: (0, 4_294_967_040)
        case .int32: (-2_147_483_648, 2_147_483_520)
        case .uint64: (0, 18_446_742_974_197_923_840)
        case .int64: (-9_223_372_036_854_775_808, 9_223_371_487_098_961_920)
        case .float, .double, .bool: nil
        }
    }
}

/// ONNX's Cast.
struct CastOperator: Operator {
    private let target: CastTarget

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        guard let number = try reader.int("to") else { throw reader.node.invalid("its attribute “to” is missing") }
        target = try CastTarget(ofONNX: number, reader.node)
        // About 8-bit floating point only.
        if reader.opset >= 19 { reader.ignore("saturate") }
        if reader.opset >= 24 { reader.ignore("round_mode") }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        try target.convert(try inputs.value(0), of: inputs.node, into: &lowering)
    }
}

/// ONNX's CastLike: to the type of the second input, of which half precision is single precision here.
struct CastLikeOperator: Operator {
    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
        if reader.opset >= 19 { reader.ignore("saturate") }
        if reader.opset >= 24 { reader.ignore("round_mode") }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        _ = try inputs.value(1)
        return try CastTarget(inputs.type(1)).convert(try inputs.value(0), of: inputs.node, into: &lowering)
    }
}
