// SPDX-License-Identifier: Apache-2.0

/// ONNX's SwiGLU of operator set 28: Swish of the first input times the second, of one shape.
struct SwiGLUOperator: Operator {
    private let alpha: Float

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 2)
        alpha = try reader.float("alpha", default: 1)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let make = Composition(node: inputs.node), gate = try inputs.floats(0), value = try inputs.floats(1)
        guard gate.shape == value.shape else {
            throw inputs.node.invalid("its inputs have the shapes \(gate.shape) and \(value.shape)")
        }
        return try make.binary(.multiply, try make.function(.swish(alpha: alpha), gate, &lowering), value, &lowering)
    }
}

/// ONNX's RotaryEmbedding of operator set 23: pairs of values of each head are turned by an angle that the position has.
/// The positions, where they are given, are known when planning or computed.
struct RotaryOperator: Operator {
    private let isInterleaved: Bool
    private let heads: Int
    private let turned: Int

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(3, upTo: 4)
        isInterleaved = try reader.flag("interleaved")
        heads = try reader.int("num_heads", default: 0)
        turned = try reader.int("rotary_embedding_dim", default: 0)
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node, make = Composition(node: node), input = try inputs.floats(0)
        var value = input
        // batch × sequence × heads × size
        if input.shape.count == 4 {
            value = try make.transpose(input, [0, 2, 1, 3], &lowering)
        } else {
            guard input.shape.count == 3, heads > 0, input.shape[2] % heads == 0 else {
                throw node.invalid("its input of shape \(input.shape) does not have \(heads) heads")
            }
            value = input.reshaped([input.shape[0], input.shape[1], heads, input.shape[2] / heads])
        }
        let batch = value.shape[0], length = value.shape[1], size = value.shape[3]
        let turned = turned == 0 ? size : turned
        guard turned > 0, turned <= size, turned % 2 == 0 else {
            throw node.invalid("it turns \(turned) of \(size) values")
        }
        let half = turned / 2
        let cosine = try angles(inputs, 1, batch: batch, length: length, half: half, make, &lowering)
        let sine = try angles(inputs, 2, batch: batch, length: length, half: half, make, &lowering)
        let rotated = try make.slice(value, axis: 3, from: 0, count: turned, &lowering)
        let pairs = [batch, length, value.shape[2]] + (isInterleaved ? [half, 2] : [2, half])
        let axis = isInterleaved ? 4 : 3
        func part(_ index: Int) throws(NetworkError) -> PlanValue {
            try make.slice(rotated.reshaped(pairs), axis: axis, from: index, count: 1, &lowering)
                .reshaped([batch, length, value.shape[2], half])
        }
        let first = try part(0), second = try part(1)
        func combine(
            _ operation: BinaryOperation, _ a: PlanValue, _ b: PlanValue
        ) throws(NetworkError) -> PlanValue {
            let left = try make.binary(.multiply, a, cosine, &lowering)
            let right = try make.binary(.multiply, b, sine, &lowering)
            return try make.binary(operation, left, right, &lowering)
        }
        let real = try combine(.subtract, first, second), imaginary = try combine(.add, second, first)
        var single = pairs
        single[axis] = 1
        var result = try make.concatenate(
            [real.reshaped(single), imaginary.reshaped(single)], axis: axis, &lowering
        ).reshaped([batch, length, value.shape[2], turned])
        if turned < size {
            let rest = try make.slice(value, axis: 3, from: turned, count: size - turned, &lowering)
            result = try make.concatenate([result, rest], axis: 3, &lowering)
        }
        return input.shape.count == 4
            ? try make.transpose(result, [0, 2, 1, 3], &lowering) : result.reshaped(input.shape)
    }

    /// Of each position, as batch × sequence × 1 × half the size.
    private func angles(
        _ inputs: NodeInputs, _ index: Int, batch: Int, length: Int, half: Int, _ make: Composition,
        _ lowering: inout Lowering
    ) throws(NetworkError) -> PlanValue {
        let table = try inputs.floats(index)
        guard inputs.optional(3) != nil else {
            guard table.shape == [batch, length, half] else {
                throw make.node.invalid("input \(index + 1) has the shape \(table.shape)")
            }
            return table.reshaped([batch, length, 1, half])
        }
        guard table.shape.count == 2, table.shape[1] == half, table.shape[0] > 0 else {
            throw make.node.invalid("input \(index + 1) has the shape \(table.shape)")
        }
        let positions = try inputs.value(3)
        guard positions.shape == [batch, length], inputs.type(3).isInteger else {
            throw make.node.invalid("its positions have the shape \(positions.shape)")
        }
        let picked = try GatherOperator.gather(
            table, positions, axis: 0, types: (.float, inputs.type(3)), of: make.node, into: &lowering)
        return picked.reshaped([batch, length, 1, half])
    }
}
