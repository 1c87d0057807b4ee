// SPDX-License-Identifier: Apache-2.0

import Foundation
import Kernels
import NeuralNet
import ProgramHarness
import Testing
import VectorMath

@Suite("Convolution in blocks of channels")
struct BlockedConvolutionTests {
    /// A shape with what a run is given beside it.
    private struct Trial {
        let shape: ConvolutionShape
        let input: [Float]
        let weights: [Float]
        let bias: [Float]
        let residual: [Float]?

        var inputShape: BlockedShape {
            BlockedShape(
                batch: shape.batch, channels: shape.inputChannels, height: shape.inputHeight, width: shape.inputWidth)
        }

        var outputShape: BlockedShape {
            BlockedShape(
                batch: shape.batch, channels: shape.outputChannels, height: shape.outputHeight,
                width: shape.outputWidth)
        }

        init(_ shape: ConvolutionShape, hasResidual: Bool, _ random: inout SeededGenerator) {
            self.shape = shape
            input = random.values(shape.batch * shape.inputChannels * shape.inputArea)
            weights = random.values(shape.weightsCount)
            bias = random.values(shape.outputChannels)
            residual = hasResidual ? random.values(shape.outputCount) : nil
        }

        /// The definition, with a ReLU last.
        var expected: [Double] {
            naiveConvolution(shape, input: input, weights: weights, bias: bias, residual: residual) { value, _ in
                max(value, 0)
            }
        }

        /// Prepares the weights, runs the body with everything in blocks, and answers planes.
        func run(
            weightsCount: Int, scratchCount: Int, inPlanes: Bool = false,
            prepare: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void,
            _ body: (
                _ input: UnsafePointer<Float>, _ weights: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
                _ scratch: UnsafeMutablePointer<Float>, _ epilogue: BlockEpilogue
            ) -> Void
        ) -> [Float] {
            let prepared = output(weightsCount) { prepare(weights, $0) }
            // What fills up the last block may be any finite number.
            let source = inPlanes ? input : blocked(input, inputShape, filler: 7)
            let shift = bias + Array(repeating: 0, count: outputShape.blocks * 16 - bias.count)
            let other = residual.map { blocked($0, outputShape) }
            var scratch = Array(repeating: Float.nan, count: max(1, scratchCount))
            let result = output(outputShape.count) { target in
                shift.withUnsafeBufferPointer { shift in
                    if let other {
                        other.withUnsafeBufferPointer { other in
                            body(
                                source, prepared, target, &scratch,
                                BlockEpilogue(bias: shift.baseAddress, residual: other.baseAddress, lower: 0))
                        }
                    } else {
                        body(source, prepared, target, &scratch, BlockEpilogue(bias: shift.baseAddress, lower: 0))
                    }
                }
            }
            #expect(!result.contains { !$0.isFinite })
            return planes(result, outputShape)
        }
    }

    private func randomChannels(_ random: inout SeededGenerator) -> Int {
        [1, 3, 4, 8, 15, 16, 17, 31, 32, 33, 48, 64].randomElement(using: &random) ?? 16
    }

    private func randomShape(
        _ random: inout SeededGenerator, window: SlidingWindow, depthwise: Bool = false
    ) throws -> ConvolutionShape {
        let channels = randomChannels(&random)
        return try #require(
            ConvolutionShape(
                batch: random.int(1...2), inputChannels: channels,
                inputHeight: random.int(window.kernelHeight * 2...19),
                inputWidth: random.int(window.kernelWidth * 2...33),
                outputChannels: depthwise ? channels : randomChannels(&random), groups: depthwise ? channels : 1,
                window: window))
    }

    private func randomWindow(_ random: inout SeededGenerator, upTo size: Int = 5) -> SlidingWindow {
        SlidingWindow(
            kernelHeight: random.int(1...size), kernelWidth: random.int(1...size),
            strideHeight: random.int(1...3), strideWidth: random.int(1...3),
            dilationHeight: random.int(1...2), dilationWidth: random.int(1...2), padTop: random.int(0...4),
            padLeft: random.int(0...4), padBottom: random.int(0...4), padRight: random.int(0...4))
    }

    private func direct(
        _ trial: Trial, _ source: BlockedConvolution.Source, _ vectors: ConvolutionVectors
    ) -> [Float] {
        let convolution = BlockedConvolution(trial.shape, source: source, vectors: vectors)
        return trial.run(
            weightsCount: BlockedConvolution.weightsCount(trial.shape, source), scratchCount: convolution.scratchCount,
            inPlanes: source == .planes
        ) {
            BlockedConvolution.prepareWeights(
                trial.shape, source, weights: ConvolutionWeights($0, trial.shape), into: $1)
        } _: {
            convolution.run(input: $0, weights: $1, output: $2, scratch: $3, epilogue: $4)
        }
    }

    @Test("It is the definition directly, on every instruction set", arguments: InstructionSet.available)
    func directly(_ instructionSet: InstructionSet) throws {
        var random = SeededGenerator(seed: 71)
        let vectors = ConvolutionVectors(instructionSet)
        for number in 0..<60 {
            let window = number % 4 == 0 ? SlidingWindow(kernelHeight: 1, kernelWidth: 1) : randomWindow(&random)
            let trial = Trial(try randomShape(&random, window: window), hasResidual: number % 2 == 0, &random)
            let expected = trial.expected
            for source in [BlockedConvolution.Source.planes, .blocks] {
                #expect(
                    greatestDifference(direct(trial, source, vectors), expected) < 5e-5, "\(source) \(trial.shape)")
            }
        }
    }

    @Test("An image of many strips is the same as the definition")
    func strips() throws {
        var random = SeededGenerator(seed: 72)
        for stride in 1...2 {
            let window = SlidingWindow(
                kernelHeight: 3, kernelWidth: 3, strideHeight: stride, strideWidth: stride, padTop: 1, padLeft: 1,
                padBottom: 1, padRight: 1)
            let shape = try #require(
                ConvolutionShape(
                    batch: 1, inputChannels: 40, inputHeight: 90, inputWidth: 61, outputChannels: 5, groups: 1,
                    window: window))
            let trial = Trial(shape, hasResidual: false, &random)
            let convolution = BlockedConvolution(shape, source: .blocks)
            #expect(convolution.scratchCount < trial.inputShape.count / 2)
            #expect(greatestDifference(direct(trial, .blocks, ConvolutionVectors()), trial.expected) < 1e-4)
        }
    }

    @Test("It is the definition by Winograd's method, on every instruction set", arguments: InstructionSet.available)
    func winograd(_ instructionSet: InstructionSet) throws {
        var random = SeededGenerator(seed: 73)
        let vectors = ConvolutionVectors(instructionSet)
        for filter in WinogradFilter.allCases {
            for number in 0..<16 {
                let window = SlidingWindow(
                    kernelHeight: filter.kernel, kernelWidth: filter.kernel, padTop: random.int(0...3),
                    padLeft: random.int(0...3), padBottom: random.int(0...3), padRight: random.int(0...3))
                let trial = Trial(try randomShape(&random, window: window), hasResidual: number % 2 == 0, &random)
                #expect(WinogradConvolution.supports(trial.shape, filter))
                let convolution = WinogradConvolution(trial.shape, filter, vectors: vectors)
                let result = trial.run(
                    weightsCount: WinogradConvolution.weightsCount(trial.shape, filter),
                    scratchCount: convolution.scratchCount
                ) {
                    WinogradConvolution.prepareWeights(
                        trial.shape, filter, weights: ConvolutionWeights($0, trial.shape), into: $1)
                } _: {
                    convolution.run(input: $0, weights: $1, output: $2, scratch: $3, epilogue: $4)
                }
                // Against the size of what is added up, as the errors of the method grow with it.
                let scale = Double(trial.shape.depth).squareRoot()
                #expect(greatestDifference(result, trial.expected) < 2e-5 * scale, "\(filter) \(trial.shape)")
            }
        }
    }

    @Test("Winograd's method is for windows of its size that move by one")
    func winogradRefusals() throws {
        func shape(_ window: SlidingWindow, groups: Int = 1) throws -> ConvolutionShape {
            try #require(
                ConvolutionShape(
                    batch: 1, inputChannels: 4, inputHeight: 9, inputWidth: 9, outputChannels: 4, groups: groups,
                    window: window))
        }
        let three = SlidingWindow(kernelHeight: 3, kernelWidth: 3)
        var strided = three, dilated = three
        strided.strideWidth = 2
        dilated.dilationHeight = 2
        let plain = try shape(three), grouped = try shape(three, groups: 2)
        let others = [try shape(strided), try shape(dilated), grouped]
        #expect(WinogradConvolution.supports(plain, .fourThree) && WinogradConvolution.supports(plain, .twoThree))
        #expect(!WinogradConvolution.supports(plain, .twoFive))
        for filter in WinogradFilter.allCases {
            for other in others { #expect(!WinogradConvolution.supports(other, filter)) }
        }
    }

    @Test("Each channel by itself is the definition, on every instruction set", arguments: InstructionSet.available)
    func depthwise(_ instructionSet: InstructionSet) throws {
        var random = SeededGenerator(seed: 74)
        let vectors = ConvolutionVectors(instructionSet)
        for number in 0..<60 {
            let window =
                number % 2 == 0
                ? randomWindow(&random)
                : SlidingWindow(
                    kernelHeight: 3, kernelWidth: 3, strideHeight: number % 3 + 1, strideWidth: number % 3 + 1,
                    padTop: 1, padLeft: 1, padBottom: 1, padRight: 1)
            let trial = Trial(
                try randomShape(&random, window: window, depthwise: true), hasResidual: number % 3 == 0, &random)
            let convolution = BlockedDepthwise(trial.shape, vectors: vectors)
            let result = trial.run(weightsCount: BlockedDepthwise.weightsCount(trial.shape), scratchCount: 0) {
                BlockedDepthwise.prepareWeights(trial.shape, weights: ConvolutionWeights($0, trial.shape), into: $1)
            } _: { input, weights, output, _, epilogue in
                convolution.run(input: input, weights: weights, output: output, epilogue: epilogue)
            }
            #expect(greatestDifference(result, trial.expected) < 2e-5, "\(trial.shape)")
        }
    }

    @Test(
        "Slopes, one for each channel or one for all, and bounds are applied last", arguments: InstructionSet.available)
    func activations(_ instructionSet: InstructionSet) throws {
        var random = SeededGenerator(seed: 75)
        let shape = try #require(
            ConvolutionShape(
                batch: 1, inputChannels: 5, inputHeight: 9, inputWidth: 11, outputChannels: 35, groups: 1,
                window: SlidingWindow(kernelHeight: 2, kernelWidth: 3)))
        let trial = Trial(shape, hasResidual: false, &random)
        let slopes = random.values(48)
        func run(_ change: (inout BlockEpilogue, UnsafePointer<Float>?) -> Void) -> [Float] {
            let convolution = BlockedConvolution(shape, source: .planes, vectors: ConvolutionVectors(instructionSet))
            return trial.run(
                weightsCount: BlockedConvolution.weightsCount(shape, .planes), scratchCount: convolution.scratchCount,
                inPlanes: true
            ) {
                BlockedConvolution.prepareWeights(shape, .planes, weights: ConvolutionWeights($0, shape), into: $1)
            } _: { input, weights, output, scratch, epilogue in
                slopes.withUnsafeBufferPointer { slopes in
                    var epilogue = epilogue
                    epilogue.lower = -.infinity
                    change(&epilogue, slopes.baseAddress)
                    convolution.run(
                        input: input, weights: weights, output: output, scratch: scratch, epilogue: epilogue)
                }
            }
        }
        func expected(_ activation: (Double, Int) -> Double) -> [Double] {
            naiveConvolution(
                shape, input: trial.input, weights: trial.weights, bias: trial.bias, activation: activation)
        }
        let perChannel = run { $0.slopes = $1 }
        let forAll = run { epilogue, _ in epilogue.slope = 0.25 }
        let clipped = run { epilogue, _ in (epilogue.lower, epilogue.upper) = (-0.5, 1.5) }
        #expect(greatestDifference(perChannel, expected { $0 < 0 ? $0 * Double(slopes[$1]) : $0 }) < 2e-5)
        #expect(greatestDifference(forAll, expected { value, _ in value < 0 ? value * 0.25 : value }) < 2e-5)
        #expect(greatestDifference(clipped, expected { value, _ in min(max(value, -0.5), 1.5) }) < 2e-5)
    }
}
