// SPDX-License-Identifier: Apache-2.0

extension ChannelShape {
    /// A tensor of at least two axes, the channels second.
    init(_ shape: [Int], of node: Node) throws(NetworkError) {
        guard shape.count >= 2, let area = elementCount(of: shape[2...]),
            let found = ChannelShape(batch: shape[0], channels: shape[1], area: area)
        else {
            throw node.invalid("its input of shape \(shape) has no channels as its second axis")
        }
        self = found
    }
}

/// ONNX's BatchNormalization at inference. Its statistics are part of the network.
struct BatchNormalizationOperator: Operator {
    let epsilon: Float

    var plannedInputs: [Int] { [1, 2, 3, 4] }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        try reader.requireInputs(5, upTo: 5)
        epsilon = try reader.float("epsilon", default: 1e-5)
        reader.ignore("momentum")
        if reader.opset < 9, try !reader.flag("spatial", default: true) {
            throw node.unsupported("spatial is 0: statistics for each place instead of each channel")
        }
        if reader.opset >= 14, try reader.flag("training_mode") { throw node.unsupported("it is in training mode") }
        guard node.outputs.dropFirst().allSatisfy(\.isEmpty) else {
            throw node.unsupported("it answers statistics, which only training mode has")
        }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let input = try inputs.floats(0)
        let shape = try ChannelShape(input.shape, of: inputs.node)
        let factors = try factors(inputs, channels: shape.channels)
        return try lowering.emit(
            ChannelAffineStep(shape: shape), [input, factors.scale.value, factors.shift.value, nil],
            shape: input.shape, of: inputs.node)
    }

    /// y = scale · x + shift, per channel.
    func factors(
        _ inputs: NodeInputs, channels: Int
    ) throws(NetworkError) -> (scale: ConstantFloats, shift: ConstantFloats) {
        var statistics: [ConstantFloats] = []
        for index in plannedInputs {
            guard let constant = try inputs.constant(index), let floats = constant.floats, constant.shape == [channels]
            else {
                throw inputs.node.invalid(
                    "input \(index + 1) is not one number in single precision for each of \(channels) channels")
            }
            statistics.append(floats)
        }
        var shift = ConstantFloats([])
        let scale = ConstantFloats(count: channels) { scale in
            shift = ConstantFloats(count: channels) { shift in
                ChannelAffineKernel.foldBatchNormalization(
                    channels: channels, scale: statistics[0].pointer, bias: statistics[1].pointer,
                    mean: statistics[2].pointer, variance: statistics[3].pointer, epsilon: epsilon,
                    intoScale: scale, shift: shift)
            }
        }
        return (scale, shift)
    }
}

extension ConstantFloats {
    /// As a list.
    var value: PlanValue { .constant(ConstantValue(shape: [count], floats: self)) }
}

/// Operands: input, scale, shift, slopes of ``Activation/perChannelSlope``.
struct ChannelAffineStep: CountedStep {
    let shape: ChannelShape
    var activation = Activation.none

    var work: Work { Work(shape.batch, shape.channels, shape.area, WorkCost.value) }

    func run(_ memory: StepMemory) {
        ChannelAffineKernel.run(
            shape, scale: memory.operand(1), shift: memory.operand(2), input: memory.operand(0), output: memory.output,
            slopes: memory.operands[3], activation: activation)
    }
}

/// ONNX's LRN.
struct LocalResponseNormalizationOperator: Operator {
    let response: LocalResponse

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        guard let size = try reader.int("size") else { throw reader.node.invalid("its attribute “size” is missing") }
        guard size > 0 else { throw reader.node.invalid("size is \(size)") }
        response = LocalResponse(
            size: size, alpha: try reader.float("alpha", default: 0.0001),
            beta: try reader.float("beta", default: 0.75),
            bias: try reader.float("bias", default: 1))
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let input = try inputs.floats(0)
        let shape = try ChannelShape(input.shape, of: inputs.node)
        return try lowering.emit(
            LocalResponseNormalizationStep(shape: shape, response: response), [input], shape: input.shape,
            of: inputs.node)
    }
}

struct LocalResponseNormalizationStep: CountedStep {
    let shape: ChannelShape
    let response: LocalResponse

    var work: Work {
        let hasRoots = [0.5, 0.75, 1].contains(response.beta)
        let squares = Work(min(response.size, shape.channels), WorkCost.value)
        let power = hasRoots ? WorkCost.function : WorkCost.libraryFunction
        return Work(shape.batch, shape.channels, shape.area, (squares + Work(power)).units)
    }

    func run(_ memory: StepMemory) {
        LocalResponseNormalizationKernel.run(
            shape, images: 0..<shape.batch, response: response, input: memory.operand(0), output: memory.output)
    }
}

/// ONNX's LpNormalization.
struct LpNormalizationOperator: Operator {
    let axis: Int
    let p: Int

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(1, upTo: 1)
        axis = try reader.int("axis", default: -1)
        p = try reader.int("p", default: 2)
        guard p == 1 || p == 2 else { throw reader.node.unsupported("p is \(p); 1 and 2 are supported") }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, input = try inputs.floats(0)
        guard let shape = AxisShape(input.shape, axis: try node.axis(axis, rank: input.shape.count)) else {
            throw node.invalid("its input of shape \(input.shape) is \(NetworkLimits.tooLarge)")
        }
        return try lowering.emit(LpNormalizationStep(shape: shape, p: p), [input], shape: input.shape, of: node)
    }
}

struct LpNormalizationStep: CountedStep {
    let shape: AxisShape
    let p: Int

    var work: Work { Work(shape.outer, shape.count, shape.inner, 2 * WorkCost.single) }

    func run(_ memory: StepMemory) {
        LpNormalizationKernel.run(shape, p: p, input: memory.operand(0), output: memory.output)
    }
}
