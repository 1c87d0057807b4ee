// SPDX-License-Identifier: Apache-2.0

// Operators that make constants of what is known when planning.

/// ONNX's Range.
struct RangeOperator: Operator {
    var plannedInputs: [Int] { [0, 1, 2] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(3, upTo: 3)
        // About the sums of half precision, which is single precision here.
        if reader.opset >= 27 { reader.ignore("stash_type") }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, type = inputs.type(0)
        guard inputs.type(1) == type, inputs.type(2) == type else {
            throw node.invalid("its inputs are not of one type")
        }
        if type == .float {
            guard let start = try inputs.scalar(0), let limit = try inputs.scalar(1), let step = try inputs.scalar(2)
            else { throw node.invalid("an input is missing") }
            let exact = ((Double(limit) - Double(start)) / Double(step)).rounded(.up)
            guard step != 0, let count = Int(exactly: max(exact, 0)) else {
                throw node.invalid("it counts from \(start) to \(limit) by \(step)")
            }
            try lowering.charge(shape: [count], elementSize: MemoryLayout<Float>.size, of: node)
            let values = (0..<count).map { Float(Double(start) + Double($0) * Double(step)) }
            return .constant(ConstantValue(ConstantTensor(shape: [count], storage: .float(values))))
        }
        guard let start = try inputs.integer(0), let limit = try inputs.integer(1), let step = try inputs.integer(2)
        else { throw node.invalid("an input is missing") }
        let (distance, overflows) = limit.subtractingReportingOverflow(start)
        guard step != 0, step != .min, distance != .min, !overflows else {
            throw node.invalid("it counts from \(start) to \(limit) by \(step)")
        }
        let count = (distance > 0) == (step > 0) ? distance / step + (distance % step == 0 ? 0 : 1) : 0
        try lowering.charge(shape: [count], elementSize: MemoryLayout<Int64>.size, of: node)
        let values = (0..<count).map { Int64(start &+ $0 &* step) }
        return .constant(
            ConstantValue(ConstantTensor(shape: [count], storage: .int64(values)).converted(to: type)))
    }
}

/// ONNX's EyeLike: ones on a diagonal of a matrix of zeros, of the input's shape.
struct EyeLikeOperator: Operator {
    private let diagonal: Int
    private let type: Int?

    var followsFromShapes: Bool { true }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        diagonal = try reader.int("k", default: 0)
        type = try reader.int("dtype")
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, shape = try inputs.value(0).shape
        guard shape.count == 2 else { throw node.invalid("its input of shape \(shape) is no matrix") }
        try lowering.charge(shape: shape, elementSize: MemoryLayout<Float>.size, of: node)
        var values = Array(repeating: Float(0), count: elementCount(of: shape) ?? 0)
        for row in 0..<(values.isEmpty ? 0 : shape[0]) {
            let (column, overflows) = row.addingReportingOverflow(diagonal)
            if !overflows, column >= 0, column < shape[1] { values[row * shape[1] + column] = 1 }
        }
        let made = PlanValue.constant(ConstantValue(ConstantTensor(shape: shape, storage: .float(values))))
        let target = try type.map { number throws(NetworkError) in try CastTarget(ofONNX: number, node) }
        return try (target ?? CastTarget(inputs.type(0))).convert(made, of: node, into: &lowering)
    }
}

/// ONNX's NonZero: the places of values that are not 0, of what is known when planning.
struct NonZeroOperator: Operator {
    var plannedInputs: [Int] { [0] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node
        guard let constant = try inputs.constant(0) else { throw node.invalid("input 1 is missing") }
        try lowering.chargeTable(constant.shape, tables: 2, of: node)
        let truths = constant.tensor.converted(to: .bool).integers ?? []
        let places = truths.indices.filter { truths[$0] != 0 }
        let shape = constant.shape, strides = TensorExtent.strides(of: shape)
        try lowering.charge(shape: [shape.count, places.count], elementSize: MemoryLayout<Int64>.size, of: node)
        let values = shape.indices.flatMap { axis in
            places.map { Int64($0 / max(strides[axis], 1) % max(shape[axis], 1)) }
        }
        return .constant(
            ConstantValue(ConstantTensor(shape: [shape.count, places.count], storage: .int64(values))))
    }
}

/// ONNX's Trilu: a triangle of each matrix, the rest 0.
struct TriangleOperator: Operator {
    private struct Copy: ElementCopy {
        let planes: Int
        let rows: Int
        let columns: Int
        let diagonal: Int
        let isUpper: Bool

        func run<Element: BitwiseCopyable>(
            input index: Int, _ input: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>
        ) {
            let count = planes * rows * columns
            // All bits 0 are the number 0 of every type.
            UnsafeMutableRawPointer(output).initializeMemory(
                as: UInt8.self, repeating: 0, count: count * MemoryLayout<Element>.stride)
            for row in 0..<(planes * rows) {
                let edge = min(max(row % rows + diagonal, -1), columns)
                let kept = isUpper ? max(edge, 0)..<columns : 0..<min(edge + 1, columns)
                for column in kept { output[row * columns + column] = input[row * columns + column] }
            }
        }
    }

    private let isUpper: Bool

    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 2)
        isUpper = try reader.flag("upper", default: true)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0), shape = input.shape
        let bound = 1 << 40
        let diagonal = min(max(try inputs.integer(1) ?? 0, -bound), bound)
        guard shape.count >= 2, let planes = elementCount(of: shape.dropLast(2)), elementCount(of: shape) != nil else {
            throw node.invalid("its input of shape \(shape) holds no matrices")
        }
        let copy = Copy(
            planes: planes, rows: shape[shape.count - 2], columns: shape[shape.count - 1], diagonal: diagonal,
            isUpper: isUpper)
        return try CopyStep.emit(copy, [input], shape: shape, of: node, into: &lowering)
    }
}

/// ONNX's Compress: the entries along an axis, or of all values, whose condition holds. It is known when planning.
struct CompressOperator: Operator {
    private let axis: Int?

    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
        axis = try reader.int("axis")
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node
        var input = try inputs.value(0)
        guard let condition = try inputs.constant(1), condition.elementType == .bool, condition.shape.count == 1,
            let truths = condition.integers
        else { throw node.invalid("its condition is no list of truth values") }
        if axis == nil { input = input.reshaped([elementCount(of: input.shape) ?? 0]) }
        let axis = try node.axis(axis ?? 0, rank: input.shape.count)
        guard truths.count <= input.shape[axis] || !truths.dropFirst(input.shape[axis]).contains(1) else {
            throw node.invalid("it has \(truths.count) conditions for \(input.shape[axis]) entries")
        }
        let chosen = truths.indices.filter { truths[$0] != 0 }
        var shape = input.shape
        shape[axis] = chosen.count
        guard let seen = AxisShape(input.shape, axis: axis), elementCount(of: shape) != nil else {
            throw node.invalid("its input of shape \(input.shape) is \(NetworkLimits.tooLarge)")
        }
        guard seen.outer * chosen.count <= IndexTable.maximumCount else {
            throw node.unsupported("it picks more than \(IndexTable.maximumCount) entries")
        }
        try lowering.chargeTable([seen.outer * chosen.count], of: node)
        let places = (0..<(chosen.isEmpty ? 0 : seen.outer)).flatMap { outer in
            chosen.map { (outer * seen.count + $0) * seen.inner }
        }
        return try CopyStep.emit(
            PickCopy(places: places, block: seen.inner), [input], shape: shape, of: node, into: &lowering)
    }
}
