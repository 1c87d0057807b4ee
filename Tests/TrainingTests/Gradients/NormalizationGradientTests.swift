// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Testing
import Training

@Suite(
    "Gradients of normalisation",
    .enabled(if: TorchReference.isPresent, "LIKENESS_PYTHON names no program; scripts/test sets it"))
struct NormalizationGradientTests {
    @Test("Local response, for exponents with and without roots", arguments: [Float(0.75), 0.5, 1, 0.6])
    func localResponse(beta: Float) throws {
        var random = RandomSource(seed: 6)
        try LayerCheck.verify(
            try (1...6).map { trial in
                // PyTorch's window is symmetric, so its size is odd.
                let response = LocalResponse(size: [1, 3, 5, 5, 7, 9][trial - 1], alpha: 0.4, beta: beta, bias: 1.5)
                let shape = [random.int(1...2), random.int(1...9), random.int(1...5), random.int(1...5)]
                let channels = try #require(
                    ChannelShape(batch: shape[0], channels: shape[1], area: shape[2] * shape[3]))
                return LayerCheck(
                    nodes: [
                        Node(
                            operatorType: "LRN", inputs: ["x"], outputs: ["y"],
                            attributes: [
                                "size": .int(response.size), "alpha": .float(0.4), "beta": .float(beta),
                                "bias": .float(1.5),
                            ])
                    ],
                    tensors: [("x", random.tensor(shape))], outputGradient: random.tensor(shape)
                ) { values, above in
                    Self.localResponse(channels, response, values["x"] ?? [], above)
                }
            })
    }

    @Test("Local response of an even size, whose window is not symmetric, and of more places than a strip")
    func evenLocalResponse() throws {
        var random = RandomSource(seed: 7)
        for size in [2, 4, 12] {
            let shape = try #require(ChannelShape(batch: 1, channels: 5, area: size == 4 ? 700 : 9))
            let response = LocalResponse(size: size, alpha: 0.4, beta: 0.75, bias: 1.5)
            let input = random.tensor([5 * shape.area]).values, above = random.tensor([5 * shape.area]).values
            let gradient = try #require(Self.localResponse(shape, response, input, above).gradients["x"])
            let positions = (0..<40).map { _ in random.index(below: input.count) }
            let differences = FiniteDifferences.gradient(at: input, positions: positions) {
                FiniteDifferences.sum(Self.localResponse(shape, response, $0, above).output, times: above)
            }
            #expect(relativeError(positions.map { gradient[$0] }, differences) < 1e-3)
        }
    }

    private static func localResponse(
        _ shape: ChannelShape, _ response: LocalResponse, _ input: [Float], _ above: [Float]
    ) -> (output: [Float], gradients: LayerCheck.Values) {
        let output = written(input.count) { output in
            inParts(shape.batch) {
                LocalResponseNormalizationKernel.run(
                    shape, images: $0, response: response, input: input, output: output)
            }
        }
        var scratch = [Float](
            repeating: .nan, count: LocalResponseNormalizationGradient.scratchCount(shape, response: response))
        let below = written(input.count) { below in
            inParts(shape.batch) {
                LocalResponseNormalizationGradient.run(
                    shape, images: $0, response: response, input: input, outputGradient: above, inputGradient: below,
                    scratch: &scratch)
            }
        }
        return (output, ["x": below])
    }

    @Test("Batch normalisation with the batch's statistics")
    func batch() throws {
        var random = RandomSource(seed: 8)
        try LayerCheck.verify(
            try (1...6).map { _ in
                let shape = [random.int(2...4), random.int(1...5), random.int(1...5), random.int(2...5)],
                    channels = shape[1]
                let kernel = try #require(ChannelShape(batch: shape[0], channels: channels, area: shape[2] * shape[3]))
                let epsilon: Float = 1e-3
                return LayerCheck(
                    nodes: [
                        Node(
                            operatorType: "BatchNormalization", inputs: ["x", "scale", "shift", "mean", "variance"],
                            outputs: ["y"],
                            attributes: ["epsilon": .float(epsilon)])
                    ],
                    tensors: [
                        ("x", random.tensor(shape)), ("scale", random.tensor([channels])),
                        ("shift", random.tensor([channels])),
                        ("mean", random.tensor([channels])), ("variance", random.tensor([channels])),
                    ],
                    outputGradient: random.tensor(shape)
                ) { values, above in
                    let x = values["x"] ?? [], scale = values["scale"] ?? [], shift = values["shift"] ?? []
                    var mean = [Float](repeating: .nan, count: channels), variance = mean
                    var scaleGradient = [Float](repeating: 0, count: channels), shiftGradient = scaleGradient
                    inParts(channels) {
                        BatchNormalizationGradient.statistics(
                            kernel, channels: $0, input: x, mean: &mean, variance: &variance)
                    }
                    let output = written(x.count) { output in
                        inParts(channels) {
                            BatchNormalizationGradient.forward(
                                kernel, channels: $0, epsilon: epsilon, scale: scale, shift: shift, mean: mean,
                                variance: variance,
                                input: x, output: output)
                        }
                    }
                    let below = written(x.count) { below in
                        inParts(channels) {
                            BatchNormalizationGradient.run(
                                kernel, channels: $0, epsilon: epsilon, scale: scale, mean: mean, variance: variance,
                                input: x,
                                outputGradient: above, inputGradient: below, scaleGradient: &scaleGradient,
                                shiftGradient: &shiftGradient)
                        }
                    }
                    return (output, ["x": below, "scale": scaleGradient, "shift": shiftGradient])
                }
            })
    }

    @Test("The running statistics move as PyTorch moves them")
    func runningStatistics() throws {
        var random = RandomSource(seed: 9)
        let kernel = try #require(ChannelShape(batch: 3, channels: 4, area: 10))
        // Far from zero, where sums of squares lose their digits.
        let input = TorchTensor([3, 4, 2, 5], random.tensor([120]).values.map { $0 + 300 })
        let running = random.tensor([4]), spread = random.tensor([4]), ones = TorchTensor([4], [1, 1, 1, 1])
        let answer = try #require(
            try TorchReference.answers([
                TorchCase(
                    nodes: [
                        Node(
                            operatorType: "BatchNormalization", inputs: ["x", "scale", "shift", "mean", "variance"],
                            outputs: ["y"],
                            attributes: ["momentum": .float(0.8)])
                    ],
                    tensors: [("x", input), ("scale", ones), ("shift", ones), ("mean", running), ("variance", spread)],
                    output: "y",
                    outputGradient: input)
            ]).first)
        var mean = [Float](repeating: .nan, count: 4), variance = mean
        var runningMean = running.values, runningVariance = spread.values
        BatchNormalizationGradient.statistics(
            kernel, channels: 0..<4, input: input.values, mean: &mean, variance: &variance)
        inParts(4) {
            BatchNormalizationGradient.updateRunning(
                channels: $0, count: 30, momentum: 0.8, mean: mean, variance: variance, runningMean: &runningMean,
                runningVariance: &runningVariance)
        }
        #expect(relativeError(runningMean, try #require(answer.outputs["mean"]).values) < 1e-6)
        #expect(relativeError(runningVariance, try #require(answer.outputs["variance"]).values) < 1e-5)
    }

    @Test("A row over its length")
    func rows() throws {
        var random = RandomSource(seed: 10)
        try LayerCheck.verify(
            try (1...6).map { _ in
                let rows = random.int(1...5), columns = random.int(2...19)
                let axis = try #require(AxisShape([rows, columns], axis: 1))
                return LayerCheck(
                    nodes: [
                        Node(
                            operatorType: "LpNormalization", inputs: ["x"], outputs: ["y"],
                            attributes: ["axis": .int(1), "p": .int(2)])
                    ],
                    tensors: [("x", random.tensorAwayFromZero([rows, columns]))],
                    outputGradient: random.tensor([rows, columns])
                ) { values, above in
                    let x = values["x"] ?? []
                    let output = written(x.count) { LpNormalizationKernel.run(axis, p: 2, input: x, output: $0) }
                    let below = written(x.count) { below in
                        inParts(rows) {
                            LpNormalizationGradient.run(
                                rows: $0, columns: columns, input: x, output: output, outputGradient: above,
                                inputGradient: below)
                        }
                    }
                    return (output, ["x": below])
                }
            })
    }

    @Test("A row of zeros has a gradient of zeros, and one whose squares vanish too")
    func zeroRow() {
        for value in [Float(0), 1e-30] {
            let gradient = written(3) {
                LpNormalizationGradient.run(
                    rows: 0..<1, columns: 3, input: [value, 0, 0], output: [0, 0, 0], outputGradient: [1, -2, 3],
                    inputGradient: $0)
            }
            #expect(gradient == [0, 0, 0])
        }
    }
}
