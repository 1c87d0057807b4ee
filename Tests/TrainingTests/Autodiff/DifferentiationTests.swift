// SPDX-License-Identifier: Apache-2.0

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

    private func answer(
        _ network: TrainableNetwork, _ pass: TrainingPass, _ input: [Float], _ slopes: [Float]
    ) throws -> Answer {
        var random = RandomSource(seed: 5)
        for parameter in network.parameters { parameter.clearGradient() }
        let output = try pass.forward(input, random: &random)
        try pass.backward(slopes)
        return Answer(
            output: output, gradients: network.parameters.flatMap(\.gradient), inputGradient: pass.inputGradient)
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

    @Test("The same batch gives the same bits again, on any number of threads each, in any pass")
    func determinism() throws {
        var maker = GraphMaker(seed: 3)
        let shape = [5, 2, 7, 6]
        let input = maker.values(shape.reduce(1, *)), slopes = maker.values(25)
        var answers: [Answer] = []
        for threads in [1, 2, 3, 4] {
            let network = try TrainableNetwork(Self.branching(), threads: threads)
            let pass = try network.makePass(inputShape: shape, wantsInputGradient: true)
            let first = try answer(network, pass, input, slopes)
            for _ in 0..<5 { #expect(try answer(network, pass, input, slopes) == first) }
            let other = try network.makePass(inputShape: shape, wantsInputGradient: true)
            #expect(try answer(network, other, input, slopes) == first)
            answers.append(first)
        }
        for answer in answers.dropFirst() {
            #expect(relativeError(answer.output, answers[0].output) < 1e-5)
            #expect(relativeError(answer.gradients, answers[0].gradients) < 1e-5)
            #expect(relativeError(answer.inputGradient, answers[0].inputGradient) < 1e-5)
        }
    }

    @Test("Backward runs add to the gradients, and leave the input's out where nobody asked")
    func accumulation() throws {
        var maker = GraphMaker(seed: 4)
        let network = try TrainableNetwork(Self.branching(), threads: 2), shape = [2, 2, 7, 6]
        let pass = try network.makePass(inputShape: shape),
            withInput = try network.makePass(inputShape: shape, wantsInputGradient: true)
        let input = maker.values(shape.reduce(1, *)), slopes = maker.values(10)
        let once = try answer(network, withInput, input, slopes).gradients
        #expect(withInput.inputGradient.count == input.count)
        var random = RandomSource(seed: 5)
        _ = try pass.forward(input, random: &random)
        try pass.backward(slopes)
        #expect(pass.inputGradient.isEmpty)
        #expect(relativeError(network.parameters.flatMap(\.gradient), once.map { 2 * $0 }) < 1e-6)
    }

    @Test(
        "Dropout draws from the given source, scales what is left, and passes its gradient to that alone",
        arguments: [0, 1])
    func dropout(channelwise: Int) throws {
        var maker = GraphMaker(seed: 6)
        maker.add("Dropout", ["image"], "kept", ["ratio": .float(0.25), "channelwise": .int(channelwise)])
        let network = try TrainableNetwork(
            maker.graph(channels: 40, height: 4, width: 5, output: "kept", rank: 4), threads: 2)
        let pass = try network.makePass(inputShape: [4, 40, 4, 5], wantsInputGradient: true)
        let input = [Float](repeating: 3, count: 3200)
        var random = RandomSource(seed: 1), again = random
        let output = try pass.forward(input, random: &random)
        try pass.backward([Float](repeating: 1, count: 3200))
        #expect(output.allSatisfy { $0 == 0 || $0 == 4 })
        #expect(pass.inputGradient == output.map { $0 / 3 })
        #expect(abs(Double(output.count { $0 == 0 }) / 3200 - 0.25) < (channelwise == 1 ? 0.12 : 0.03))
        if channelwise == 1 {
            #expect(
                stride(from: 0, to: 3200, by: 20).allSatisfy { start in Set(output[start..<start + 20]).count == 1 })
        }
        #expect(try pass.forward(input, random: &again) == output)
        #expect(again == random)
        #expect(try pass.forward(input, random: &random) != output)
        #expect(try pass.evaluate(input) == input)
    }

    @Test("What does not fit a pass is refused, and a backward run needs a forward run of its own")
    func misuse() throws {
        var maker = GraphMaker(seed: 7)
        let network = try TrainableNetwork(Self.branching(), threads: 1)
        for shape in [[1, 2, 7], [0, 2, 7, 6], [1, 3, 7, 6], [1, 2, 7, 8], [1, 2, .max, 6], [1 << 40, 2, 7, 6]] {
            #expect(throws: TrainingError.self, "\(shape)") { try network.makePass(inputShape: shape) }
        }
        let pass = try network.makePass(inputShape: [2, 2, 7, 6])
        var random = RandomSource(seed: 1)
        let input = maker.values(168), slopes = maker.values(10)
        #expect(throws: TrainingError.self) { try pass.backward(slopes) }
        #expect(throws: TrainingError.self) { try pass.forward(Array(input.dropLast()), random: &random) }
        _ = try pass.evaluate(input)
        #expect(throws: TrainingError.self) { try pass.backward(slopes) }
        _ = try pass.forward(input, random: &random)
        #expect(throws: TrainingError.self) { try pass.backward(slopes + [1]) }
        try pass.backward(slopes)
        #expect(throws: TrainingError.self) { try pass.backward(slopes) }
    }
}
