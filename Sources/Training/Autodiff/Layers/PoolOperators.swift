// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// ONNX's MaxPool and AveragePool over two spatial axes.
struct PoolOperator: TrainableOperator {
    private let node: Node
    private let attributes: WindowAttributes
    private let ceilMode: Bool
    private let countIncludePad: Bool

    private var isMaximum: Bool { node.operatorType == "MaxPool" }

    init(_ context: inout OperatorContext) throws(TrainingError) {
        let node = context.node
        (attributes, ceilMode, countIncludePad) = try context.read { (reader) throws(NetworkError) in
            let isMaximum = node.operatorType == "MaxPool"
            try reader.requireInputs(1, upTo: 1)
            if isMaximum { reader.ignore("storage_order") }
            let attributes = try WindowAttributes(&reader, hasDilations: isMaximum || reader.opset >= 19)
            try attributes.requireMarginsWithinKernel(node)
            return (attributes, try reader.flag("ceil_mode"), isMaximum ? false : try reader.flag("count_include_pad"))
        }
        self.node = node
    }

    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer {
        let input = inputs[0]
        guard input.count == 4, let kernel = attributes.kernel, kernel.count == 2 else {
            throw node.untrainable(
                "its input has the shape \(input), and images with a kernel_shape of two extents are needed")
        }
        let window: SlidingWindow
        do throws(NetworkError) {
            window = try attributes.window(kernel: kernel, over: Array(input[2...]), node)
        } catch {
            throw TrainingError(error)
        }
        guard
            let shape = PoolShape(
                planes: input[0] * input[1], inputHeight: input[2], inputWidth: input[3], window: window,
                ceilMode: ceilMode),
            let plane = PoolShape(
                planes: 1, inputHeight: input[2], inputWidth: input[3], window: window, ceilMode: ceilMode)
        else {
            throw node.untrainable(window.misfit(height: input[2], width: input[3]))
        }
        let outputShape = [input[0], input[1], shape.outputHeight, shape.outputWidth]
        return isMaximum
            ? MaxPoolLayer(outputShape: outputShape, shape: shape)
            : AveragePoolLayer(outputShape: outputShape, shape: shape, plane: plane, countIncludePad: countIncludePad)
    }
}

/// Its state is the place of each greatest value.
struct MaxPoolLayer: Layer {
    let outputShape: [Int]
    let shape: PoolShape

    var backwardReads: BackwardReads { [] }
    var stateCount: Int { outputShape.reduce(1, *) }

    private func positions(_ memory: LayerMemory) -> UnsafeMutablePointer<Int32> {
        UnsafeMutableRawPointer(memory.state).bindMemory(to: Int32.self, capacity: stateCount)
    }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        let positions = positions(memory)
        run.threads.run(over: shape.planes) { planes in
            MaxPoolGradient.forward(
                shape, planes: planes, input: memory.inputs[0], output: memory.output, positions: positions)
        }
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        guard let inputGradient = memory.inputGradients[0] else { return }
        let positions = positions(memory)
        threads.run(over: shape.planes) { planes in
            MaxPoolGradient.run(
                shape, planes: planes, outputGradient: memory.outputGradient, positions: positions,
                inputGradient: inputGradient)
        }
    }
}

struct AveragePoolLayer: Layer {
    let outputShape: [Int]
    let shape: PoolShape
    let plane: PoolShape
    let countIncludePad: Bool

    var backwardReads: BackwardReads { [] }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        run.threads.run(over: shape.planes) { planes in
            for number in planes {
                AveragePoolKernel.run(
                    plane, countIncludePad: countIncludePad,
                    input: memory.inputs[0] + number * shape.inputHeight * shape.inputWidth,
                    output: memory.output + number * shape.outputHeight * shape.outputWidth)
            }
        }
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        guard let inputGradient = memory.inputGradients[0] else { return }
        threads.run(over: shape.planes) { planes in
            AveragePoolGradient.run(
                shape, planes: planes, countIncludePad: countIncludePad, outputGradient: memory.outputGradient,
                inputGradient: inputGradient)
        }
    }
}

/// ONNX's GlobalAveragePool.
struct GlobalAveragePoolOperator: TrainableOperator {
    private let node: Node

    init(_ context: inout OperatorContext) throws(TrainingError) {
        node = context.node
        try context.read { (reader) throws(NetworkError) in try reader.requireInputs(1, upTo: 1) }
    }

    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer {
        GlobalAveragePoolLayer(
            outputShape: Array(inputs[0].prefix(2)) + Array(repeating: 1, count: max(0, inputs[0].count - 2)),
            shape: try ChannelShape(of: inputs[0], node))
    }
}

struct GlobalAveragePoolLayer: Layer {
    let outputShape: [Int]
    let shape: ChannelShape

    var backwardReads: BackwardReads { [] }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        run.threads.run(over: shape.planes, granularity: Elementwise.granularity) { planes in
            GlobalPoolKernel.average(
                planes: planes.count, area: shape.area, input: memory.inputs[0] + planes.lowerBound * shape.area,
                output: memory.output + planes.lowerBound)
        }
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        guard let inputGradient = memory.inputGradients[0] else { return }
        threads.run(over: shape.planes) { planes in
            GlobalAveragePoolGradient.run(
                planes: planes, area: shape.area, outputGradient: memory.outputGradient, inputGradient: inputGradient)
        }
    }
}
