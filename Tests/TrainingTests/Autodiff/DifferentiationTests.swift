import NeuralNet
import Testing
import Training

/// The engine as a whole; each layer's numbers are compared with PyTorch's elsewhere.
@Suite("Differentiation of a network")
struct DifferentiationTests {
    /// Two convolutions, the first of whose results is used three times.
    private static func branching(seed: UInt64 = 1) -> Graph {
        var maker = GraphMaker(seed: seed)
        maker.convolve("image", "a", from: 2, to: 4, kernel: 3, pad: 1)
        // Far from 0, on both sides of it: no difference reaches over the corner.
        maker.set("a.bias", [40, -40, 40, 40])
        maker.add("Relu", ["a"], "b")
        maker.convolve("b", "c", from: 4, to: 4, kernel: 3, pad: 1, groups: 2, bias: false)
        maker.add("Add", ["c", "b"], "d")
        maker.convolve("b", "e", from: 4, to: 4, kernel: 1)
        maker.add("Add", ["d", "e"], "f")
        maker.add("Add", ["f", "f"], "g")
        maker.convolve("g", "h", from: 4, to: 3, kernel: 3, stride: 2)
        maker.add("Flatten", ["h"], "i")
        maker.connect("i", "j", from: 3 * 3 * 2, to: 5)
        return maker.graph(channels: 2, height: 7, width: 6, output: "j")
    }

    /// What a pass says of one batch: its output, the parameters' gradients one after the other, the input's gradient.
    private struct Answer: Equatable {
        var output: [Float]
        var gradients: [Float]
        var inputGradient: [Float]
    }

    private func answer(_ network: TrainableNetwork, _ pass: TrainingPass, _ input: [Float], _ slopes: [Float]) throws -> Answer {
        var random = RandomSource(seed: 5)
        for parameter in network.parameters { parameter.clearGradient() }
        let output = try pass.forward(input, random: &random)
        try pass.backward(slopes)
        return Answer(output: output, gradients: network.parameters.flatMap(\.gradient), inputGradient: pass.inputGradient)
    }

    @Test("Gradients where values are used more than once are those of finite differences")
    func finiteDifferences() throws {
        let network = try TrainableNetwork(Self.branching(), threads: 2)
        let shape = [3, 2, 7, 6]
        let pass = try network.makePass(inputShape: shape, wantsInputGradient: true)
        #expect(pass.outputShape == [3, 5])
        var maker = GraphMaker(seed: 2)
        var input = maker.values(shape.reduce(1, *)), random = RandomSource(seed: 1)
        let slopes = maker.values(15)
        let analytic = try answer(network, pass, input, slopes)
        func loss() throws -> Double {
            zip(try pass.forward(input, random: &random), slopes).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        // The output is linear in each number alone.
        let step: Float = 0.25
        var worst = 0.0, checked = 0
        var flat = 0
        for parameter in network.parameters {
            let scale = Double(greatestMagnitude(parameter.gradient))
            for index in parameter.values.indices {
                let original = parameter.values[index]
                parameter.values[index] = original + step
                let above = try loss()
                parameter.values[index] = original - step
                let below = try loss()
                parameter.values[index] = original
                worst = max(worst, abs((above - below) / Double(2 * step) - Double(analytic.gradients[flat])) / scale)
                flat += 1
                checked += 1
            }
        }
        #expect(checked == analytic.gradients.count)
        let scale = Double(greatestMagnitude(analytic.inputGradient))
        for index in input.indices {
            let original = input[index]
            input[index] = original + step
            let above = try loss()
            input[index] = original - step
            let below = try loss()
            input[index] = original
            worst = max(worst, abs((above - below) / Double(2 * step) - Double(analytic.inputGradient[index])) / scale)
        }
        #expect(worst < 1e-3)
    }
}
