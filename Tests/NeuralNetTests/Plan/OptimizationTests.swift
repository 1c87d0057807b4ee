// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness
import Testing

@Suite("Optimisation")
struct OptimizationTests {
    private func compare(
        _ graph: Graph, _ inputs: [String: [Float]], steps: Int, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        // What is joined shows without the steps that bring values from one layout into another.
        var inPlanes = Optimizations.all
        inPlanes.blocksChannels = false
        let plan = try Network(graph: graph, optimizations: inPlanes).plan()
        #expect(plan.stepCount == steps, sourceLocation: sourceLocation)
        let plain = try evaluate(graph, inputs, optimizations: .none), optimized = try evaluate(graph, inputs)
        for (expected, actual) in zip(plain, optimized) {
            #expect(actual.shape == expected.shape, sourceLocation: sourceLocation)
            #expect(
                greatestDifference(actual.values, expected.values.map(Double.init)) < 1e-5,
                sourceLocation: sourceLocation)
        }
    }

    private func normalization(_ random: inout SeededGenerator, channels: Int) -> [String: ConstantTensor] {
        [
            "scale": .floats([channels], random.values(channels)),
            "shift": .floats([channels], random.values(channels)),
            "mean": .floats([channels], random.values(channels)),
            "variance": .floats([channels], random.values(channels).map { $0 * $0 + 0.5 }),
        ]
    }

    @Test(
        "Batch normalisation, residual sum and activation become part of the convolution",
        arguments: [
            Node.make("Relu", ["sum"], "y"), .make("Clip", ["sum", "low", "high"], "y"), .make("Sigmoid", ["sum"], "y"),
            .make("PRelu", ["sum", "slopes"], "y"), .make("LeakyRelu", ["sum"], "y", ["alpha": .float(0.2)]),
            .make("Tanh", ["sum"], "y"),
        ])
    func convolutionBlock(activation: Node) throws {
        var random = SeededGenerator(seed: 41)
        var constants = normalization(&random, channels: 4)
        constants["w"] = .floats([4, 4, 3, 3], random.values(144))
        constants["b"] = .floats([4], random.values(4))
        constants["low"] = .floats([], [-0.5])
        constants["high"] = .floats([], [0.75])
        constants["slopes"] = .floats([4, 1, 1], random.values(4))
        let graph = Graph.make(
            [
                .make("Conv", ["x", "w", "b"], "c", ["pads": .ints([1, 1, 1, 1])]),
                .make("BatchNormalization", ["c", "scale", "shift", "mean", "variance"], "n"),
                .make("Add", ["x", "n"], "sum"), activation,
            ],
            inputs: ["x": .fixed(2, 4, 5, 6)], outputs: ["y"], constants: constants)
        try compare(graph, ["x": random.values(240)], steps: 1)
    }

    @Test("A sum of two convolutions waits for both")
    func twoBranches() throws {
        var random = SeededGenerator(seed: 42)
        let constants: [String: ConstantTensor] = [
            "w1": .floats([3, 3, 1, 1], random.values(9)), "w2": .floats([3, 3, 3, 3], random.values(81)),
        ]
        let convolutions: [Node] = [
            .make("Conv", ["x", "w2"], "long", ["pads": .ints([1, 1, 1, 1])]), .make("Conv", ["x", "w1"], "short"),
        ]
        for sum in [Node.make("Add", ["long", "short"], "s"), .make("Add", ["short", "long"], "s")] {
            for order in [convolutions, convolutions.reversed()] {
                let graph = Graph.make(
                    order + [sum, .make("Relu", ["s"], "y")], inputs: ["x": .fixed(1, 3, 7, 7)], outputs: ["y"],
                    constants: constants)
                try compare(graph, ["x": random.values(147)], steps: 2)
            }
        }
    }

    @Test("A value that something else reads stays as it is")
    func severalReaders() throws {
        var random = SeededGenerator(seed: 43)
        var constants = normalization(&random, channels: 2)
        constants["w"] = .floats([2, 2, 1, 1], random.values(4))
        let values = ["x": random.values(18)]
        let convolution = Node.make("Conv", ["x", "w"], "c")
        let relu = Node.make("Relu", ["c"], "r")
        func graph(_ nodes: [Node], _ outputs: [String]) -> Graph {
            .make([convolution] + nodes, inputs: ["x": .fixed(1, 2, 3, 3)], outputs: outputs, constants: constants)
        }
        try compare(graph([relu], ["c", "r"]), values, steps: 2)
        try compare(graph([relu, .make("Sigmoid", ["c"], "s")], ["s", "r"]), values, steps: 3)
        try compare(
            graph([.make("BatchNormalization", ["c", "scale", "shift", "mean", "variance"], "n"), relu], ["n", "r"]),
            values, steps: 3)
        try compare(graph([.make("Add", ["c", "c"], "d")], ["d"]), values, steps: 2)
        // An activation after the one that was joined stays a step.
        try compare(graph([relu, .make("Tanh", ["r"], "t")], ["t"]), values, steps: 2)
    }

    @Test("Sums that stretch, and slopes that are not one per channel of the convolution, stay steps")
    func unsuitable() throws {
        var random = SeededGenerator(seed: 44)
        let constants: [String: ConstantTensor] = [
            "w": .floats([2, 2, 1, 1], random.values(4)), "row": .floats([3], random.values(3)),
            "shape": .integers(1, 3, 2, 3), "slopes": .floats([3, 1, 1], random.values(3)),
        ]
        let values = ["x": random.values(18)]
        func graph(_ nodes: [Node]) -> Graph {
            .make(
                [.make("Conv", ["x", "w"], "c")] + nodes, inputs: ["x": .fixed(1, 2, 3, 3)], outputs: ["y"],
                constants: constants)
        }
        try compare(graph([.make("Add", ["c", "row"], "y")]), values, steps: 2)
        try compare(
            graph([.make("Reshape", ["c", "shape"], "s"), .make("PRelu", ["s", "slopes"], "y")]), values, steps: 2)
        try compare(graph([.make("Reshape", ["c", "shape"], "s"), .make("Relu", ["s"], "y")]), values, steps: 1)
    }

    @Test("Batch normalisation by itself and products take activations too")
    func otherHosts() throws {
        var random = SeededGenerator(seed: 45)
        var constants = normalization(&random, channels: 3)
        constants["slopes"] = .floats([3, 1, 1], random.values(3))
        constants["g"] = .floats([12, 4], random.values(48))
        let graph = Graph.make(
            [
                .make("BatchNormalization", ["x", "scale", "shift", "mean", "variance"], "n"),
                .make("PRelu", ["n", "slopes"], "p"), .make("Flatten", ["p"], "f"),
                .make("Gemm", ["f", "g"], "m"), .make("Relu", ["m"], "y"),
            ],
            inputs: ["x": .fixed(2, 3, 2, 2)], outputs: ["y"], constants: constants)
        try compare(graph, ["x": random.values(24)], steps: 2)
    }

    @Test(
        "Values stay in blocks of channels from convolution to convolution, and weights that would grow too much in planes"
    )
    func blocks() throws {
        var random = SeededGenerator(seed: 46)
        func steps(_ graph: Graph) throws -> [String] {
            let run = try Network(graph: graph).plan().makeRun()
            for input in graph.inputs { try run.withInput(input.name) { $0.update(repeating: 0) } }
            return try run.profile().map(\.step)
        }
        let chain = Graph.make(
            [
                .make("Conv", ["x", "first"], "a", ["strides": .ints([2, 2])]), .make("Relu", ["a"], "b"),
                .make("MaxPool", ["b"], "c", ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]),
                .make("Conv", ["c", "second"], "d", ["pads": .ints([1, 1, 1, 1])]), .make("Sigmoid", ["d"], "e"),
                .make("Add", ["c", "e"], "y"),
            ],
            inputs: ["x": .fixed(1, 3, 65, 65)], outputs: ["y"],
            constants: [
                "first": .floats([32, 3, 3, 3], random.values(32 * 27)),
                "second": .floats([32, 32, 3, 3], random.values(32 * 32 * 9).map { $0 / 16 }),
            ])
        let kinds = try steps(chain).map { String($0.prefix { $0 != ":" }) }
        #expect(
            kinds == [
                "direct planes", "BlockedPoolStep", "winograd fourThree", "UnaryStep", "BinaryStep", "ReorderingStep",
            ])
        try compare(chain, ["x": random.values(3 * 65 * 65)], steps: 4)

        let giant = Graph.make(
            [.make("Conv", ["x", "w"], "y", ["strides": .ints([2, 2])])],
            inputs: ["x": .fixed(1, 1, 1030, 1030)], outputs: ["y"],
            constants: ["w": .floats([1, 1, 1024, 1024], Array(repeating: 0.5, count: 1 << 20))])
        let inPlanes = try steps(giant)
        #expect(inPlanes == ["ConvolutionStep"])
    }
}
