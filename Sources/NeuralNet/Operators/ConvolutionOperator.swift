// SPDX-License-Identifier: Apache-2.0

/// ONNX's Conv over one or two spatial axes.
struct ConvolutionOperator: Operator {
    let attributes: WindowAttributes
    let groups: Int

    init(_ reader: inout NodeReader) throws(NetworkError) {
        try reader.requireInputs(2, upTo: 3)
        attributes = try WindowAttributes(&reader)
        groups = try reader.int("group", default: 1)
        guard groups > 0 else { throw reader.node.invalid("group is \(groups)") }
        if let weights = reader.constant(1), weights.shape.count != 3, weights.shape.count != 4 {
            throw reader.node.unsupported("weights of \(weights.shape.count) dimensions; 3 and 4 are supported")
        }
    }

    func lower(_ inputs: NodeInputs, into lowering: inout Lowering) throws(NetworkError) -> PlanValue {
        let node = inputs.node
        let input = try inputs.floats(0), weights = try inputs.floats(1), bias = try inputs.optionalFloats(2)
        let shape = try convolutionShape(input: input.shape, weights: weights.shape, node)
        if let bias, bias.shape != [shape.outputChannels] {
            throw node.invalid(
                "its bias has the shape \(bias.shape), and there are \(shape.outputChannels) output channels")
        }
        if weights.constant != nil { try lowering.chargePreparedWeights(shape.preparedWeightsCount, of: node) }
        let algorithm = chooseAlgorithm(shape, weightsAreConstant: weights.constant != nil)
        var prepared = weights
        if let floats = weights.constant?.floats {
            let layout = lowering.preparedWeights.weights(floats, for: shape, algorithm)
            prepared = .constant(ConstantValue(shape: weights.shape, floats: layout))
        }
        let spatial = input.shape.count == 3 ? [shape.outputWidth] : [shape.outputHeight, shape.outputWidth]
        return try lowering.emit(
            ConvolutionStep(shape: shape, algorithm: algorithm), [input, prepared, bias, nil, nil],
            shape: [shape.batch, shape.outputChannels] + spatial, of: node)
    }

    private func convolutionShape(
        input: [Int], weights: [Int], _ node: Node
    ) throws(NetworkError) -> ConvolutionShape {
        guard weights.count >= 3, weights.count == input.count else {
            throw node.invalid("it convolves an input of shape \(input) with weights of shape \(weights)")
        }
        let kernel = Array(weights[2...])
        if let stated = attributes.kernel, stated != kernel {
            throw node.invalid("kernel_shape is \(stated), and its weights have the shape \(weights)")
        }
        guard weights[0] % groups == 0,
            case let (channels, overflows) = weights[1].multipliedReportingOverflow(by: groups),
            !overflows, channels == input[1]
        else {
            throw node.invalid(
                "weights of shape \(weights) in \(groups) groups do not suit an input of \(input[1]) channels")
        }
        let window = try attributes.window(kernel: kernel, over: Array(input[2...]), node)
        let height = input.count == 3 ? 1 : input[2], width = input[input.count - 1]
        guard window.outputSize(height: height, width: width) != nil else {
            throw node.invalid(window.misfit(height: height, width: width))
        }
        guard
            let shape = ConvolutionShape(
                batch: input[0], inputChannels: input[1], inputHeight: height, inputWidth: width,
                outputChannels: weights[0], groups: groups, window: window)
        else {
            throw node.invalid(
                "a convolution of shape \(input) with weights \(weights) is empty or \(NetworkLimits.tooLarge)")
        }
        return shape
    }

    /// Weights that a run computes stay in ONNX's layout.
    private func chooseAlgorithm(_ shape: ConvolutionShape, weightsAreConstant: Bool) -> ConvolutionAlgorithm {
        let best = ConvolutionAlgorithm.choose(for: shape)
        return weightsAreConstant || ConvolutionKernel.preparedWeightsCount(shape, best) == nil ? best : .im2col
    }
}

/// Operands: input, weights, bias, residual, slopes of ``Activation/perChannelSlope``.
struct ConvolutionStep: CountedStep {
    let shape: ConvolutionShape
    let algorithm: ConvolutionAlgorithm
    var activation = Activation.none

    var scratchCount: Int { ConvolutionKernel.scratchCount(shape, algorithm) }

    var work: Work { shape.work }

    func run(_ memory: StepMemory) {
        ConvolutionKernel.run(
            shape, algorithm, input: memory.operand(0), weights: memory.operand(1), output: memory.output,
            scratch: memory.scratch,
            epilogue: Epilogue(
                bias: memory.operands[2], residual: memory.operands[3], slopes: memory.operands[4],
                activation: activation))
    }
}
