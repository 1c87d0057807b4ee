// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness
import Testing

@Suite("Random graphs")
struct RandomGraphTests {
    /// A graph of values of one shape, each made from earlier ones, with a few outputs.
    private func randomGraph(_ random: inout SeededGenerator) -> Graph {
        let channels = random.int(1...4)
        var constants: [String: ConstantTensor] = [
            "scale": .floats([channels], random.values(channels)),
            "shift": .floats([channels], random.values(channels)),
            "mean": .floats([channels], random.values(channels)),
            "variance": .floats([channels], random.values(channels).map { $0 * $0 + 0.5 }),
            "slopes": .floats([channels, 1, 1], random.values(channels)),
        ]
        var names = ["x"], nodes: [Node] = []
        for index in 0..<random.int(1...24) {
            let name = "v\(index)", one = names.randomElement(using: &random) ?? "x",
                other = names.randomElement(using: &random) ?? "x"
            switch random.int(0...9) {
            case 0, 1:
                let size = [1, 3][random.int(0...1)]
                constants["w\(index)"] = .floats(
                    [channels, channels, size, size],
                    random.values(channels * channels * size * size).map { $0 / Float(size * size * 2) })
                nodes.append(
                    .make("Conv", [one, "w\(index)"], name, ["pads": .ints(Array(repeating: size / 2, count: 4))]))
            case 2:
                nodes.append(.make("BatchNormalization", [one, "scale", "shift", "mean", "variance"], name))
            case 3: nodes.append(.make("Relu", [one], name))
            case 4: nodes.append(.make("PRelu", [one, "slopes"], name))
            case 5: nodes.append(.make("Sigmoid", [one], name))
            case 6:
                nodes.append(
                    .make(
                        "MaxPool", [one], name, ["kernel_shape": .ints([3, 3]), "pads": .ints([1, 1, 1, 1])]))
            case 7:
                nodes.append(.make("Transpose", [one], name + "t", ["perm": .ints([0, 1, 3, 2])]))
                nodes.append(.make("Identity", [name + "t"], name))
            default: nodes.append(.make("Add", [one, other], name))
            }
            // The chains that are joined in practice come from reading the value made last.
            if random.int(0...2) > 0 { names = Array(names.suffix(3)) }
            names.append(name)
        }
        let made = nodes.flatMap(\.outputs)
        let outputs = Set(
            (0..<random.int(1...3)).map { _ in made.randomElement(using: &random) ?? "v0" } + [made.last ?? "v0"])
        return .make(
            nodes, inputs: ["x": .fixed(1, channels, 5, 5)], outputs: outputs.sorted(), constants: constants)
    }

    @Test("Sharing memory changes no bit, and joining steps only the rounding")
    func sameResults() throws {
        var random = SeededGenerator(seed: 51)
        var saved = 0, joined = 0
        for trial in 0..<300 {
            let graph = randomGraph(&random)
            let input = random.values(
                product(graph.inputs[0].shape.map { if case .fixed(let extent) = $0 { extent } else { 0 } }))
            var sharing = Optimizations.none
            sharing.sharesMemory = true
            let plain = try evaluate(graph, ["x": input], optimizations: .none)
            #expect(try evaluate(graph, ["x": input], optimizations: sharing) == plain, "trial \(trial)")

            var inPlanes = Optimizations.all
            inPlanes.blocksChannels = false
            let plan = try Network(graph: graph).plan()
            let joining = try Network(graph: graph, optimizations: inPlanes).plan()
            let separate = try Network(graph: graph, optimizations: .none).plan()
            let run = plan.makeRun()
            // Twice: what the first run left behind must not matter.
            for values in [random.values(input.count), input] {
                try run.setInput("x", values)
                try run.execute()
            }
            for (output, expected) in zip(plan.outputs, plain) {
                let difference = greatestDifference(
                    try run.output(output.name).values, expected.values.map(Double.init))
                #expect(difference < 1e-3, "trial \(trial), \(output.name)")
            }
            // Blocks that are filled up take more memory, and steps bring values into them.
            #expect(joining.bytesPerRun <= separate.bytesPerRun)
            if joining.bytesPerRun < separate.bytesPerRun { saved += 1 }
            if joining.stepCount < separate.stepCount { joined += 1 }
        }
        #expect(saved > 100 && joined > 100)
    }
}
