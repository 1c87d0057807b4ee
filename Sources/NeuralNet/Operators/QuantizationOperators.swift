// SPDX-License-Identifier: Apache-2.0

/// What a tensor is scaled by: one number, one for each entry of an axis (operator set 13), or one for each block of
/// entries (21).
private struct QuantizationScale {
    let axis: Int
    let block: Int

    init(_ reader: inout NodeReader) throws(NetworkError) {
        axis = reader.opset >= 13 ? try reader.int("axis", default: 1) : 1
        block = reader.opset >= 21 ? try reader.int("block_size", default: 0) : 0
        guard block >= 0 else { throw reader.node.invalid("block_size is \(block)") }
    }

    /// A scale or zero point in a shape that can be stretched to the tensor's.
    func stretched(
        _ factor: PlanValue, over shape: [Int], of node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        if elementCount(of: factor.shape) == 1, block == 0 { return factor.reshaped([]) }
        let axis = try node.axis(axis, rank: shape.count)
        if block == 0 {
            guard factor.shape == [shape[axis]] else {
                throw node.invalid("\(factor.shape) factors do not suit axis \(axis) of the shape \(shape)")
            }
            return factor.reshaped(shape.indices.map { $0 == axis ? shape[axis] : 1 })
        }
        var blocks = shape
        blocks[axis] = (shape[axis] - 1) / block + 1
        guard shape[axis] > 0, factor.shape == blocks, let outer = elementCount(of: blocks[...axis]),
            let inner = elementCount(of: shape[(axis + 1)...])
        else {
            throw node.invalid("factors of shape \(factor.shape) do not suit blocks of \(block) of the shape \(shape)")
        }
        var wide = shape
        let (extent, overflows) = blocks[axis].multipliedReportingOverflow(by: block)
        guard !overflows else { throw node.invalid("block_size is \(block)") }
        wide[axis] = extent
        let repeated = try ViewCopy.emit(
            factor, extents: [outer, block, inner], strides: [inner, 0, 1], shape: wide, of: node, into: &lowering)
        return try ViewCopy.slice(
            repeated, axis: axis, start: 0, count: shape[axis], of: node, into: &lowering)
    }
}

/// Whole numbers as floats, of constants rounded where they are large: they are scaled anyway.
private func roundedFloats(_ value: PlanValue) -> PlanValue {
    guard let constant = value.constant, constant.floats == nil else { return value }
    return .constant(ConstantValue(constant.tensor.converted(to: .float)))
}

/// ONNX's DequantizeLinear: (x − zero point) · scale. Weights of whole numbers become floats when loading.
struct DequantizeOperator: Operator {
    private let scale: QuantizationScale

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 3)
        scale = try QuantizationScale(&reader)
        // All that is floating-point is single precision here.
        if reader.opset >= 23 { reader.ignore("output_dtype") }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node
        guard inputs.type(0).isInteger else { throw node.invalid("input 1 is \(inputs.type(0))") }
        var value = try CastTarget(.float).convert(
            roundedFloats(try inputs.value(0)), of: node, into: &lowering)
        if inputs.optional(2) != nil {
            let zero = try CastTarget(.float).convert(
                roundedFloats(try inputs.value(2)), of: node, into: &lowering)
            let stretched = try scale.stretched(zero, over: value.shape, of: node, into: &lowering)
            value = try BinaryStep.emit(.subtract, value, stretched, of: node, into: &lowering)
        }
        let factor = try scale.stretched(try inputs.floats(1), over: value.shape, of: node, into: &lowering)
        return try BinaryStep.emit(.multiply, value, factor, of: node, into: &lowering)
    }
}

/// ONNX's QuantizeLinear: x / scale rounded to even, plus the zero point, drawn into the range of its type.
struct QuantizeOperator: Operator {
    private let scale: QuantizationScale
    private let stated: ElementType?

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 3)
        scale = try QuantizationScale(&reader)
        if reader.opset >= 19 { reader.ignore("saturate") }
        if reader.opset >= 23 { reader.ignore("precision") }
        let number = reader.opset >= 21 ? try reader.int("output_dtype", default: 0) : 0
        stated = ElementType(rawValue: number)
        guard number == 0 || stated != nil else {
            throw reader.node.unsupported("it answers \(ElementType.name(ofONNX: number))")
        }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.floats(0)
        let type = inputs.optional(2) == nil ? stated ?? .uint8 : inputs.type(2)
        guard type.isInteger, let bounds = type.bounds else { throw node.invalid("it answers \(type)") }
        let factor = try scale.stretched(try inputs.floats(1), over: input.shape, of: node, into: &lowering)
        var value = try BinaryStep.emit(.divide, input, factor, of: node, into: &lowering)
        value = try FunctionStep.emit(.round, value, of: node, into: &lowering)
        if inputs.optional(2) != nil {
            let zero = try CastTarget(.float).convert(
                roundedFloats(try inputs.value(2)), of: node, into: &lowering)
            let stretched = try scale.stretched(zero, over: input.shape, of: node, into: &lowering)
            value = try BinaryStep.emit(.add, value, stretched, of: node, into: &lowering)
        }
        return try FunctionStep.emit(
            .toInteger(lower: bounds.lower, upper: bounds.upper), value, type: type, of: node, into: &lowering)
    }
}

/// ONNX's DynamicQuantizeLinear: to uint8, by the least and the greatest value of a run.
struct DynamicQuantizeOperator: MultipleOutputOperator {
    var outputCount: Int { 3 }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
    }

    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?] {
        let node = inputs.node, input = try inputs.floats(0), axes = Array(input.shape.indices)
        func extreme(_ reduction: Reduction, _ operation: BinaryOperation) throws(NetworkError) -> PlanValue {
            let found = try ReductionStep.emit(reduction, input, axes: axes, of: node, into: &lowering).reshaped([])
            return try BinaryStep.emit(operation, found, .scalar(0), of: node, into: &lowering)
        }
        let least = try extreme(.minimum, .minimum), greatest = try extreme(.maximum, .maximum)
        let range = try BinaryStep.emit(.subtract, greatest, least, of: node, into: &lowering)
        let scale = try BinaryStep.emit(.divide, range, .scalar(255), of: node, into: &lowering)
        let below = try BinaryStep.emit(.divide, least, scale, of: node, into: &lowering)
        let negative = try UnaryStep.emit(.negate, below, of: node, into: &lowering)
        let bounded = try UnaryStep.emit(.clip(lower: 0, upper: 255), negative, of: node, into: &lowering)
        let zero = try FunctionStep.emit(.round, bounded, of: node, into: &lowering)
        let scaled = try BinaryStep.emit(.divide, input, scale, of: node, into: &lowering)
        let rounded = try FunctionStep.emit(.round, scaled, of: node, into: &lowering)
        let shifted = try BinaryStep.emit(.add, rounded, zero, of: node, into: &lowering)
        func whole(_ value: PlanValue) throws(NetworkError) -> PlanValue {
            try FunctionStep.emit(
                .toInteger(lower: 0, upper: 255), value, type: .uint8, of: node, into: &lowering)
        }
        return [try whole(shifted), scale, try whole(zero)]
    }
}
