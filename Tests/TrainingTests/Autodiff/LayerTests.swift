// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Testing
import Training

/// Layers as passes run them, against PyTorch and finite differences.
@Suite(
    "Layers of a pass", .enabled(if: TorchReference.isPresent, "LIKENESS_PYTHON names no program; scripts/test sets it")
)
struct LayerTests {
    /// A network of nodes from `x` to `y`, with the other tensors as initialisers.
    ///
    /// - Parameter statistics: initialisers that have no gradient.
    private func check(
        _ nodes: [Node], _ tensors: [(name: String, tensor: TorchTensor)], outputGradient: TorchTensor,
        threads: Int = 2,
        statistics: Set<String> = []
    ) -> LayerCheck {
        let shape = tensors.first { $0.name == "x" }?.tensor.shape ?? []
        return LayerCheck(nodes: nodes, tensors: tensors, outputGradient: outputGradient) { values, slopes in
            do {
                let graph = Graph(
                    name: "layer", nodes: nodes,
                    initializers: Dictionary(
                        uniqueKeysWithValues: tensors.filter { $0.name != "x" }.map { name, tensor in
                            (name, ConstantTensor(shape: tensor.shape, storage: .float(values[name] ?? [])))
                        }),
                    inputs: [ValueInfo(name: "x", shape: shape.map { .fixed($0) })],
                    outputs: [ValueInfo(name: "y", shape: [])],
                    opsetVersion: 17)
                let network = try TrainableNetwork(graph, threads: threads)
                let pass = try network.makePass(inputShape: shape, wantsInputGradient: true)
                var random = RandomSource(seed: 1)
                let output = try pass.forward(values["x"] ?? [], random: &random)
                try pass.backward(slopes)
                var gradients = Dictionary(uniqueKeysWithValues: network.parameters.map { ($0.name, $0.gradient) })
                gradients["x"] = pass.inputGradient
                #expect(Set(network.statistics.map(\.name)) == statistics)
                return (output, gradients)
            } catch {
                Issue.record(error)
                return ([], [:])
            }
        }
    }

    private func node(
        _ operatorType: String, _ inputs: [String], _ output: String = "y", _ attributes: [String: Attribute] = [:]
    ) -> Node {
        Node(name: output, operatorType: operatorType, inputs: inputs, outputs: [output], attributes: attributes)
    }

    @Test("Convolutions of odd sizes, strides, margins, dilations and groups, with a bias and without")
    func convolutions() throws {
        var random = RandomSource(seed: 1)
        var checks: [LayerCheck] = []
        for trial in 0..<24 {
            let groups = [1, 1, 2, 3][trial % 4], inputs = groups * random.int(1...3),
                outputs = groups * random.int(1...4)
            let kernel = trial % 5 == 0 ? [1, 1] : [random.int(1...5), random.int(1...4)]
            let strides = trial % 3 == 0 ? [1, 1] : [random.int(1...3), random.int(1...3)]
            let pads = trial % 5 == 0 && trial % 2 == 0 ? [0, 0, 0, 0] : (0..<4).map { _ in random.int(0...2) }
            let dilations = [random.int(1...2), random.int(1...2)]
            let shape = [random.int(1...4), inputs, random.int(9...12), random.int(9...13)]
            func extent(_ axis: Int) -> Int {
                (shape[axis + 2] + pads[axis] + pads[axis + 2] - (kernel[axis] - 1) * dilations[axis] - 1)
                    / strides[axis] + 1
            }
            var tensors = [
                ("x", random.tensor(shape)), ("weights", random.tensor([outputs, inputs / groups] + kernel)),
            ]
            if trial % 2 == 0 { tensors.append(("bias", random.tensor([outputs]))) }
            checks.append(
                check(
                    [
                        node(
                            "Conv", tensors.map(\.0), "y",
                            [
                                "kernel_shape": .ints(kernel), "strides": .ints(strides), "pads": .ints(pads),
                                "dilations": .ints(dilations),
                                "group": .int(groups),
                            ])
                    ],
                    tensors, outputGradient: random.tensor([shape[0], outputs, extent(0), extent(1)]),
                    threads: trial % 3 + 1))
        }
        // The function is linear in each tensor: a wide step loses nothing.
        try LayerCheck.verify(checks, step: 0.1)
    }

    @Test("Convolutions whose images are cut in strips, and whose batch is more than one product takes")
    func tiledConvolutions() throws {
        var random = RandomSource(seed: 2)
        let checks = [([2, 24, 40, 41], 3, 5), ([45, 3, 8, 9], 4, 3), ([7, 33, 12, 11], 5, 1)].map {
            shape, outputs, kernel in
            check(
                [node("Conv", ["x", "weights", "bias"], "y", ["pads": .ints(Array(repeating: kernel / 2, count: 4))])],
                [
                    ("x", random.tensor(shape)), ("weights", random.tensor([outputs, shape[1], kernel, kernel])),
                    ("bias", random.tensor([outputs])),
                ],
                outputGradient: random.tensor([shape[0], outputs, shape[2], shape[3]]))
        }
        try LayerCheck.verify(checks, step: 0.1)
    }

    @Test("Fully connected layers of every form, with a bias and without")
    func connections() throws {
        var random = RandomSource(seed: 3)
        let checks = [(1, 7, 3), (5, 1, 2), (3, 40, 1), (2, 9, 35), (50, 3, 2)].enumerated().map { trial, sizes in
            let (batch, inputs, outputs) = sizes
            var tensors = [
                ("x", random.tensor([batch, inputs, 1, 1])), ("weights", random.tensor([outputs, inputs])),
            ]
            if trial != 2 { tensors.append(("bias", random.tensor([outputs]))) }
            return check(
                [
                    node("Flatten", ["x"], "flat"),
                    node("Gemm", ["flat"] + tensors.dropFirst().map(\.0), "y", ["transB": .int(1)]),
                ],
                tensors, outputGradient: random.tensor([batch, outputs]), threads: trial % 3 + 1)
        }
        try LayerCheck.verify(checks, step: 0.1)
    }

    @Test("Smooth layers after a convolution")
    func smooth() throws {
        var random = RandomSource(seed: 4)
        func between(_ middle: [Node], _ more: [(String, TorchTensor)] = [], values: Int) -> LayerCheck {
            check(
                [node("Conv", ["x", "weights"], "a")] + middle
                    + [node("Flatten", ["b"], "flat"), node("Gemm", ["flat", "last"], "y", ["transB": .int(1)])],
                [
                    ("x", random.tensor([3, 2, 9, 8])), ("weights", random.tensor([4, 2, 3, 3])),
                    ("last", random.tensor([5, values])),
                ]
                    + more,
                outputGradient: random.tensor([3, 5]))
        }
        try LayerCheck.verify(
            [
                between([node("Add", ["a", "a"], "b")], values: 168),
                between(
                    [
                        node(
                            "LRN", ["a"], "b",
                            ["size": .int(3), "alpha": .float(0.03), "beta": .float(0.75), "bias": .float(2)])
                    ], values: 168),
                between([node("AveragePool", ["a"], "b", Self.window)], values: 72),
                between([node("GlobalAveragePool", ["a"], "b")], values: 4),
                between(
                    [node("Conv", ["a", "depthwise", "bias"], "b", ["group": .int(4), "pads": .ints([1, 1, 1, 1])])],
                    [("depthwise", random.tensor([4, 1, 3, 3])), ("bias", random.tensor([4]))], values: 168),
            ], step: 0.03)
        try LayerCheck.verify([
            check(
                [node("Flatten", ["x"], "flat"), node("LpNormalization", ["flat"], "y", ["axis": .int(1)])],
                [("x", random.tensor([4, 3, 2, 1]))], outputGradient: random.tensor([4, 6]))
        ])
    }

    /// 7 × 6 places become 3 × 6.
    private static let window: [String: Attribute] = [
        "kernel_shape": .ints([3, 2]), "strides": .ints([2, 1]), "pads": .ints([1, 0, 0, 1]),
    ]

    @Test("Layers with corners, on values that lie away from them")
    func cornered() throws {
        var random = RandomSource(seed: 5)
        func before(_ first: Node, of x: TorchTensor, _ more: [(String, TorchTensor)] = [], values: Int) -> LayerCheck {
            check(
                [first, node("Flatten", ["b"], "flat"), node("Gemm", ["flat", "last"], "y", ["transB": .int(1)])],
                [("x", x), ("last", random.tensor([5, values]))] + more, outputGradient: random.tensor([3, 5]))
        }
        func away() -> TorchTensor { random.tensorAwayFromZero([3, 4, 7, 6]) }
        try LayerCheck.verify([
            before(node("Relu", ["x"], "b"), of: away(), values: 168),
            before(
                node("PRelu", ["x", "slopes"], "b"), of: away(), [("slopes", random.tensor([4, 1, 1]))], values: 168),
            before(node("PRelu", ["x", "slopes"], "b"), of: away(), [("slopes", random.tensor([1]))], values: 168),
            before(
                node("MaxPool", ["x"], "b", Self.window), of: random.tensorOfDistinctValues([3, 4, 7, 6]), values: 72),
        ])
    }
}
