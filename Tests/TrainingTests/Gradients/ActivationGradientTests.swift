// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Testing
import Training

@Suite(
    "Gradients of activations",
    .enabled(if: TorchReference.isPresent, "LIKENESS_PYTHON names no program; scripts/test sets it"))
struct ActivationGradientTests {
    @Test(
        "ReLU, leaky ReLU, sigmoid and tanh, from what they gave",
        arguments: [
            ("Relu", ActivationGradient.Function.relu, UnaryOperation.relu),
            ("LeakyRelu", .leakyRelu(slope: 0.2), .leakyRelu(slope: 0.2)),
            ("Sigmoid", .sigmoid, .sigmoid), ("Tanh", .tanh, .tanh),
        ])
    func activations(name: String, function: ActivationGradient.Function, operation: UnaryOperation) throws {
        var random = RandomSource(seed: 1)
        try LayerCheck.verify(
            (1...4).map { _ in
                let shape = [random.int(1...3), random.int(1...5), random.int(1...5)], count = shape.reduce(1, *)
                return LayerCheck(
                    nodes: [
                        Node(
                            operatorType: name, inputs: ["x"], outputs: ["y"],
                            attributes: name == "LeakyRelu" ? ["alpha": .float(0.2)] : [:])
                    ],
                    tensors: [("x", random.tensorAwayFromZero(shape))], outputGradient: random.tensor(shape)
                ) { values, above in
                    let output = written(count) {
                        UnaryKernel.run(operation, count: count, input: values["x"] ?? [], output: $0)
                    }
                    let gradient = written(count) { below in
                        inParts(count) {
                            ActivationGradient.run(
                                function, elements: $0, output: output, outputGradient: above, inputGradient: below)
                        }
                    }
                    return (output, ["x": gradient])
                }
            })
    }

    @Test("At its kink ReLU lets nothing through, and the gradient may be written over the one above")
    func inPlace() {
        var gradient: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
        let output: [Float] = [0, 1, 0, 2, 0, 3, 0, 4, 0]
        gradient.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            ActivationGradient.run(.relu, elements: 0..<9, output: output, outputGradient: base, inputGradient: base)
        }
        #expect(gradient == [0, 2, 0, 4, 0, 6, 0, 8, 0])
    }

    @Test(
        "PReLU, with a slope for each channel and with one for all",
        arguments: [PReluGradient.Slopes.perChannel, .shared])
    func parametricRelu(kind: PReluGradient.Slopes) throws {
        var random = RandomSource(seed: 2)
        try LayerCheck.verify(
            try (1...6).map { _ in
                let shape = [random.int(1...3), random.int(1...5), random.int(1...5), random.int(1...5)],
                    count = shape.reduce(1, *)
                let channels = shape[1], slopes = kind == .shared ? 1 : channels
                let kernel = try #require(ChannelShape(batch: shape[0], channels: channels, area: shape[2] * shape[3]))
                return LayerCheck(
                    nodes: [Node(operatorType: "PRelu", inputs: ["x", "slope"], outputs: ["y"])],
                    tensors: [("x", random.tensorAwayFromZero(shape)), ("slope", random.tensor([slopes, 1, 1]))],
                    outputGradient: random.tensor(shape)
                ) { values, above in
                    let x = values["x"] ?? [], slope = values["slope"] ?? [], planes = shape[0] * channels
                    let output = written(count) { output in
                        inParts(planes) {
                            PReluGradient.forward(kernel, planes: $0, slopes: kind, slope, input: x, output: output)
                        }
                    }
                    let below = written(count) { below in
                        inParts(planes) {
                            PReluGradient.input(
                                kernel, planes: $0, slopes: kind, slope, input: x, outputGradient: above,
                                inputGradient: below)
                        }
                    }
                    let perChannel = added(channels) { sums in
                        inParts(channels) {
                            PReluGradient.slopes(
                                kernel, channels: $0, input: x, outputGradient: above, slopeGradient: sums)
                        }
                    }
                    return (output, ["x": below, "slope": kind == .shared ? [perChannel.reduce(0, +)] : perChannel])
                }
            })
    }
}
