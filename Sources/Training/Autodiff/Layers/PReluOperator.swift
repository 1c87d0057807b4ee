// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// ONNX's PRelu with one slope for each channel, or one for all.
struct PReluOperator: TrainableOperator {
    private let node: Node
    private let slopes: Parameter

    init(_ context: inout OperatorContext) throws(TrainingError) {
        node = context.node
        try context.read { (reader) throws(NetworkError) in try reader.requireInputs(2, upTo: 2) }
        slopes = try context.parameter(1, decays: false)
    }

    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer {
        let shape = try ChannelShape(of: inputs[0], node)
        let perChannel = [shape.channels] + Array(repeating: 1, count: inputs[0].count - 2)
        guard slopes.values.count == 1 || slopes.shape == perChannel || slopes.shape == [1] + perChannel else {
            throw node.untrainable(
                "slopes of shape \(slopes.shape) are neither one nor one for each of \(shape.channels) channels")
        }
        return PReluLayer(
            outputShape: inputs[0], shape: shape, slopes: slopes, kind: slopes.values.count == 1 ? .shared : .perChannel
        )
    }
}

struct PReluLayer: Layer {
    let outputShape: [Int]
    let shape: ChannelShape
    let slopes: Parameter
    let kind: PReluGradient.Slopes

    var backwardReads: BackwardReads { .inputs }
    /// One slope's gradient is first found for each channel.
    var backwardScratchCount: Int { kind == .shared ? shape.channels : 0 }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        let threads = run.threads
        slopes.withValues { slopes in
            threads.run(over: shape.planes) { planes in
                PReluGradient.forward(
                    shape, planes: planes, slopes: kind, slopes, input: memory.inputs[0], output: memory.output)
            }
        }
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        let input = memory.inputs[0], above = memory.outputGradient
        slopes.withGradient { gradient in
            let sums = kind == .shared ? memory.backwardScratch : gradient
            if kind == .shared { sums.update(repeating: 0, count: shape.channels) }
            threads.run(over: shape.channels) { channels in
                PReluGradient.slopes(
                    shape, channels: channels, input: input, outputGradient: above, slopeGradient: sums)
            }
            if kind == .shared { gradient[0] += Summation.sum(sums, count: shape.channels) }
        }
        guard let inputGradient = memory.inputGradients[0] else { return }
        slopes.withValues { slopes in
            threads.run(over: shape.planes) { planes in
                PReluGradient.input(
                    shape, planes: planes, slopes: kind, slopes, input: input, outputGradient: above,
                    inputGradient: inputGradient)
            }
        }
    }
}
