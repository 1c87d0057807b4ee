// SPDX-License-Identifier: Apache-2.0

/// ONNX's reductions, ReduceMean and the like: the axes are an attribute, or an input in later operator sets (18, and 13
/// for ReduceSum). Whole numbers that are known when planning are added, multiplied and compared.
struct ReductionOperator: Operator {
    let reduction: Reduction
    let keepsDimensions: Bool
    private let attributeAxes: [Int]?
    private let leavesWithoutAxes: Bool

    var plannedInputs: [Int] { [1] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let type = reader.node.operatorType
        reduction =
            switch type {
            case "ReduceSum": .sum
            case "ReduceMean": .mean
            case "ReduceMax": .maximum
            case "ReduceMin": .minimum
            case "ReduceProd": .product
            case "ReduceL1": .sumOfMagnitudes
            case "ReduceL2": .euclidean
            case "ReduceSumSquare": .sumOfSquares
            case "ReduceLogSum": .logarithmOfSum
            case "ReduceLogSumExp": .logarithmOfExponentials
            default: throw .unsupportedOperator(operatorType: type, node: reader.node.label)
            }
        keepsDimensions = try reader.flag("keepdims", default: true)
        let takesInput = reader.opset >= (reduction == .sum ? 13 : 18)
        try reader.requireInputs(1, upTo: takesInput ? 2 : 1)
        attributeAxes = takesInput ? nil : try reader.ints("axes")
        leavesWithoutAxes = takesInput ? try reader.flag("noop_with_empty_axes") : false
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.value(0)
        let stated = try inputs.integers(1, unless: attributeAxes) ?? []
        // Without an axis each value is reduced by itself.
        let axes =
            stated.isEmpty
            ? (leavesWithoutAxes ? [] : Array(input.shape.indices)) : try node.axes(stated, rank: input.shape.count)
        guard let shape = ReductionShape(input.shape, axes: axes) else {
            throw node.unsupported("a reduction of the shape \(input.shape) over the axes \(axes) has too many axes")
        }
        let result = shape.outputShape(keepDimensions: keepsDimensions)
        if let constant = input.constant, constant.integers != nil {
            return try fold(constant, axes: axes, result: result, node, into: &lowering)
        }
        if axes.isEmpty, ![.sumOfMagnitudes, .euclidean, .sumOfSquares, .logarithmOfSum].contains(reduction) {
            return try inputs.floats(0)
        }
        let isComparison = reduction == .maximum || reduction == .minimum
        let read = isComparison ? try inputs.numbers(0) : try inputs.floats(0)
        return try lowering.emit(
            ReductionStep(reduction: reduction, shape: shape), [read], shape: result, type: inputs.type(0), of: node)
    }

    /// Whole numbers and truth values.
    private func fold(
        _ constant: ConstantValue, axes: [Int], result: [Int], _ node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        let integers = constant.integers ?? [], shape = constant.shape, own = TensorExtent.strides(of: shape)
        let kept = shape.indices.filter { !axes.contains($0) }
        func places(_ axes: [Int]) -> [Int] {
            IndexTable.offsets(over: axes.map { shape[$0] }, strides: axes.map { own[$0] })
        }
        try lowering.charge(shape: result, elementSize: MemoryLayout<Int64>.size, of: node)
        // The places of all values, and the values.
        try lowering.chargeTable(shape, tables: 2, of: node)
        let reduced = places(axes)
        var values: [Int64] = []
        for start in places(kept) {
            let chosen = reduced.lazy.map { integers[start + $0] }
            let value: Int64?
            switch reduction {
            case .sum: value = chosen.reduce(0, &+)
            case .product: value = chosen.reduce(1, &*)
            case .sumOfMagnitudes: value = chosen.reduce(0) { $0 &+ ($1 < 0 ? 0 &- $1 : $1) }
            case .sumOfSquares: value = chosen.reduce(0) { $0 &+ $1 &* $1 }
            case .mean: value = chosen.isEmpty ? nil : chosen.reduce(0, &+) / Int64(chosen.count)
            case .maximum: value = chosen.max() ?? (constant.elementType == .bool ? 0 : nil)
            case .minimum: value = chosen.min() ?? (constant.elementType == .bool ? 1 : nil)
            default: value = nil
            }
            guard let value else { throw node.unsupported("it is applied to \(constant.elementType)") }
            values.append(value)
        }
        return .constant(
            ConstantValue(
                ConstantTensor(shape: result, storage: .int64(values)).converted(to: constant.elementType)))
    }
}

struct ReductionStep: CountedStep {
    let reduction: Reduction
    let shape: ReductionShape

    var work: Work {
        Work(
            shape.inputCount,
            reduction == .logarithmOfExponentials ? WorkCost.libraryFunction : WorkCost.single)
    }

    /// Over axes that are counted from the start, which are kept as 1.
    static func emit(
        _ reduction: Reduction, _ input: PlanValue, axes: [Int], of node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        guard let shape = ReductionShape(input.shape, axes: axes) else {
            throw node.unsupported("a reduction of the shape \(input.shape) over the axes \(axes) has too many axes")
        }
        return try lowering.emit(
            ReductionStep(reduction: reduction, shape: shape), [input],
            shape: shape.outputShape(keepDimensions: true), of: node)
    }

    func run(_ memory: StepMemory) {
        ReductionKernel.run(reduction, shape, input: memory.operand(0), output: memory.output)
    }
}
