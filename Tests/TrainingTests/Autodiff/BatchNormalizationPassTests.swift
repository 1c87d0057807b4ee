// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Testing
import Training

@Suite(
    "Batch normalisation in a pass",
    .enabled(if: TorchReference.isPresent, "LIKENESS_PYTHON names no program; scripts/test sets it"))
struct BatchNormalizationPassTests {
    @Test("Outputs, gradients and the running statistics are PyTorch's, and evaluation uses the statistics")
    func statistics() throws {
        var maker = GraphMaker(seed: 8)
        maker.convolve("image", "conv", from: 2, to: 3, kernel: 3)
        for name in ["scale", "shift", "mean"] { maker.constant(name, [3]) }
        maker.set("variance", [0.5, 1, 2])
        maker.add(
            "BatchNormalization", ["conv", "scale", "shift", "mean", "variance"], "norm", ["momentum": .float(0.7)])
        let graph = maker.graph(channels: 2, height: 6, width: 7, output: "norm", rank: 4)
        let shape = [5, 2, 6, 7]
        let network = try TrainableNetwork(graph, threads: 2)
        let pass = try network.makePass(inputShape: shape, wantsInputGradient: true)
        let input = maker.values(shape.reduce(1, *)), slopes = maker.values(pass.outputShape.reduce(1, *))
        let before = try pass.evaluate(input)
        let answer = try #require(
            try TorchReference.answers([
                TorchCase(
                    graph: graph, input: TorchTensor(shape, input),
                    outputGradient: TorchTensor(pass.outputShape, slopes))
            ]).first)
        var random = RandomSource(seed: 1)
        let output = try pass.forward(input, random: &random)
        try pass.backward(slopes)
        #expect(relativeError(output, answer.outputs["norm"]?.values ?? []) < 1e-5)
        #expect(network.statistics.map(\.name) == ["mean", "variance"])
        for statistic in network.statistics {
            #expect(
                relativeError(statistic.values, answer.outputs[statistic.name]?.values ?? []) < 1e-5,
                "\(statistic.name)")
        }
        for parameter in network.parameters where parameter.name != "conv.bias" {
            #expect(
                relativeError(parameter.gradient, answer.gradients[parameter.name]?.values ?? []) < 1e-4,
                "\(parameter.name)")
        }
        // The batch's mean takes away whatever the bias adds: its gradient is nothing but rounding.
        #expect(network.parameters.first { $0.name == "conv.bias" }?.gradient.allSatisfy { abs($0) < 1e-4 } ?? false)
        #expect(relativeError(pass.inputGradient, answer.gradients["image"]?.values ?? []) < 1e-4)

        let after = try pass.evaluate(input)
        #expect(relativeError(before, after) > 0.01)
        #expect(
            network.statistics.map(\.values)
                != [maker.initializers["mean"], maker.initializers["variance"]].map { constant in
                    if case .float(let values)? = constant?.storage { values } else { [] }
                })
    }
}
