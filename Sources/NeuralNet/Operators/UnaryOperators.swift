// SPDX-License-Identifier: Apache-2.0

/// Operators that make one value from one value, without parameters or with attributes only.
struct UnaryOperator: Operator {
    let operation: UnaryOperation

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        operation =
            switch reader.node.operatorType {
            case "Relu": .relu
            case "LeakyRelu": .leakyRelu(slope: try reader.float("alpha", default: 0.01))
            case "Sigmoid": .sigmoid
            case "Tanh": .tanh
            case "Exp": .exp
            case "Log": .log
            case "Sqrt": .sqrt
            case "Reciprocal": .reciprocal
            default: throw .unsupportedOperator(operatorType: reader.node.operatorType, node: reader.node.label)
            }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        try UnaryStep.emit(operation, try inputs.floats(0), of: inputs.node, into: &lowering)
    }
}

struct UnaryStep: CountedStep {
    let operation: UnaryOperation
    let count: Int

    var work: Work { Work(count, WorkCost.function) }

    static func emit(
        _ operation: UnaryOperation, _ input: PlanValue, of node: Node, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        let count = try Lowering.checkedCount(input.shape, what: "The input of node “\(node.label)”")
        return try lowering.emit(UnaryStep(operation: operation, count: count), [input], shape: input.shape, of: node)
    }

    /// The same as what an operator before it can apply to its own output; nil where none can.
    var activation: Activation? {
        switch operation {
        case .relu: .relu
        case .leakyRelu(let slope): .leakyRelu(slope: slope)
        case .clip(let lower, let upper): .clip(lower: lower, upper: upper)
        case .sigmoid: .sigmoid
        case .tanh: .tanh
        case .identity, .exp, .log, .sqrt, .negate, .absolute, .reciprocal: nil
        }
    }

    func run(_ memory: StepMemory) {
        UnaryKernel.run(operation, count: count, input: memory.operand(0), output: memory.output)
    }
}

/// ONNX's Clip: the bounds are attributes until operator set 11, then inputs.
struct ClipOperator: Operator {
    private let attributes: (lower: Float, upper: Float)?

    var plannedInputs: [Int] { [1, 2] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        if reader.opset < 11 {
            try reader.requireInputs(1, upTo: 1)
            attributes = (
                try reader.float("min", default: -.greatestFiniteMagnitude),
                try reader.float("max", default: .greatestFiniteMagnitude)
            )
        } else {
            try reader.requireInputs(1, upTo: 3)
            attributes = nil
        }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        if let constant = try inputs.value(0).constant, let integers = constant.integers {
            return try fold(integers, constant, inputs, into: &lowering)
        }
        let lower = try inputs.scalar(1, unless: attributes?.lower) ?? -.infinity
        let upper = try inputs.scalar(2, unless: attributes?.upper) ?? .infinity
        return try UnaryStep.emit(
            .clip(lower: lower, upper: upper), try inputs.floats(0), of: inputs.node, into: &lowering)
    }

    /// Whole numbers.
    private func fold(
        _ integers: [Int64], _ constant: ConstantValue, _ inputs: NodeInputs, into lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        guard attributes == nil else { throw inputs.node.invalid("input 1 is \(constant.elementType)") }
        let lower = Int64(try inputs.integer(1) ?? .min), upper = Int64(try inputs.integer(2) ?? .max)
        return try lowering.fold(
            ConstantTensor(shape: constant.shape, storage: .int64(integers.map { min(max($0, lower), upper) }))
                .converted(to: constant.elementType), of: inputs.node)
    }
}

/// ONNX's PRelu: the slopes are stretched to the input's shape.
struct PReluOperator: Operator {
    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.floats(0), slopes = try inputs.floats(1)
        guard let broadcast = BroadcastShape(left: input.shape, right: slopes.shape),
            broadcast.outputShape == input.shape
        else {
            throw node.invalid(
                "slopes of shape \(slopes.shape) cannot be stretched to the input's shape \(input.shape)")
        }
        return try lowering.emit(
            PReluStep(broadcast: broadcast, channels: channels(input: input.shape, slopes: slopes.shape)),
            [input, slopes], shape: input.shape, of: node)
    }

    /// How the input is seen when there is one slope for each channel.
    private func channels(input: [Int], slopes: [Int]) -> ChannelShape? {
        guard input.count >= 2, let area = elementCount(of: input[2...]) else { return nil }
        let perChannel = [input[1]] + Array(repeating: 1, count: input.count - 2)
        guard slopes == perChannel || slopes == [1] + perChannel else { return nil }
        return ChannelShape(batch: input[0], channels: input[1], area: area)
    }
}

/// Operands: input, slopes.
struct PReluStep: CountedStep {
    let broadcast: BroadcastShape
    let channels: ChannelShape?

    var work: Work { broadcast.work }

    func run(_ memory: StepMemory) {
        BinaryKernel.run(.prelu, broadcast, left: memory.operand(0), right: memory.operand(1), output: memory.output)
    }
}
