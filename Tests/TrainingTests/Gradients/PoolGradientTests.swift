// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import Testing
import Training

@Suite(
    "Gradients of pooling",
    .enabled(if: TorchReference.isPresent, "LIKENESS_PYTHON names no program; scripts/test sets it"))
struct PoolGradientTests {
    /// Windows of any size, stride, dilation and margin.
    private static func window(_ random: inout RandomSource) -> SlidingWindow {
        let height = random.int(1...4), width = random.int(1...4)
        return SlidingWindow(
            kernelHeight: height, kernelWidth: width, strideHeight: random.int(1...3), strideWidth: random.int(1...3),
            padTop: random.int(0...height / 2), padLeft: random.int(0...width / 2),
            padBottom: random.int(0...height / 2), padRight: random.int(0...width / 2))
    }

    private static func attributes(_ window: SlidingWindow) -> [String: Attribute] {
        [
            "kernel_shape": .ints([window.kernelHeight, window.kernelWidth]),
            "strides": .ints([window.strideHeight, window.strideWidth]),
            "pads": .ints([window.padTop, window.padLeft, window.padBottom, window.padRight]),
        ]
    }

    @Test("Maximum: the first greatest value of each window gets the gradient")
    func maximum() throws {
        var random = RandomSource(seed: 3)
        try LayerCheck.verify(
            try (1...12).map { trial in
                // The window of the reference network among them.
                let window =
                    trial < 3
                    ? SlidingWindow(kernelHeight: 3, kernelWidth: 3, strideHeight: 2, strideWidth: 2)
                    : Self.window(&random)
                let shape = [random.int(1...2), random.int(1...3), random.int(5...23), random.int(5...23)],
                    planes = shape[0] * shape[1]
                let pool = try #require(
                    PoolShape(
                        planes: planes, inputHeight: shape[2], inputWidth: shape[3], window: window, ceilMode: false))
                let count = planes * pool.outputHeight * pool.outputWidth
                return LayerCheck(
                    nodes: [
                        Node(
                            operatorType: "MaxPool", inputs: ["x"], outputs: ["y"], attributes: Self.attributes(window))
                    ],
                    tensors: [("x", random.tensorOfDistinctValues(shape))],
                    outputGradient: random.tensor([shape[0], shape[1], pool.outputHeight, pool.outputWidth])
                ) { values, above in
                    var positions = [Int32](repeating: -2, count: count)
                    let output = written(count) { output in
                        positions.withUnsafeMutableBufferPointer { buffer in
                            guard let base = buffer.baseAddress else { return }
                            inParts(planes) {
                                MaxPoolGradient.forward(
                                    pool, planes: $0, input: values["x"] ?? [], output: output, positions: base)
                            }
                        }
                    }
                    let below = written(shape.reduce(1, *)) { below in
                        inParts(planes) {
                            MaxPoolGradient.run(
                                pool, planes: $0, outputGradient: above, positions: positions, inputGradient: below)
                        }
                    }
                    return (output, ["x": below])
                }
            })
    }

    @Test("Of equal greatest values the first takes all, and a plane of NaN none")
    func ties() throws {
        let window = SlidingWindow(kernelHeight: 3, kernelWidth: 3, strideHeight: 2, strideWidth: 2)
        let pool = try #require(PoolShape(planes: 2, inputHeight: 19, inputWidth: 19, window: window, ceilMode: false))
        let input = [Float](repeating: 1, count: 361) + [Float](repeating: .nan, count: 361)
        var output = [Float](repeating: 0, count: 162), positions = [Int32](repeating: -2, count: 162)
        MaxPoolGradient.forward(pool, planes: 0..<2, input: input, output: &output, positions: &positions)
        let corners = (0..<9).flatMap { row in (0..<9).map { column in Int32(row * 38 + column * 2) } }
        #expect(Array(positions.prefix(81)) == corners)
        #expect(output.prefix(81).allSatisfy { $0 == 1 })
        #expect(positions.suffix(81).allSatisfy { $0 == -1 })
        var below = [Float](repeating: .nan, count: 722)
        MaxPoolGradient.run(
            pool, planes: 0..<2, outputGradient: output.map { _ in 1 }, positions: positions, inputGradient: &below)
        #expect(below.prefix(361).reduce(0, +) == 81)
        #expect(below.suffix(361).allSatisfy { $0 == 0 })
    }

    @Test("Mean, the margin counted and not", arguments: [false, true])
    func mean(countIncludePad: Bool) throws {
        var random = RandomSource(seed: 4)
        try LayerCheck.verify(
            try (1...8).map { _ in
                let window = Self.window(&random)
                let shape = [random.int(1...2), random.int(1...3), random.int(5...9), random.int(5...9)],
                    planes = shape[0] * shape[1]
                let pool = try #require(
                    PoolShape(
                        planes: planes, inputHeight: shape[2], inputWidth: shape[3], window: window, ceilMode: false))
                let attributes = ["count_include_pad": Attribute.int(countIncludePad ? 1 : 0)]
                return LayerCheck(
                    nodes: [
                        Node(
                            operatorType: "AveragePool", inputs: ["x"], outputs: ["y"],
                            attributes: Self.attributes(window).merging(attributes) { $1 })
                    ],
                    tensors: [("x", random.tensor(shape))],
                    outputGradient: random.tensor([shape[0], shape[1], pool.outputHeight, pool.outputWidth])
                ) { values, above in
                    let output = written(above.count) {
                        AveragePoolKernel.run(
                            pool, countIncludePad: countIncludePad, input: values["x"] ?? [], output: $0)
                    }
                    let below = written(shape.reduce(1, *)) { below in
                        inParts(planes) {
                            AveragePoolGradient.run(
                                pool, planes: $0, countIncludePad: countIncludePad, outputGradient: above,
                                inputGradient: below)
                        }
                    }
                    return (output, ["x": below])
                }
            })
    }

    @Test("Global mean")
    func globalMean() throws {
        var random = RandomSource(seed: 5)
        try LayerCheck.verify(
            (1...4).map { _ in
                let shape = [random.int(1...3), random.int(1...4), random.int(1...6), random.int(1...6)],
                    planes = shape[0] * shape[1]
                let area = shape[2] * shape[3]
                return LayerCheck(
                    nodes: [Node(operatorType: "GlobalAveragePool", inputs: ["x"], outputs: ["y"])],
                    tensors: [("x", random.tensor(shape))], outputGradient: random.tensor([shape[0], shape[1], 1, 1])
                ) { values, above in
                    let output = written(planes) {
                        GlobalPoolKernel.average(planes: planes, area: area, input: values["x"] ?? [], output: $0)
                    }
                    let below = written(planes * area) { below in
                        inParts(planes) {
                            GlobalAveragePoolGradient.run(
                                planes: $0, area: area, outputGradient: above, inputGradient: below)
                        }
                    }
                    return (output, ["x": below])
                }
            })
    }
}
