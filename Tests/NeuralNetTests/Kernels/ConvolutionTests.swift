// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing

@Suite("Convolution")
struct ConvolutionTests {
    private func run(
        _ shape: ConvolutionShape, _ algorithm: ConvolutionAlgorithm, input: [Float], weights: [Float],
        bias: [Float]? = nil, residual: [Float]? = nil, slopes: [Float]? = nil, activation: Activation = .none
    ) -> [Float] {
        func optional<R>(_ values: [Float]?, _ body: (UnsafePointer<Float>?) -> R) -> R {
            if let values { values.withUnsafeBufferPointer { body($0.baseAddress) } } else { body(nil) }
        }
        var scratch = Array(repeating: Float.nan, count: max(1, ConvolutionKernel.scratchCount(shape, algorithm)))
        let prepared: [Float] =
            ConvolutionKernel.preparedWeightsCount(shape, algorithm).map { count in
                output(count) { ConvolutionKernel.prepareWeights(shape, algorithm, weights: weights, into: $0) }
            } ?? weights
        return optional(bias) { bias in
            optional(residual) { residual in
                optional(slopes) { slopes in
                    output(shape.outputCount) {
                        ConvolutionKernel.run(
                            shape, algorithm, input: input, weights: prepared, output: $0, scratch: &scratch,
                            epilogue: Epilogue(bias: bias, residual: residual, slopes: slopes, activation: activation))
                    }
                }
            }
        }
    }

    private func randomShape(
        _ random: inout SeededGenerator, depthwise: Bool, pointwise: Bool
    ) throws -> ConvolutionShape {
        let groups = depthwise ? random.int(2...9) : random.int(1...3)
        let perGroup = depthwise ? 1 : random.int(1...5), outPerGroup = depthwise ? 1 : random.int(1...5)
        let window =
            pointwise
            ? SlidingWindow(kernelHeight: 1, kernelWidth: 1)
            : SlidingWindow(
                kernelHeight: random.int(1...5), kernelWidth: random.int(1...5),
                strideHeight: random.int(1...3), strideWidth: random.int(1...3),
                dilationHeight: random.int(1...2), dilationWidth: random.int(1...3),
                padTop: random.int(0...6), padLeft: random.int(0...6), padBottom: random.int(0...6),
                padRight: random.int(0...6))
        return try #require(
            ConvolutionShape(
                batch: random.int(1...2), inputChannels: groups * perGroup,
                inputHeight: random.int(13...19), inputWidth: random.int(13...23),
                outputChannels: groups * outPerGroup, groups: groups, window: window))
    }

    /// Large windows that move by one, into few channels.
    private func fewOutputs(_ random: inout SeededGenerator) throws -> ConvolutionShape {
        let window = SlidingWindow(
            kernelHeight: random.int(3...6), kernelWidth: random.int(3...6), dilationHeight: random.int(1...2),
            dilationWidth: random.int(1...2), padTop: random.int(0...4), padLeft: random.int(0...4),
            padBottom: random.int(0...4), padRight: random.int(0...4))
        let shape = try #require(
            ConvolutionShape(
                batch: random.int(1...2), inputChannels: random.int(1...6), inputHeight: random.int(13...19),
                inputWidth: random.int(30...80), outputChannels: random.int(1...4), groups: 1, window: window))
        #expect(ConvolutionAlgorithm.choose(for: shape) == .pixelVectors)
        return shape
    }

    @Test("Each algorithm is the definition, on random windows, margins, strides, dilations and groups")
    func random() throws {
        var random = SeededGenerator(seed: 1)
        var seen: Set<ConvolutionAlgorithm> = []
        for trial in 0..<90 {
            let shape =
                trial % 9 == 0
                ? try fewOutputs(&random)
                : try randomShape(&random, depthwise: trial % 3 == 1, pointwise: trial % 3 == 2)
            let input = random.values(shape.batch * shape.inputChannels * shape.inputHeight * shape.inputWidth)
            let weights = random.values(shape.weightsCount)
            let expected = naiveConvolution(shape, input: input, weights: weights, bias: nil, residual: nil) {
                value, _ in value
            }
            for algorithm in ConvolutionAlgorithm.allCases where algorithm.supports(shape) {
                seen.insert(algorithm)
                let result = run(shape, algorithm, input: input, weights: weights)
                #expect(greatestDifference(result, expected) < 2e-5, "\(algorithm) \(shape)")
            }
            #expect(ConvolutionAlgorithm.choose(for: shape).supports(shape))
        }
        #expect(seen == Set(ConvolutionAlgorithm.allCases))
    }

    @Test("Bias, residual and every activation are applied in this order")
    func epilogue() throws {
        var random = SeededGenerator(seed: 2)
        for trial in 0..<42 {
            let shape =
                trial % 4 == 0
                ? try fewOutputs(&random)
                : try randomShape(&random, depthwise: trial % 3 == 1, pointwise: trial % 3 == 2)
            let input = random.values(shape.batch * shape.inputChannels * shape.inputHeight * shape.inputWidth)
            let weights = random.values(shape.weightsCount)
            let bias = random.values(shape.outputChannels), slopes = random.values(shape.outputChannels)
            let residual = trial % 2 == 0 ? random.values(shape.outputCount) : nil
            let activations: [(Activation, (Double, Int) -> Double)] = [
                (.none, { value, _ in value }),
                (.relu, { value, _ in max(value, 0) }),
                (.clip(lower: -0.5, upper: 1.5), { value, _ in min(max(value, -0.5), 1.5) }),
                (.leakyRelu(slope: 0.25), { value, _ in value < 0 ? value * 0.25 : value }),
                (.perChannelSlope, { value, channel in value < 0 ? value * Double(slopes[channel]) : value }),
                (.sigmoid, { value, _ in 1 / (1 + exp(-value)) }),
                (.tanh, { value, _ in tanh(value) }),
            ]
            let (activation, function) = activations[trial % activations.count]
            let expected = naiveConvolution(
                shape, input: input, weights: weights, bias: bias, residual: residual, activation: function)
            for algorithm in ConvolutionAlgorithm.allCases where algorithm.supports(shape) {
                let result = run(
                    shape, algorithm, input: input, weights: weights, bias: bias, residual: residual,
                    slopes: slopes, activation: activation)
                #expect(greatestDifference(result, expected) < 2e-5, "\(algorithm) \(activation)")
            }
        }
    }

    @Test("An image of many strips is the same as the definition")
    func strips() throws {
        var random = SeededGenerator(seed: 3)
        let shape = try #require(
            ConvolutionShape(
                batch: 1, inputChannels: 16, inputHeight: 71, inputWidth: 90, outputChannels: 3, groups: 1,
                window: SlidingWindow(
                    kernelHeight: 5, kernelWidth: 5, strideHeight: 2, strideWidth: 2, padTop: 1, padLeft: 2)))
        #expect(ConvolutionKernel.scratchCount(shape, .im2col) < shape.depth * shape.outputArea)
        let input = random.values(16 * 71 * 90), weights = random.values(shape.weightsCount)
        let expected = naiveConvolution(shape, input: input, weights: weights, bias: nil, residual: nil) { value, _ in
            value
        }
        #expect(greatestDifference(run(shape, .im2col, input: input, weights: weights), expected) < 1e-4)
    }

    @Test("Impossible sizes are refused")
    func refusals() {
        func shape(
            channels: Int = 4, groups: Int = 1, height: Int = 5,
            window: SlidingWindow = SlidingWindow(kernelHeight: 3, kernelWidth: 3)
        ) -> ConvolutionShape? {
            ConvolutionShape(
                batch: 1, inputChannels: channels, inputHeight: height, inputWidth: 5, outputChannels: 4,
                groups: groups, window: window)
        }
        #expect(shape() != nil)
        #expect(shape(groups: 3) == nil)
        #expect(shape(groups: 0) == nil)
        #expect(shape(height: 2) == nil)
        #expect(shape(height: .max) == nil)
        #expect(shape(channels: .max) == nil)
        #expect(shape(window: SlidingWindow(kernelHeight: 3, kernelWidth: 3, strideHeight: 0)) == nil)
        #expect(shape(window: SlidingWindow(kernelHeight: 3, kernelWidth: 3, dilationHeight: .max)) == nil)
        #expect(shape(window: SlidingWindow(kernelHeight: 3, kernelWidth: 3, padTop: -1)) == nil)
    }
}
