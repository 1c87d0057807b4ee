// SPDX-License-Identifier: Apache-2.0

/// ONNX's Gather. Indices that a run computes are drawn into the axis; those known when planning are refused outside.
struct GatherOperator: Operator {
    private struct Copy: ElementCopy {
        let shape: GatherShape
        /// Each is within the axis.
        let indices: [Int64]

        func run<Element: BitwiseCopyable>(
            input index: Int, _ input: UnsafePointer<Element>, into output: UnsafeMutablePointer<Element>
        ) {
            indices.withUnsafeBufferPointer { indices in
                guard let base = indices.baseAddress else { return }
                _ = GatherKernel.run(shape, indices: base, input: input, output: output)
            }
        }
    }

    let axis: Int

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
        axis = try reader.int("axis", default: 0)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let input = try inputs.value(0)
        return try Self.gather(
            input, try inputs.value(1), axis: try inputs.node.axis(axis, rank: input.shape.count),
            types: (inputs.type(0), inputs.type(1)), of: inputs.node, into: &lowering)
    }

    /// - Parameter types: of the data and of the indices.
    static func gather(
        _ input: PlanValue, _ chosen: PlanValue, axis: Int, types: (data: ElementType, indices: ElementType),
        of node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        guard types.indices.isInteger else { throw node.invalid("its indices are no integers") }
        guard let count = elementCount(of: chosen.shape),
            let shape = GatherShape(input.shape, axis: axis, indexCount: count)
        else {
            throw node.invalid("it picks \(chosen.shape) entries of the shape \(input.shape), which is too much")
        }
        let result = Array(input.shape[..<axis]) + chosen.shape + Array(input.shape[(axis + 1)...])
        guard let constant = chosen.constant, let indices = constant.integers else {
            guard shape.count > 0 || count == 0 else { throw node.invalid("it picks of an empty axis") }
            return try lowering.emit(
                ComputedGatherStep(shape: shape), [try input.asFloats(of: node), chosen], shape: result,
                type: types.data, of: node)
        }
        let extent = Int64(input.shape[axis])
        if let index = indices.first(where: { $0 < -extent || $0 >= extent }) {
            throw node.invalid("the index \(index) is outside axis \(axis) of the shape \(input.shape)")
        }
        return try CopyStep.emit(
            Copy(shape: shape, indices: indices), [input], shape: result, of: node, into: &lowering)
    }
}

/// Operands: data, indices.
struct ComputedGatherStep: CountedStep {
    let shape: GatherShape

    var work: Work { Work(shape.indexCount, shape.outer, WorkCost.single) }

    func run(_ memory: StepMemory) {
        ComputedGatherKernel.run(
            shape, input: memory.operand(0), indices: memory.operand(1), output: memory.output)
    }
}

/// ONNX's GatherElements and GatherND (from operator set 12 on with batch axes).
struct GatherPlacesOperator: Operator {
    private let isElements: Bool
    private let axis: Int
    private let batch: Int

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
        isElements = reader.node.operatorType == "GatherElements"
        axis = isElements ? try reader.int("axis", default: 0) : 0
        batch = isElements || reader.opset < 12 ? 0 : try reader.int("batch_dims", default: 0)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, data = try inputs.value(0), chosen = try inputs.value(1), shape = data.shape
        guard inputs.type(1).isInteger else { throw node.invalid("its indices are no integers") }
        let places = try PlacesOfIndices(
            chosen, over: shape, axis: isElements ? try node.axis(axis, rank: shape.count) : nil, batch: batch, node,
            into: &lowering)
        let result =
            isElements
            ? chosen.shape : Array(chosen.shape.dropLast()) + Array(shape[(batch + (chosen.shape.last ?? 0))...])
        switch places {
        case .known(let places, let block):
            return try CopyStep.emit(
                PickCopy(places: places, block: block), [data], shape: result, of: node, into: &lowering)
        case .computed(let places):
            return try lowering.emit(
                ComputedPlacesStep(places: places), [try inputs.numbers(0), chosen], shape: result,
                type: inputs.type(0), of: node)
        }
    }
}

/// Where a node's indices point in its data.
enum PlacesOfIndices {
    case known([Int], block: Int)
    case computed(ComputedPlaces)

    /// - Parameter axis: of GatherElements and ScatterElements; nil for GatherND and ScatterND.
    init(
        _ indices: PlanValue, over data: [Int], axis: Int?, batch: Int, _ node: Node, into lowering: inout Lowering
    ) throws(NetworkError) {
        try lowering.chargeTable(indices.shape, of: node)
        let shape = indices.shape, strides = TensorExtent.strides(of: data)
        if let axis {
            if let known = indices.constant?.integers {
                self = .known(
                    try IndexTable.alongAxis(axis, indices: known, shape: shape, data: data, node), block: 1)
                return
            }
            try IndexTable.checkAlongAxis(axis, shape: shape, data: data, node)
            guard data[axis] > 0 || elementCount(of: shape) == 0 else {
                throw node.invalid("it picks of an empty axis")
            }
            var others = strides
            others[axis] = 0
            self = .computed(
                ComputedPlaces(
                    starts: IndexTable.offsets(over: shape, strides: others), extents: [data[axis]],
                    strides: [strides[axis]], block: 1))
            return
        }
        if let known = indices.constant?.integers {
            let (places, block) = try IndexTable.tuples(
                indices: known, shape: shape, data: data, batch: batch, node)
            self = .known(places, block: block)
            return
        }
        let (length, block) = try IndexTable.checkTuples(shape: shape, data: data, batch: batch, node)
        guard data[batch..<(batch + length)].allSatisfy({ $0 > 0 }) || elementCount(of: shape) == 0 else {
            throw node.invalid("it picks of an empty axis")
        }
        var leading = Array(repeating: 0, count: shape.count - 1)
        for axis in 0..<batch { leading[axis] = strides[axis] }
        let starts = block == 0 ? [] : IndexTable.offsets(over: Array(shape.dropLast()), strides: leading)
        self = .computed(
            ComputedPlaces(
                starts: starts,
                extents: Array(data[batch..<(batch + length)]),
                strides: Array(strides[batch..<(batch + length)]), block: block))
    }
}

/// Operands: data, indices.
struct ComputedPlacesStep: CountedStep {
    let places: ComputedPlaces

    var work: Work { places.work }

    func run(_ memory: StepMemory) {
        ComputedPlacesKernel.gather(
            places, input: memory.operand(0), indices: memory.operand(1), output: memory.output)
    }
}

/// ONNX's Scatter (operator sets 9 and 10), ScatterElements and ScatterND: from operator set 16 on what is put may be
/// added to what stands there or multiplied with it, from 18 on the lesser or greater be taken.
struct ScatterOperator: Operator {
    private let isElements: Bool
    private let axis: Int
    private let reduction: ScatterReduction

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        try reader.requireInputs(3, upTo: 3)
        isElements = node.operatorType != "ScatterND"
        axis = isElements ? try reader.int("axis", default: 0) : 0
        let name = reader.opset >= 16 ? try reader.string("reduction", default: "none") : "none"
        guard let reduction = ScatterReduction(rawValue: name) else {
            throw node.unsupported("the reduction “\(name)”")
        }
        self.reduction = reduction
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, data = try inputs.value(0), chosen = try inputs.value(1)
        let updates = try inputs.value(2), shape = data.shape
        guard inputs.type(1).isInteger else { throw node.invalid("its indices are no integers") }
        guard inputs.type(0) == inputs.type(2) else { throw node.invalid("its data and updates are not of one type") }
        let places = try PlacesOfIndices(
            chosen, over: shape, axis: isElements ? try node.axis(axis, rank: shape.count) : nil, batch: 0, node,
            into: &lowering)
        let expected =
            isElements ? chosen.shape : Array(chosen.shape.dropLast()) + Array(shape[(chosen.shape.last ?? 0)...])
        guard updates.shape == expected, let count = elementCount(of: shape) else {
            throw node.invalid("it puts updates of shape \(updates.shape) where \(expected) belong")
        }
        if reduction == .none, case .known(let places, let block) = places {
            return try CopyStep.emit(
                PutCopy(count: count, places: places, block: block), [data, updates], shape: shape, of: node,
                into: &lowering)
        }
        let computed: ComputedPlaces
        switch places {
        case .computed(let places): computed = places
        // Without an index left: each start is the place.
        case .known(let known, let block):
            computed = ComputedPlaces(starts: known, extents: [], strides: [], block: block)
        }
        return try lowering.emit(
            ScatterStep(places: computed, reduction: reduction, count: count),
            [try inputs.floats(0), try inputs.numbers(1), try inputs.floats(2)], shape: shape, of: node)
    }
}

/// Operands: data, indices, updates.
struct ScatterStep: CountedStep {
    let places: ComputedPlaces
    let reduction: ScatterReduction
    let count: Int

    var work: Work { places.work + Work(places.starts.count, places.block, WorkCost.single) }

    func run(_ memory: StepMemory) {
        ComputedPlacesKernel.scatter(
            places, reduction, count: count, data: memory.operand(0), indices: memory.operand(1),
            updates: memory.operand(2), output: memory.output)
    }
}
