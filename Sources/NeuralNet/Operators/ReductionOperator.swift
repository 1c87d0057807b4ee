// SPDX-License-Identifier: Apache-2.0

/// ONNX's ReduceMean, ReduceSum and ReduceMax: the axes are an attribute, or an input in later operator sets.
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
            default: throw .unsupportedOperator(operatorType: type, node: reader.node.label)
            }
        keepsDimensions = try reader.flag("keepdims", default: true)
        let takesInput = reader.opset >= (reduction == .sum ? 13 : 18)
        try reader.requireInputs(1, upTo: takesInput ? 2 : 1)
        attributeAxes = takesInput ? nil : try reader.ints("axes")
        leavesWithoutAxes = takesInput ? try reader.flag("noop_with_empty_axes") : false
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.floats(0)
        let stated = try inputs.integers(1, unless: attributeAxes) ?? []
        if stated.isEmpty, leavesWithoutAxes { return input }
        let axes = stated.isEmpty ? Array(input.shape.indices) : try node.axes(stated, rank: input.shape.count)
        guard let shape = ReductionShape(input.shape, axes: axes) else {
            throw node.unsupported("a reduction of the shape \(input.shape) over the axes \(axes) has too many axes")
        }
        return try lowering.emit(
            ReductionStep(reduction: reduction, shape: shape), [input],
            shape: shape.outputShape(keepDimensions: keepsDimensions), of: node)
    }
}

struct ReductionStep: StepBody {
    let reduction: Reduction
    let shape: ReductionShape

    func run(_ memory: StepMemory) {
        ReductionKernel.run(reduction, shape, input: memory.operand(0), output: memory.output)
    }
}
