// SPDX-License-Identifier: Apache-2.0

/// ONNX's Conv over three spatial axes.
struct VolumeConvolutionOperator: Operator {
    private let attributes: VolumeAttributes
    private let groups: Int

    /// Whether it, and not ``ConvolutionOperator``, is to take a node.
    static func takes(_ reader: NodeReader) -> Bool {
        if let weights = reader.constant(1) { return weights.shape.count == 5 }
        if case .ints(let kernel)? = reader.node.attributes["kernel_shape"] { return kernel.count == 3 }
        return false
    }

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 3)
        attributes = try VolumeAttributes(&reader)
        groups = try reader.int("group", default: 1)
        guard groups > 0 else { throw reader.node.invalid("group is \(groups)") }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node
        let input = try inputs.floats(0), weights = try inputs.floats(1), bias = try inputs.optionalFloats(2)
        guard weights.shape.count >= 3, weights.shape.count == input.shape.count else {
            throw node.invalid("it convolves an input of shape \(input.shape) with weights of shape \(weights.shape)")
        }
        let kernel = Array(weights.shape[2...]), spatial = Array(input.shape[2...])
        let axes = try attributes.axes(kernel: kernel, over: spatial, node)
        let places = try axes.places(over: spatial, ceilMode: false, node)
        let (channels, overflows) = weights.shape[1].multipliedReportingOverflow(by: groups)
        guard !overflows, channels == input.shape[1], weights.shape[0] % groups == 0,
            bias == nil || bias?.shape == [weights.shape[0]],
            let window = VolumeWindow(
                input: spatial, kernel: kernel, strides: axes.strides, dilations: axes.dilations,
                padsBefore: axes.before, output: places),
            let shape = VolumeConvolution(
                window: window, batch: input.shape[0], inputChannels: input.shape[1],
                outputChannels: weights.shape[0], groups: groups)
        else {
            throw node.invalid(
                "weights of shape \(weights.shape) in \(groups) groups do not suit an input of shape \(input.shape), "
                    + "or are empty, or an extent is more than 16,777,216")
        }
        return try lowering.emit(
            VolumeConvolutionStep(shape: shape, isTransposed: false), [input, weights, bias],
            shape: [input.shape[0], weights.shape[0]] + places, of: node)
    }
}

/// ONNX's ConvTranspose over one to three spatial axes.
struct TransposedConvolutionOperator: Operator {
    private let attributes: VolumeAttributes
    private let groups: Int
    private let outputPadding: [Int]?
    private let outputShape: [Int]?

    init(_ reader: inout NodeReader) throws(NetworkError) {
        let node = reader.node
        try reader.requireInputs(2, upTo: 3)
        attributes = try VolumeAttributes(&reader)
        groups = try reader.int("group", default: 1)
        guard groups > 0 else { throw node.invalid("group is \(groups)") }
        outputPadding = try reader.ints("output_padding")
        outputShape = try reader.ints("output_shape")
        for values in [outputPadding, outputShape].compactMap({ $0 }) {
            guard values.allSatisfy({ $0 >= 0 && $0 <= 1 << 24 }) else {
                throw node.invalid("a value of output_padding or output_shape is negative or more than 16,777,216")
            }
        }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node
        let input = try inputs.floats(0), weights = try inputs.floats(1), bias = try inputs.optionalFloats(2)
        guard weights.shape.count >= 3, weights.shape.count == input.shape.count else {
            throw node.invalid("it convolves an input of shape \(input.shape) with weights of shape \(weights.shape)")
        }
        let kernel = Array(weights.shape[2...]), spatial = Array(input.shape[2...])
        guard (kernel + spatial).allSatisfy({ $0 > 0 && $0 <= 1 << 24 }) else {
            throw node.invalid(
                "its input of shape \(input.shape) or its weights are empty, or an extent is more than 16,777,216")
        }
        var axes = try attributes.axes(kernel: kernel, over: spatial, node)
        let result = try output(&axes, spatial: spatial, node)
        let (channels, overflows) = weights.shape[1].multipliedReportingOverflow(by: groups)
        guard !overflows, weights.shape[0] == input.shape[1], input.shape[1] % groups == 0,
            bias == nil || bias?.shape == [channels],
            let window = VolumeWindow(
                input: result, kernel: kernel, strides: axes.strides, dilations: axes.dilations,
                padsBefore: axes.before, output: spatial),
            let shape = VolumeConvolution(
                window: window, batch: input.shape[0], inputChannels: channels, outputChannels: input.shape[1],
                groups: groups)
        else {
            throw node.invalid(
                "weights of shape \(weights.shape) in \(groups) groups do not suit an input of shape \(input.shape), "
                    + "or are empty, or an extent is more than 16,777,216")
        }
        return try lowering.emit(
            VolumeConvolutionStep(shape: shape, isTransposed: true), [input, weights, bias],
            shape: [input.shape[0], channels] + result, of: node)
    }

    /// The output's spatial extents. Where they are stated, or SAME is, the margins follow from them.
    private func output(
        _ axes: inout VolumeAttributes.Axes, spatial: [Int], _ node: Node
    ) throws(NetworkError) -> [Int] {
        let rank = spatial.count
        let padding = outputPadding ?? Array(repeating: 0, count: rank)
        let isSame = attributes.autoPad == .sameUpper || attributes.autoPad == .sameLower
        // Some state the batch and the channels too.
        let stated =
            outputShape.map { $0.count == rank + 2 ? Array($0[2...]) : $0 }
            ?? (isSame ? (0..<rank).map { spatial[$0] * axes.strides[$0] } : nil)
        guard padding.count == rank, stated?.count ?? rank == rank else {
            throw node.invalid("output_padding or output_shape is not of \(rank) values")
        }
        var result: [Int] = []
        for axis in 0..<rank {
            let whole = axes.strides[axis] * (spatial[axis] - 1) + padding[axis] + axes.extent(axis)
            guard let extent = stated?[axis] else {
                result.append(whole - axes.before[axis] - axes.after[axis])
                continue
            }
            let margin = max(0, whole - extent)
            let less = margin / 2, more = margin - margin / 2
            axes.before[axis] = attributes.autoPad == .sameUpper ? less : more
            result.append(extent)
        }
        guard result.allSatisfy({ $0 > 0 }) else { throw node.invalid("its output \(result) is empty") }
        return result
    }
}

/// Operands: input, weights, bias.
struct VolumeConvolutionStep: CountedStep {
    let shape: VolumeConvolution
    let isTransposed: Bool

    var scratchCount: Int { shape.scratchCount }

    var work: Work { shape.work }

    func run(_ memory: StepMemory) {
        let input = memory.operand(0), weights = memory.operand(1), bias = memory.operands[2]
        if isTransposed {
            shape.runTransposed(
                input: input, weights: weights, bias: bias, output: memory.output, scratch: memory.scratch)
        } else {
            shape.run(input: input, weights: weights, bias: bias, output: memory.output, scratch: memory.scratch)
        }
    }
}
