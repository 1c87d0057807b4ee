// SPDX-License-Identifier: Apache-2.0

/// ONNX's Shape, from operator set 15 on of some axes, and Size.
struct ShapeOperator: Operator {
    private let start: Int
    private let end: Int?
    private let isSize: Bool

    var followsFromShapes: Bool { true }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        isSize = reader.node.operatorType == "Size"
        start = reader.opset >= 15 && !isSize ? try reader.int("start", default: 0) : 0
        end = reader.opset >= 15 && !isSize ? try reader.int("end") : nil
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let shape = try inputs.value(0).shape
        if isSize {
            let count = elementCount(of: shape) ?? 0
            return try lowering.fold(ConstantTensor(shape: [], storage: .int64([Int64(count)])), of: inputs.node)
        }
        func position(_ index: Int) -> Int { min(max(index < 0 ? index + shape.count : index, 0), shape.count) }
        let first = position(start), last = max(first, position(end ?? shape.count))
        let extents = shape[first..<last].map(Int64.init)
        return try lowering.fold(ConstantTensor(shape: [extents.count], storage: .int64(extents)), of: inputs.node)
    }
}

/// ONNX's Constant.
struct ConstantOperator: Operator {
    private let value: ConstantTensor

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        try reader.requireInputs(0, upTo: 0)
        if let tensor = try reader.tensor("value") {
            value = tensor
        } else if let number = try reader.float("value_float") {
            value = ConstantTensor(shape: [], storage: .float([number]))
        } else if let numbers = try reader.floats("value_floats") {
            value = ConstantTensor(shape: [numbers.count], storage: .float(numbers))
        } else if let number = try reader.int("value_int") {
            value = ConstantTensor(shape: [], storage: .int64([Int64(number)]))
        } else if let numbers = try reader.ints("value_ints") {
            value = ConstantTensor(shape: [numbers.count], storage: .int64(numbers.map(Int64.init)))
        } else if node.attributes.keys.contains(where: { $0.hasPrefix("value_string") || $0 == "sparse_value" }) {
            throw node.unsupported("it has no value that is a tensor or numbers: it is text or sparse")
        } else {
            throw node.unsupported("it has no value that is a tensor or numbers")
        }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        // Part of the file, like an initializer: not charged to what is computed.
        _ = try Lowering.checkedCount(value.shape, what: "The constant of node “\(inputs.node.label)”")
        return .constant(ConstantValue(value))
    }
}

/// ONNX's ConstantOfShape.
struct ConstantOfShapeOperator: Operator {
    private let value: ConstantTensor

    var plannedInputs: [Int] { [0] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        value = try reader.tensor("value") ?? ConstantTensor(shape: [1], storage: .float([0]))
        guard value.count == 1 else {
            throw reader.node.invalid("its attribute “value” holds \(value.count) values instead of one")
        }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, shape = try inputs.requiredIntegers(0)
        guard let count = elementCount(of: shape) else { throw node.invalid("\(shape) is no shape") }
        try lowering.charge(shape: shape, elementSize: value.elementType.size, of: node)
        let storage: ConstantTensor.Storage =
            switch value.storage {
            case .float(let values): .float(Array(repeating: values[0], count: count))
            case .double(let values): .double(Array(repeating: values[0], count: count))
            case .int64(let values): .int64(Array(repeating: values[0], count: count))
            case .int32(let values): .int32(Array(repeating: values[0], count: count))
            case .int16(let values): .int16(Array(repeating: values[0], count: count))
            case .int8(let values): .int8(Array(repeating: values[0], count: count))
            case .uint64(let values): .uint64(Array(repeating: values[0], count: count))
            case .uint32(let values): .uint32(Array(repeating: values[0], count: count))
            case .uint16(let values): .uint16(Array(repeating: values[0], count: count))
            case .uint8(let values): .uint8(Array(repeating: values[0], count: count))
            case .bool(let values): .bool(Array(repeating: values[0], count: count))
            }
        return .constant(ConstantValue(ConstantTensor(shape: shape, storage: storage)))
    }
}
