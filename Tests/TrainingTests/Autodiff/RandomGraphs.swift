// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Training

/// Graphs made node by node, with initialisers from a random source.
struct GraphMaker {
    var random: RandomSource
    private(set) var nodes: [Node] = []
    private(set) var initializers: [String: ConstantTensor] = [:]

    init(seed: UInt64) { random = RandomSource(seed: seed) }

    mutating func values(_ count: Int, scale: Float = 1) -> [Float] { (0..<count).map { _ in scale * random.normal() } }

    mutating func constant(_ name: String, _ shape: [Int], scale: Float = 1, offset: Float = 0) {
        let values = values(shape.reduce(1, *), scale: scale).map { $0 + offset }
        initializers[name] = ConstantTensor(shape: shape, storage: .float(values))
    }

    mutating func set(_ name: String, _ values: [Float]) {
        initializers[name] = ConstantTensor(shape: [values.count], storage: .float(values))
    }

    /// Appends a node named like its output.
    mutating func add(
        _ operatorType: String, _ inputs: [String], _ output: String, _ attributes: [String: Attribute] = [:]
    ) {
        nodes.append(
            Node(name: output, operatorType: operatorType, inputs: inputs, outputs: [output], attributes: attributes))
    }

    /// A convolution with a square window and its weights.
    mutating func convolve(
        _ input: String, _ output: String, from inputs: Int, to outputs: Int, kernel: Int, stride: Int = 1,
        pad: Int = 0,
        groups: Int = 1, bias: Bool = true
    ) {
        constant("\(output).weight", [outputs, inputs / groups, kernel, kernel], scale: 0.5)
        if bias { constant("\(output).bias", [outputs]) }
        add(
            "Conv", [input, "\(output).weight"] + (bias ? ["\(output).bias"] : []), output,
            [
                "kernel_shape": .ints([kernel, kernel]), "strides": .ints([stride, stride]),
                "pads": .ints([pad, pad, pad, pad]), "group": .int(groups),
            ])
    }

    mutating func connect(_ input: String, _ output: String, from inputs: Int, to outputs: Int, bias: Bool = true) {
        constant("\(output).weight", [outputs, inputs], scale: 0.5)
        if bias { constant("\(output).bias", [outputs]) }
        add("Gemm", [input, "\(output).weight"] + (bias ? ["\(output).bias"] : []), output, ["transB": .int(1)])
    }

    /// The graph from `image` to the value of that name.
    func graph(channels: Int, height: Int, width: Int, output: String, rank: Int = 2) -> Graph {
        Graph(
            name: "test", nodes: nodes, initializers: initializers,
            inputs: [
                ValueInfo(name: "image", shape: [.symbolic("batch"), .fixed(channels), .fixed(height), .fixed(width)])
            ],
            outputs: [
                ValueInfo(name: output, shape: [.symbolic("batch")] + Array(repeating: .unknown, count: rank - 1))
            ],
            opsetVersion: 17)
    }
}

func greatestMagnitude(_ values: [Float]) -> Float { values.reduce(0) { max($0, abs($1)) } }
