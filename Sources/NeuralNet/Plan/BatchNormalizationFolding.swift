// SPDX-License-Identifier: Apache-2.0

/// Batch normalisation as part of the convolution before it: both are linear in each channel.
enum BatchNormalizationFolding {
    /// nil where the convolution's weights or bias are computed in a run, or do not suit; planning then says why.
    static func fold(
        _ normalization: BatchNormalizationOperator, _ node: Node, into convolution: Node,
        constants: [String: ConstantValue]
    ) -> (weights: ConstantValue, bias: ConstantValue)? {
        guard convolution.inputs.count >= 2, let weights = constants[convolution.inputs[1]],
            let floats = weights.floats,
            let channels = weights.shape.first, channels > 0
        else { return nil }
        var bias: ConstantFloats?
        if convolution.inputs.count > 2, !convolution.inputs[2].isEmpty {
            guard let constant = constants[convolution.inputs[2]], constant.shape == [channels],
                let floats = constant.floats
            else { return nil }
            bias = floats
        }
        let inputs = NodeInputs(
            node: node, values: node.inputs.map { name in constants[name].map { .constant($0) } },
            types: node.inputs.map { constants[$0]?.elementType })
        guard let factors = try? normalization.factors(inputs, channels: channels) else { return nil }
        let depth = floats.count / channels
        let scaled = ConstantFloats(count: floats.count) { target in
            for index in 0..<floats.count {
                target[index] = floats.pointer[index] * factors.scale.pointer[index / depth]
            }
        }
        let shifted = ConstantFloats(count: channels) { target in
            for channel in 0..<channels {
                target[channel] =
                    (bias?.pointer[channel] ?? 0) * factors.scale.pointer[channel] + factors.shift.pointer[channel]
            }
        }
        return (ConstantValue(shape: weights.shape, floats: scaled), ConstantValue(shape: [channels], floats: shifted))
    }
}
