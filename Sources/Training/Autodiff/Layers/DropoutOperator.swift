// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// Dropout with its share in the attribute `ratio`; of whole channels where the attribute `channelwise` is 1.
struct DropoutOperator: TrainableOperator {
    private let node: Node
    private let ratio: Float
    private let isChannelwise: Bool

    init(_ context: inout OperatorContext) throws(TrainingError) {
        node = context.node
        (ratio, isChannelwise) = try context.read { (reader) throws(NetworkError) in
            try reader.requireInputs(1, upTo: 1)
            return (try reader.float("ratio", default: 0.5), try reader.flag("channelwise"))
        }
        guard ratio >= 0, ratio < 1 else {
            throw node.untrainable("its ratio is \(ratio), and is at least 0 and less than 1")
        }
    }

    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer {
        let shape = try ChannelShape(of: inputs[0], node)
        guard !isChannelwise || inputs[0].count > 2 else {
            throw node.untrainable("it drops whole channels, and its input of shape \(inputs[0]) has values alone")
        }
        return DropoutLayer(outputShape: inputs[0], shape: shape, ratio: ratio, isChannelwise: isChannelwise)
    }
}

/// Its state is the factor of each value or channel. One thread draws them, from the first to the last.
struct DropoutLayer: Layer {
    let outputShape: [Int]
    let shape: ChannelShape
    let ratio: Float
    let isChannelwise: Bool

    var backwardReads: BackwardReads { [] }
    var sharing: LayerSharing { .inPlace }
    var stateCount: Int { isChannelwise ? shape.planes : count }
    private var count: Int { shape.planes * shape.area }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        guard run.isTraining else {
            return Elementwise.copy(memory.inputs[0], count: count, to: memory.output, run.threads)
        }
        Dropout.draw(0..<stateCount, ratio: ratio, random: &run.random, factors: memory.state)
        multiply(memory.inputs[0], memory.state, into: memory.output, run.threads)
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        guard let inputGradient = memory.inputGradients[0] else { return }
        multiply(memory.outputGradient, memory.state, into: inputGradient, threads)
    }

    private func multiply(
        _ values: UnsafePointer<Float>, _ factors: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
        _ threads: ComputeThreads
    ) {
        if isChannelwise {
            threads.run(over: shape.planes) { planes in
                Dropout.runPlanes(planes, area: shape.area, factors: factors, values: values, output: output)
            }
        } else {
            threads.run(over: count, granularity: Elementwise.granularity) { elements in
                Dropout.run(elements: elements, factors: factors, values: values, output: output)
            }
        }
    }
}
