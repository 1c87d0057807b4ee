// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// ONNX's Conv over two spatial axes, with weights [outputs, inputs / groups, rows, columns] and a bias or none.
struct ConvolutionOperator: TrainableOperator {
    private let node: Node
    private let attributes: WindowAttributes
    private let groups: Int
    private let weights: Parameter
    private let bias: Parameter?

    init(_ context: inout OperatorContext) throws(TrainingError) {
        node = context.node
        (attributes, groups) = try context.read { (reader) throws(NetworkError) in
            try reader.requireInputs(2, upTo: 3)
            return (try WindowAttributes(&reader), try reader.int("group", default: 1))
        }
        weights = try context.parameter(1, decays: true)
        bias = try context.optionalParameter(2, decays: false)
        guard weights.shape.count == 4 else {
            throw node.untrainable("its weights have the shape \(weights.shape), and four axes are needed")
        }
        guard bias.map({ $0.shape == [weights.shape[0]] }) ?? true else {
            throw node.untrainable("its bias is not one number for each of \(weights.shape[0]) output channels")
        }
        if let stated = attributes.kernel, stated != Array(weights.shape[2...]) {
            throw node.untrainable("kernel_shape is \(stated), and its weights have the shape \(weights.shape)")
        }
    }

    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer {
        let input = inputs[0]
        guard input.count == 4, groups > 0, weights.shape[0] % groups == 0, weights.shape[1] * groups == input[1] else {
            throw node.untrainable(
                "weights of shape \(weights.shape) in \(groups) groups do not suit an input of shape \(input)")
        }
        let window: SlidingWindow
        do throws(NetworkError) {
            window = try attributes.window(kernel: Array(weights.shape[2...]), over: Array(input[2...]), node)
        } catch {
            throw TrainingError(error)
        }
        guard window.outputSize(height: input[2], width: input[3]) != nil else {
            throw node.untrainable(window.misfit(height: input[2], width: input[3]))
        }
        guard
            let shape = ConvolutionShape(
                batch: input[0], inputChannels: input[1], inputHeight: input[2], inputWidth: input[3],
                outputChannels: weights.shape[0], groups: groups, window: window)
        else {
            throw node.untrainable(
                "a convolution of shape \(input) with weights \(weights.shape) is empty or too large")
        }
        if let depthwise = DepthwiseConvolutionLayer(shape: shape, weights: weights, bias: bias, threads: threads) {
            return depthwise
        }
        if let blocked = BlockedConvolutionLayer(shape: shape, weights: weights, bias: bias, threads: threads) {
            return blocked
        }
        return ConvolutionLayer(shape: shape, weights: weights, bias: bias, threads: threads)
    }
}
