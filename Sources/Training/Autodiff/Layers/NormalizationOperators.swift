// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// ONNX's LRN.
struct LocalResponseNormalizationOperator: TrainableOperator {
    private let node: Node
    private let response: LocalResponse

    init(_ context: inout OperatorContext) throws(TrainingError) {
        node = context.node
        response = try context.read { (reader) throws(NetworkError) in
            try reader.requireInputs(1, upTo: 1)
            guard let size = try reader.int("size"), size > 0 else {
                throw reader.node.invalid("its attribute “size” is missing or not positive")
            }
            return LocalResponse(
                size: size, alpha: try reader.float("alpha", default: 0.0001),
                beta: try reader.float("beta", default: 0.75),
                bias: try reader.float("bias", default: 1))
        }
        guard response.bias > 0, response.alpha >= 0 else {
            throw node.untrainable(
                "bias is \(response.bias) and alpha \(response.alpha); one is above 0, the other not below")
        }
    }

    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer {
        LocalResponseNormalizationLayer(
            outputShape: inputs[0], shape: try ChannelShape(of: inputs[0], node), response: response, threads: threads)
    }
}

struct LocalResponseNormalizationLayer: Layer {
    let outputShape: [Int]
    let shape: ChannelShape
    let response: LocalResponse
    let threads: Int

    var backwardReads: BackwardReads { .inputs }
    var backwardScratchCount: Int { threads * scratchPerThread }
    private var scratchPerThread: Int { LocalResponseNormalizationGradient.scratchCount(shape, response: response) }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        run.threads.run(over: shape.batch) { images in
            LocalResponseNormalizationKernel.run(
                shape, images: images, response: response, input: memory.inputs[0], output: memory.output)
        }
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        guard let inputGradient = memory.inputGradients[0] else { return }
        threads.run { share in
            LocalResponseNormalizationGradient.run(
                shape, images: threads.part(share, of: shape.batch), response: response, input: memory.inputs[0],
                outputGradient: memory.outputGradient, inputGradient: inputGradient,
                scratch: memory.backwardScratch + share * scratchPerThread)
        }
    }
}

/// ONNX's LpNormalization of vectors to Euclidean length 1.
struct LpNormalizationOperator: TrainableOperator {
    private let node: Node
    private let axis: Int

    init(_ context: inout OperatorContext) throws(TrainingError) {
        node = context.node
        axis = try context.read { (reader) throws(NetworkError) in
            try reader.requireInputs(1, upTo: 1)
            guard try reader.int("p", default: 2) == 2 else { throw reader.node.unsupported("its p is not 2") }
            return try reader.int("axis", default: -1)
        }
    }

    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer {
        guard inputs[0].count == 2, axis == 1 || axis == -1, let shape = AxisShape(inputs[0], axis: 1) else {
            throw node.untrainable(
                "it normalises an input of shape \(inputs[0]) along axis \(axis), and vectors [batch, values] are needed"
            )
        }
        return LpNormalizationLayer(shape: shape)
    }
}

struct LpNormalizationLayer: Layer {
    let shape: AxisShape

    var outputShape: [Int] { [shape.outer, shape.count] }
    var backwardReads: BackwardReads { [.inputs, .output] }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        LpNormalizationKernel.run(shape, p: 2, input: memory.inputs[0], output: memory.output)
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        guard let inputGradient = memory.inputGradients[0] else { return }
        LpNormalizationGradient.run(
            rows: 0..<shape.outer, columns: shape.count, input: memory.inputs[0], output: memory.output,
            outputGradient: memory.outputGradient, inputGradient: inputGradient)
    }
}
