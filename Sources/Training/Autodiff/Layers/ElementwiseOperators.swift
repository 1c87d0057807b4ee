// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// ONNX's Relu.
struct ReluOperator: TrainableOperator {
    init(_ context: inout OperatorContext) throws(TrainingError) {
        try context.read { (reader) throws(NetworkError) in try reader.requireInputs(1, upTo: 1) }
    }

    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer { ReluLayer(shape: inputs[0]) }
}

/// Its gradient at 0 is 0, as PyTorch has it.
struct ReluLayer: Layer {
    let shape: [Int]

    var outputShape: [Int] { shape }
    var backwardReads: BackwardReads { .output }
    var sharing: LayerSharing { .inPlace }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        let input = memory.inputs[0], output = memory.output
        run.threads.run(over: shape.reduce(1, *), granularity: Elementwise.granularity) { range in
            UnaryKernel.run(
                .relu, count: range.count, input: input + range.lowerBound, output: output + range.lowerBound)
        }
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        guard let gradient = memory.inputGradients[0] else { return }
        threads.run(over: shape.reduce(1, *), granularity: Elementwise.granularity) { range in
            ActivationGradient.run(
                .relu, elements: range, output: memory.output, outputGradient: memory.outputGradient,
                inputGradient: gradient)
        }
    }
}

/// ONNX's Add of two values of one shape.
struct AddOperator: TrainableOperator {
    private let node: Node

    var valueInputs: [Int] { [0, 1] }

    init(_ context: inout OperatorContext) throws(TrainingError) {
        node = context.node
        try context.read { (reader) throws(NetworkError) in try reader.requireInputs(2, upTo: 2) }
    }

    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer {
        guard inputs[0] == inputs[1] else {
            throw node.untrainable("it adds values of the shapes \(inputs[0]) and \(inputs[1]), which must be the same")
        }
        return AddLayer(shape: inputs[0])
    }
}

struct AddLayer: Layer {
    let shape: [Int]

    var outputShape: [Int] { shape }
    var backwardReads: BackwardReads { [] }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        let left = memory.inputs[0], right = memory.inputs[1], output = memory.output
        run.threads.run(over: shape.reduce(1, *), granularity: Elementwise.granularity) { range in
            ElementSum.run(range, left, right, output: output)
        }
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        for case let gradient? in memory.inputGradients {
            Elementwise.copy(memory.outputGradient, count: shape.reduce(1, *), to: gradient, threads)
        }
    }
}

/// ONNX's Flatten to [batch, everything else].
struct FlattenOperator: TrainableOperator {
    init(_ context: inout OperatorContext) throws(TrainingError) {
        try context.read { (reader) throws(NetworkError) in
            try reader.requireInputs(1, upTo: 1)
            guard try reader.int("axis", default: 1) == 1 else { throw reader.node.unsupported("its axis is not 1") }
        }
    }

    func makeLayer(_ inputs: [[Int]], threads: Int) throws(TrainingError) -> any Layer {
        FlattenLayer(outputShape: [inputs[0][0], inputs[0].dropFirst().reduce(1, *)])
    }
}

struct FlattenLayer: Layer {
    let outputShape: [Int]

    var backwardReads: BackwardReads { [] }
    var sharing: LayerSharing { .view }

    func forward(_ memory: LayerMemory, _ run: inout LayerRun) {
        Elementwise.copy(memory.inputs[0], count: outputShape[0] * outputShape[1], to: memory.output, run.threads)
    }

    func backward(_ memory: LayerMemory, threads: ComputeThreads) {
        guard let gradient = memory.inputGradients[0] else { return }
        Elementwise.copy(memory.outputGradient, count: outputShape[0] * outputShape[1], to: gradient, threads)
    }
}

enum Elementwise {
    /// A cache line, so that no two threads write one.
    static let granularity = 16

    /// Does nothing where both are the same memory.
    static func copy(
        _ source: UnsafePointer<Float>, count: Int, to target: UnsafeMutablePointer<Float>, _ threads: ComputeThreads
    ) {
        guard UnsafePointer(target) != source else { return }
        threads.run(over: count, granularity: granularity) { range in
            (target + range.lowerBound).update(from: source + range.lowerBound, count: range.count)
        }
    }

    static func add(
        _ source: UnsafePointer<Float>, count: Int, to target: UnsafeMutablePointer<Float>, _ threads: ComputeThreads
    ) {
        threads.run(over: count, granularity: granularity) { range in
            ElementSum.add(range, of: source, to: target)
        }
    }
}
