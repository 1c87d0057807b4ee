// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// ONNX's BatchNormalization: by the statistics of the batch while training, by the running ones at inference.
struct BatchNormalizationOperator: TrainableOperator {
    private let node: Node
    private let epsilon: Float
    private let momentum: Float
    private let scale: Parameter
    private let shift: Parameter
    private let mean: Parameter
    private let variance: Parameter

    init(_ context: inout OperatorContext) throws(TrainingError) {
        node = context.node
        (epsilon, momentum) = try context.read { (reader) throws(NetworkError) in
            try reader.requireInputs(5, upTo: 5)
            if try reader.flag("training_mode") {
                throw reader.node.unsupported("training_mode is 1, and training is the caller's choice")
            }
            return (try reader.float("epsilon", default: 1e-5), try reader.float("momentum", default: 0.9))
        }
        guard epsilon > 0, (0...1).contains(momentum) else {
            throw node.untrainable(
                "epsilon is \(epsilon) and momentum \(momentum); one is above 0, the other from 0 to 1")
        }
        scale = try context.parameter(1, decays: false)
        shift = try context.parameter(2, decays: false)
        mean = try context.statistic(3)
        variance = try context.statistic(4)
    }

    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer {
        let shape = try ChannelShape(of: inputs[0], node)
        for parameter in [scale, shift, mean, variance] where parameter.shape != [shape.channels] {
            throw node.untrainable("“\(parameter.name)” is not one number for each of \(shape.channels) channels")
        }
        return BatchNormalizationLayer(
            outputShape: inputs[0], shape: shape, epsilon: epsilon, momentum: momentum, scale: scale, shift: shift,
            mean: mean,
            variance: variance)
    }
}

/// Its state is the mean and the variance of each channel. Threads share channels, so that each sum is one thread's.
struct BatchNormalizationLayer: Layer {
    let outputShape: [Int]
    let shape: ChannelShape
    let epsilon: Float
    let momentum: Float
    let scale: Parameter
    let shift: Parameter
    let mean: Parameter
    let variance: Parameter

    var backwardReads: BackwardReads { .inputs }
    var stateCount: Int { 2 * shape.channels }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        let threads = run.threads, isTraining = run.isTraining, input = memory.inputs[0]
        let batchMean = memory.state, batchVariance = memory.state + shape.channels
        scale.withValues { scale in
            shift.withValues { shift in
                mean.withMutableValues { mean in
                    variance.withMutableValues { variance in
                        threads.run(over: shape.channels) { channels in
                            if isTraining {
                                BatchNormalizationGradient.statistics(
                                    shape, channels: channels, input: input, mean: batchMean, variance: batchVariance)
                                BatchNormalizationGradient.updateRunning(
                                    channels: channels, count: shape.batch * shape.area, momentum: momentum,
                                    mean: batchMean,
                                    variance: batchVariance, runningMean: mean, runningVariance: variance)
                            }
                            BatchNormalizationGradient.forward(
                                shape, channels: channels, epsilon: epsilon, scale: scale, shift: shift,
                                mean: isTraining ? batchMean : mean, variance: isTraining ? batchVariance : variance,
                                input: input, output: memory.output)
                        }
                    }
                }
            }
        }
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        // What nobody asks for is written over what nobody needs any more.
        let inputGradient = memory.inputGradients[0] ?? UnsafeMutablePointer(mutating: memory.outputGradient)
        scale.withValues { values in
            scale.withGradient { scaleGradient in
                shift.withGradient { shiftGradient in
                    threads.run(over: shape.channels) { channels in
                        BatchNormalizationGradient.run(
                            shape, channels: channels, epsilon: epsilon, scale: values, mean: memory.state,
                            variance: memory.state + shape.channels, input: memory.inputs[0],
                            outputGradient: memory.outputGradient,
                            inputGradient: inputGradient, scaleGradient: scaleGradient, shiftGradient: shiftGradient)
                    }
                }
            }
        }
    }
}

extension ChannelShape {
    /// A tensor whose second axis is the channels.
    init(of shape: [Int], _ node: Node) throws(TrainingError) {
        guard shape.count >= 2,
            let found = ChannelShape(batch: shape[0], channels: shape[1], area: shape.dropFirst(2).reduce(1, *))
        else {
            throw node.untrainable("its input of shape \(shape) has no channels as its second axis")
        }
        self = found
    }

    var planes: Int { batch * channels }
}
