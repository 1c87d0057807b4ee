// SPDX-License-Identifier: Apache-2.0

/// ONNX's OneHot: along a new axis one value where an index points, and another elsewhere.
struct OneHotOperator: Operator {
    private let axis: Int

    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(3, upTo: 3)
        axis = try reader.int("axis", default: -1)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, make = Composition(node: node), indices = try inputs.numbers(0)
        guard let depth = try inputs.constant(1), depth.count == 1,
            let count = depth.integers.map({ Int($0[0]) })
                ?? depth.floats.flatMap({ Int(exactly: $0.pointer.pointee) }),
            count > 0, count <= NetworkLimits.maximumExactInteger
        else { throw node.invalid("its depth is no number from 1 to 16,777,216") }
        let values = try inputs.numbers(2)
        guard values.shape == [2] else { throw node.invalid("its values have the shape \(values.shape), and are two") }
        let axis = try node.axis(axis, rank: indices.shape.count + 1)
        var wide = indices.shape
        wide.insert(1, at: axis)
        // Indices count from the end where they are negative.
        let zero = PlanValue.scalar(0), extent = PlanValue.scalar(Float(count))
        var floats = try CastTarget(.float).convert(indices, of: node, into: &lowering)
        let isNegative = try make.binary(.less, floats, zero, &lowering)
        let counted = try make.binary(.add, floats, extent, &lowering)
        floats = try Self.select(isNegative, counted, floats, .float, node, &lowering).reshaped(wide)
        try lowering.charge(shape: [count], elementSize: MemoryLayout<Float>.size, of: node)
        let places = PlanValue.constant(
            ConstantValue(ConstantTensor(shape: [count], storage: .float((0..<count).map { Float($0) }))))
        let ranged = places.reshaped([count] + Array(repeating: 1, count: indices.shape.count - axis))
        let isHit = try make.binary(.equal, floats, ranged, &lowering)
        let off = try ViewCopy.slice(values, axis: 0, start: 0, count: 1, of: node, into: &lowering).reshaped([])
        let on = try ViewCopy.slice(values, axis: 0, start: 1, count: 1, of: node, into: &lowering).reshaped([])
        return try Self.select(isHit, on, off, inputs.type(2), node, &lowering)
    }

    private static func select(
        _ condition: PlanValue, _ first: PlanValue, _ second: PlanValue, _ type: ElementType, _ node: Node,
        _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        guard let shape = TripleBroadcastShape(condition.shape, first.shape, second.shape) else {
            throw node.invalid("its input is \(NetworkLimits.tooLarge)")
        }
        return try lowering.emit(
            SelectStep(shape: shape), [try condition.asFloats(of: node), first, second], shape: shape.outputShape,
            type: type, of: node)
    }
}

/// ONNX's ReverseSequence: the first entries of each sequence in the opposite order, as many as are stated.
struct ReverseSequenceOperator: Operator {
    private let batchAxis: Int
    private let timeAxis: Int

    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
        batchAxis = try reader.int("batch_axis", default: 1)
        timeAxis = try reader.int("time_axis", default: 0)
        guard Set([batchAxis, timeAxis]) == [0, 1] else {
            throw reader.node.invalid("batch_axis is \(batchAxis) and time_axis is \(timeAxis)")
        }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0), shape = input.shape
        let lengths = try inputs.requiredIntegers(1)
        guard shape.count >= 2, lengths.count == shape[batchAxis],
            lengths.allSatisfy({ $0 >= 0 && $0 <= shape[timeAxis] }), let block = elementCount(of: shape[2...]),
            let blocks = elementCount(of: shape[..<2]), blocks <= IndexTable.maximumCount,
            elementCount(of: shape) != nil
        else { throw node.invalid("lengths \(lengths) do not suit an input of shape \(shape)") }
        try lowering.chargeTable([blocks], of: node)
        let places = (0..<blocks).map { place in
            let first = place / max(shape[1], 1), second = place % max(shape[1], 1)
            let time = timeAxis == 0 ? first : second, length = lengths[timeAxis == 0 ? second : first]
            let moved = time < length ? length - 1 - time : time
            return (timeAxis == 0 ? moved * shape[1] + second : first * shape[1] + moved) * block
        }
        return try CopyStep.emit(
            PickCopy(places: places, block: block), [input], shape: shape, of: node, into: &lowering)
    }
}

/// ONNX's CenterCropPad: the middle of each axis, or zeros around it.
struct CenterCropPadOperator: Operator {
    private let axes: [Int]?

    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
        axes = try reader.ints("axes")
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0), shape = input.shape
        let wanted = try inputs.requiredIntegers(1)
        let axes = try node.axes(axes ?? Array(shape.indices), rank: shape.count)
        guard wanted.count == axes.count, (wanted + shape).allSatisfy({ $0 >= 0 && $0 <= 1 << 24 }) else {
            throw node.invalid("it brings \(shape) to \(wanted)")
        }
        var before = Array(repeating: 0, count: shape.count), after = before
        for (axis, extent) in zip(axes, wanted) {
            // Of an odd number the smaller half comes first.
            let difference = extent - shape[axis]
            before[axis] = difference < 0 ? -(-difference / 2) : difference / 2
            after[axis] = difference - before[axis]
        }
        try lowering.chargeTable([wanted.reduce(shape.reduce(0, +), +)], of: node)
        guard let padded = PadShape(shape, before: before, after: after, mode: .constant) else {
            throw node.invalid("it brings \(shape) to \(wanted)")
        }
        return try CopyStep.emit(
            PadCopy(shape: padded), [input], shape: padded.outputShape, of: node, into: &lowering)
    }
}
