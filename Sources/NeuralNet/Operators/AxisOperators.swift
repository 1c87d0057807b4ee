// SPDX-License-Identifier: Apache-2.0

/// ONNX's ArgMax and ArgMin, which answer whole numbers; from operator set 12 on the last of equal values may be taken.
struct ExtremePlaceOperator: Operator {
    private let axis: Int
    private let keepsDimensions: Bool
    private let takesLast: Bool
    private let isMaximum: Bool

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        isMaximum = reader.node.operatorType == "ArgMax"
        axis = try reader.int("axis", default: 0)
        keepsDimensions = try reader.flag("keepdims", default: true)
        takesLast = reader.opset >= 12 ? try reader.flag("select_last_index") : false
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.numbers(0), shape = input.shape
        let axis = try node.axis(axis, rank: shape.count)
        guard let seen = AxisShape(shape, axis: axis), seen.count > 0, seen.count <= NetworkLimits.maximumExactInteger
        else { throw node.invalid("axis \(axis) of its input \(shape) is empty or longer than 16,777,216") }
        var result = shape
        if keepsDimensions { result[axis] = 1 } else { result.remove(at: axis) }
        return try lowering.emit(
            ExtremePlaceStep(shape: seen, isMaximum: isMaximum, takesLast: takesLast), [input], shape: result,
            type: .int64, of: node)
    }
}

struct ExtremePlaceStep: CountedStep {
    let shape: AxisShape
    let isMaximum: Bool
    let takesLast: Bool

    var work: Work { Work(shape.outer, shape.count, shape.inner, WorkCost.single) }

    func run(_ memory: StepMemory) {
        ExtremePlaceKernel.run(
            shape, isMaximum: isMaximum, takesLast: takesLast, input: memory.operand(0), output: memory.output)
    }
}

/// ONNX's TopK: the number is an attribute until operator set 10, then an input; from 11 on the least may be asked for.
struct TopOperator: MultipleOutputOperator {
    private let axis: Int
    private let attributeK: Int?
    private let isLargest: Bool

    var plannedInputs: [Int] { [1] }
    var outputCount: Int { 2 }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let takesInput = reader.opset >= 10
        try reader.requireInputs(takesInput ? 2 : 1, upTo: takesInput ? 2 : 1)
        attributeK = takesInput ? nil : try reader.int("k", default: -1)
        axis = try reader.int("axis", default: -1)
        isLargest = reader.opset >= 11 ? try reader.flag("largest", default: true) : true
        // What need not be sorted may be.
        if reader.opset >= 11 { reader.ignore("sorted") }
    }

    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?] {
        let node = inputs.node, input = try inputs.numbers(0)
        let axis = try node.axis(axis, rank: input.shape.count)
        let stated = if let attributeK { attributeK } else { try inputs.integer(1) }
        guard let k = stated, k >= 0, k <= input.shape[axis] else {
            throw node.invalid("it takes \(stated ?? 0) of \(input.shape[axis]) values")
        }
        guard let seen = AxisShape(input.shape, axis: axis), seen.count <= NetworkLimits.maximumExactInteger else {
            throw node.invalid("its input of shape \(input.shape) is longer than 16,777,216")
        }
        var shape = input.shape
        shape[axis] = k
        func sorted(wantsPlaces: Bool) throws(NetworkError) -> PlanValue {
            let step = TopStep(shape: seen, k: k, isLargest: isLargest, wantsPlaces: wantsPlaces)
            return try lowering.emit(
                step, [input], shape: shape, type: wantsPlaces ? .int64 : inputs.type(0), of: node)
        }
        guard inputs.wants(output: 1) else { return [try sorted(wantsPlaces: false), nil] }
        let places = try sorted(wantsPlaces: true)
        guard inputs.wants(output: 0) else { return [nil, places] }
        let values = try lowering.emit(
            PlacedValuesStep(shape: seen, k: k), [input, try places.asFloats(of: node)], shape: shape,
            type: inputs.type(0), of: node)
        return [values, places]
    }
}

struct TopStep: CountedStep {
    let shape: AxisShape
    let k: Int
    let isLargest: Bool
    let wantsPlaces: Bool

    var scratchCount: Int { shape.count }

    var work: Work {
        // A comparison costs several values, and each is compared with as many as the heap is deep.
        let depth = Int.bitWidth - shape.count.leadingZeroBitCount
        return Work(shape.outer, shape.count, shape.inner, 8 * WorkCost.single, depth)
    }

    func run(_ memory: StepMemory) {
        TopKernel.run(
            shape, k: k, isLargest: isLargest, wantsPlaces: wantsPlaces, input: memory.operand(0),
            output: memory.output, scratch: memory.scratch)
    }
}

/// The values at places along an axis. Operands: values, places.
struct PlacedValuesStep: CountedStep {
    let shape: AxisShape
    let k: Int

    var work: Work { Work(shape.outer, k, shape.inner, WorkCost.single) }

    func run(_ memory: StepMemory) {
        TopKernel.pick(
            shape, k: k, input: memory.operand(0), places: memory.operand(1), output: memory.output)
    }
}

/// ONNX's CumSum, and CumProd of operator set 26.
struct AccumulationOperator: Operator {
    private let accumulation: Accumulation

    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
        accumulation = Accumulation(
            isProduct: reader.node.operatorType == "CumProd", isExclusive: try reader.flag("exclusive"),
            isReversed: try reader.flag("reverse"))
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0)
        guard let stated = try inputs.integer(1) else { throw node.invalid("input 2 is missing") }
        guard let seen = AxisShape(input.shape, axis: try node.axis(stated, rank: input.shape.count)) else {
            throw node.invalid("its input of shape \(input.shape) is \(NetworkLimits.tooLarge)")
        }
        if let constant = input.constant, let integers = constant.integers {
            return try lowering.fold(
                ConstantTensor(shape: constant.shape, storage: .int64(fold(integers, seen)))
                    .converted(to: constant.elementType), of: node)
        }
        return try lowering.emit(
            AccumulationStep(shape: seen, accumulation: accumulation), [try inputs.floats(0)], shape: input.shape,
            of: node)
    }

    private func fold(_ integers: [Int64], _ shape: AxisShape) -> [Int64] {
        if integers.isEmpty { return integers }
        return [Int64](unsafeUninitializedCapacity: integers.count) { output, initialized in
            integers.withUnsafeBufferPointer { input in
                guard let source = input.baseAddress, let target = output.baseAddress else { return }
                accumulation.run(shape, input: source, output: target)
                initialized = integers.count
            }
        }
    }
}

struct AccumulationStep: CountedStep {
    let shape: AxisShape
    let accumulation: Accumulation

    var work: Work { Work(shape.outer, shape.count, shape.inner, WorkCost.single) }

    func run(_ memory: StepMemory) {
        accumulation.run(shape, input: memory.operand(0), output: memory.output)
    }
}
