// SPDX-License-Identifier: Apache-2.0

/// ONNX's LayerNormalization (operator set 17) and RMSNormalization (23): over all axes from one on. The further
/// outputs of the first are the means and the inverse deviations.
struct LayerNormalizationOperator: MultipleOutputOperator {
    private let axis: Int
    private let epsilon: Float
    private let isCentered: Bool

    var outputCount: Int { isCentered ? 3 : 1 }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        isCentered = reader.node.operatorType == "LayerNormalization"
        try reader.requireInputs(2, upTo: isCentered ? 3 : 2)
        axis = try reader.int("axis", default: -1)
        epsilon = try reader.float("epsilon", default: 1e-5)
        // All is computed in single precision.
        reader.ignore("stash_type")
    }

    func lowerAll(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> [PlanValue?] {
        let node = inputs.node, input = try inputs.floats(0), shape = input.shape
        let axis = try node.axis(axis, rank: shape.count)
        guard let rows = elementCount(of: shape[..<axis]), let count = elementCount(of: shape[axis...]), count > 0,
            elementCount(of: shape) != nil
        else { throw node.invalid("its input of shape \(shape) is empty or \(NetworkLimits.tooLarge)") }
        let normalized = Array(shape[axis...])
        let scale = try ViewCopy.expand(try inputs.floats(1), to: normalized, of: node, into: &lowering)
        let bias = try inputs.optionalFloats(2).map { bias throws(NetworkError) in
            try ViewCopy.expand(bias, to: normalized, of: node, into: &lowering)
        }
        let rowShape = RowNormalization(
            rows: rows, count: count, isCentered: isCentered, epsilon: epsilon, affine: .perPlace)
        var results: [PlanValue?] = [
            try lowering.emit(
                RowNormalizationStep(shape: rowShape), [input, scale, bias], shape: shape, of: node)
        ]
        let statistics = Array(shape[..<axis]) + Array(repeating: 1, count: shape.count - axis)
        for output in 1..<outputCount {
            results.append(
                inputs.wants(output: output)
                    ? try lowering.emit(
                        RowStatisticStep(shape: rowShape, isMean: output == 1), [input], shape: statistics, of: node)
                    : nil)
        }
        return results
    }
}

/// ONNX's InstanceNormalization, and GroupNormalization with factors for each group (operator sets 18 to 20) or each
/// channel (from 21 on).
struct GroupNormalizationOperator: Operator {
    private let epsilon: Float
    /// nil where each channel is a group.
    private let groups: Int?
    private let isPerGroup: Bool

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        try reader.requireInputs(3, upTo: 3)
        epsilon = try reader.float("epsilon", default: 1e-5)
        guard node.operatorType == "GroupNormalization" else {
            (groups, isPerGroup) = (nil, false)
            return
        }
        guard let groups = try reader.int("num_groups"), groups > 0 else {
            throw node.invalid("its attribute “num_groups” is missing or not positive")
        }
        self.groups = groups
        isPerGroup = reader.opset < 21
        if reader.opset >= 21 { reader.ignore("stash_type") }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.floats(0)
        let shape = try ChannelShape(input.shape, of: node)
        let groups = groups ?? shape.channels
        guard groups > 0, shape.channels % groups == 0, shape.area > 0 else {
            throw node.invalid("\(shape.channels) channels cannot be put into \(groups) groups")
        }
        var factors: [PlanValue] = []
        for index in 1...2 {
            let factor = try inputs.floats(index)
            guard factor.shape == [isPerGroup ? groups : shape.channels] else {
                throw node.invalid("input \(index + 1) has the shape \(factor.shape)")
            }
            factors.append(
                isPerGroup
                    ? try ViewCopy.emit(
                        factor, extents: [groups, shape.channels / groups], strides: [1, 0], shape: [shape.channels],
                        of: node, into: &lowering) : factor)
        }
        let row = RowNormalization(
            rows: shape.batch * groups, count: shape.channels / groups * shape.area, isCentered: true,
            epsilon: epsilon, affine: .perChannel(area: shape.area, channels: shape.channels))
        return try lowering.emit(
            RowNormalizationStep(shape: row), [input, factors[0], factors[1]], shape: input.shape, of: node)
    }
}

/// Operands: input, factors, summands.
struct RowNormalizationStep: CountedStep {
    let shape: RowNormalization

    var work: Work { Work(shape.rows, shape.count, 2 * WorkCost.single) }

    func run(_ memory: StepMemory) {
        RowNormalizationKernel.run(
            shape, input: memory.operand(0), scale: memory.operands[1], bias: memory.operands[2],
            output: memory.output)
    }
}

struct RowStatisticStep: CountedStep {
    let shape: RowNormalization
    let isMean: Bool

    var work: Work { Work(shape.rows, shape.count, WorkCost.single) }

    func run(_ memory: StepMemory) {
        RowNormalizationKernel.statistic(shape, isMean: isMean, input: memory.operand(0), output: memory.output)
    }
}

/// ONNX's MeanVarianceNormalization, which in operator set 9 got the axes: (x − mean) / √variance over some axes.
struct MeanVarianceOperator: Operator {
    private let axes: [Int]

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        guard reader.opset >= 9 else {
            throw .unsupportedOperator(operatorType: reader.node.operatorType, node: reader.node.label)
        }
        axes = try reader.ints("axes") ?? [0, 2, 3]
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.floats(0)
        let axes = try node.axes(axes, rank: input.shape.count)
        let mean = try ReductionStep.emit(.mean, input, axes: axes, of: node, into: &lowering)
        let centered = try BinaryStep.emit(.subtract, input, mean, of: node, into: &lowering)
        let squares = try UnaryStep.square(centered, of: node, into: &lowering)
        let variance = try ReductionStep.emit(.mean, squares, axes: axes, of: node, into: &lowering)
        let deviation = try UnaryStep.emit(.sqrt, variance, of: node, into: &lowering)
        let divisor = try BinaryStep.emit(.add, deviation, .scalar(1e-9), of: node, into: &lowering)
        return try BinaryStep.emit(.divide, centered, divisor, of: node, into: &lowering)
    }
}

extension UnaryStep {
    fileprivate static func square(
        _ value: PlanValue, of node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        try FunctionStep.emit(.power(2), value, of: node, into: &lowering)
    }
}
