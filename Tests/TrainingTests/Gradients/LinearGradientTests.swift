// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Testing
import Training

@Suite(
    "Gradients of depthwise convolution, dropout and sums",
    .enabled(if: TorchReference.isPresent, "LIKENESS_PYTHON names no program; scripts/test sets it"))
struct LinearGradientTests {
    @Test("Depthwise convolution of any stride, dilation and margin: input, weights and bias")
    func depthwise() throws {
        var random = RandomSource(seed: 11)
        try LayerCheck.verify(
            try (1...14).map { trial in
                let kernel = (random.int(1...5), random.int(1...5))
                let window = SlidingWindow(
                    kernelHeight: kernel.0, kernelWidth: kernel.1, strideHeight: random.int(1...3),
                    strideWidth: trial < 5 ? 1 : random.int(1...3),
                    dilationHeight: random.int(1...2), dilationWidth: random.int(1...2),
                    padTop: random.int(0...3), padLeft: random.int(0...3), padBottom: random.int(0...3),
                    padRight: random.int(0...3))
                let shape = [random.int(1...3), random.int(2...4), random.int(9...13), random.int(9...25)],
                    channels = shape[1]
                let convolution = try #require(
                    ConvolutionShape(
                        batch: shape[0], inputChannels: channels, inputHeight: shape[2], inputWidth: shape[3],
                        outputChannels: channels,
                        groups: channels, window: window))
                let sums = try #require(ChannelShape(batch: shape[0], channels: channels, area: convolution.outputArea))
                return LayerCheck(
                    nodes: [
                        Node(
                            operatorType: "Conv", inputs: ["x", "weights", "bias"], outputs: ["y"],
                            attributes: [
                                "group": .int(channels), "strides": .ints([window.strideHeight, window.strideWidth]),
                                "dilations": .ints([window.dilationHeight, window.dilationWidth]),
                                "pads": .ints([window.padTop, window.padLeft, window.padBottom, window.padRight]),
                            ])
                    ],
                    tensors: [
                        ("x", random.tensor(shape)), ("weights", random.tensor([channels, 1, kernel.0, kernel.1])),
                        ("bias", random.tensor([channels])),
                    ],
                    outputGradient: random.tensor([
                        shape[0], channels, convolution.outputHeight, convolution.outputWidth,
                    ])
                ) { values, above in
                    let x = values["x"] ?? [], weights = values["weights"] ?? [],
                        algorithm = ConvolutionAlgorithm.choose(for: convolution)
                    var scratch = [Float](
                        repeating: .nan, count: ConvolutionKernel.scratchCount(convolution, algorithm))
                    let output = written(above.count) { output in
                        (values["bias"] ?? []).withUnsafeBufferPointer { bias in
                            ConvolutionKernel.run(
                                convolution, algorithm, input: x, weights: weights, output: output, scratch: &scratch,
                                epilogue: Epilogue(bias: bias.baseAddress))
                        }
                    }
                    let below = written(x.count) { below in
                        inParts(shape[0] * channels) {
                            DepthwiseConvolutionGradient.input(
                                convolution, planes: $0, weights: weights, outputGradient: above, inputGradient: below)
                        }
                    }
                    let weightGradient = added(weights.count) { gradient in
                        inParts(channels) {
                            DepthwiseConvolutionGradient.weights(
                                convolution, channels: $0, input: x, outputGradient: above, weightGradient: gradient)
                        }
                    }
                    let bias = added(channels) { bias in
                        inParts(channels) { ChannelSum.add(sums, channels: $0, values: above, to: bias) }
                    }
                    return (output, ["x": below, "weights": weightGradient, "bias": bias])
                }
            })
    }

    @Test("Dropout of values and of whole channels", arguments: [false, true])
    func dropout(ofChannels: Bool) throws {
        var random = RandomSource(seed: 12)
        try LayerCheck.verify(
            (1...4).map { _ in
                let shape = [random.int(1...3), random.int(1...6), random.int(1...5), random.int(1...5)]
                let planes = shape[0] * shape[1], area = shape[2] * shape[3],
                    count = ofChannels ? planes : planes * area
                let factors = written(count) { Dropout.draw(0..<count, ratio: 0.4, random: &random, factors: $0) }
                return LayerCheck(
                    nodes: [Node(operatorType: "Dropout", inputs: ["x", "factors"], outputs: ["y"])],
                    tensors: [
                        ("x", random.tensor(shape)),
                        ("factors", TorchTensor(ofChannels ? [shape[0], shape[1], 1, 1] : shape, factors)),
                    ],
                    outputGradient: random.tensor(shape)
                ) { values, above in
                    func apply(_ values: [Float]) -> [Float] {
                        written(values.count) { output in
                            if ofChannels {
                                inParts(planes) {
                                    Dropout.runPlanes($0, area: area, factors: factors, values: values, output: output)
                                }
                            } else {
                                inParts(count) {
                                    Dropout.run(elements: $0, factors: factors, values: values, output: output)
                                }
                            }
                        }
                    }
                    return (apply(values["x"] ?? []), ["x": apply(above)])
                }
            })
    }

    @Test("Dropout drops its share and keeps the mean")
    func dropoutShare() {
        var random = RandomSource(seed: 13)
        let factors = written(100_000) { Dropout.draw(0..<100_000, ratio: 0.3, random: &random, factors: $0) }
        let dropped = factors.count { $0 == 0 }
        #expect(abs(Double(dropped) / 100_000 - 0.3) < 0.01)
        #expect(factors.allSatisfy { $0 == 0 || $0 == 1 / (1 - 0.3) })
    }

    @Test("The bias of a matrix product, and the sum of two branches")
    func sums() throws {
        var random = RandomSource(seed: 14)
        try LayerCheck.verify(
            (1...4).map { _ in
                let rows = random.int(1...5), columns = random.int(1...20)
                return LayerCheck(
                    nodes: [Node(operatorType: "Add", inputs: ["x", "bias"], outputs: ["y"])],
                    tensors: [("x", random.tensor([rows, columns])), ("bias", random.tensor([columns]))],
                    outputGradient: random.tensor([rows, columns])
                ) { values, above in
                    let x = values["x"] ?? [], bias = values["bias"] ?? [], broad = (0..<rows).flatMap { _ in bias }
                    let output = written(x.count) { output in
                        inParts(x.count) { ElementSum.run($0, x, broad, output: output) }
                    }
                    let sums = added(columns) { sums in
                        inParts(columns) {
                            ChannelSum.addColumns(rows: rows, columns: columns, range: $0, values: above, to: sums)
                        }
                    }
                    return (output, ["x": above, "bias": sums])
                }
            })
    }

    @Test("A sum over a large channel keeps its digits")
    func longSum() throws {
        let shape = try #require(ChannelShape(batch: 4, channels: 1, area: 300_001))
        let values = (0..<4 * shape.area).map { Float($0 % 7) * 0.1 + 1 }
        let exact = values.reduce(0.0) { $0 + Double($1) }
        let sum = added(1) { ChannelSum.add(shape, channels: 0..<1, values: values, to: $0) }
        #expect(abs(Double(sum[0]) / exact - 1) < 1e-6)
    }
}
