// SPDX-License-Identifier: Apache-2.0

import Kernels
import NeuralNet
import ProgramHarness
import Testing
import VectorMath

@Suite("Blocks of channels")
struct BlockedLayoutTests {
    private func randomShape(_ random: inout SeededGenerator) -> BlockedShape {
        BlockedShape(
            batch: random.int(1...3), channels: random.int(1...50), height: random.int(1...9), width: random.int(1...11)
        )
    }

    @Test("Planes become blocks and planes again")
    func reordering() {
        var random = SeededGenerator(seed: 81)
        for _ in 0..<60 {
            let shape = randomShape(&random), values = random.values(shape.planesCount)
            let blocks = output(shape.count) { BlockReordering.toBlocks(shape, planes: values, blocks: $0) }
            #expect(blocks == blocked(values, shape))
            #expect(output(shape.planesCount) { BlockReordering.toPlanes(shape, blocks: blocks, planes: $0) } == values)
        }
    }

    @Test("Pooling is the same as in planes, on every instruction set", arguments: InstructionSet.available)
    func pooling(_ instructionSet: InstructionSet) throws {
        var random = SeededGenerator(seed: 82)
        let vectors = ConvolutionVectors(instructionSet)
        for trial in 0..<60 {
            let input = BlockedShape(
                batch: random.int(1...2), channels: random.int(1...40), height: random.int(5...12),
                width: random.int(5...20))
            let kernel = (random.int(1...4), random.int(1...4))
            let window = SlidingWindow(
                kernelHeight: kernel.0, kernelWidth: kernel.1, strideHeight: random.int(1...3),
                strideWidth: random.int(1...3), padTop: random.int(0...kernel.0 - 1),
                padLeft: random.int(0...kernel.1 - 1), padBottom: random.int(0...kernel.0 - 1),
                padRight: random.int(0...kernel.1 - 1))
            let pool = try #require(
                PoolShape(
                    planes: input.batch * input.channels, inputHeight: input.height, inputWidth: input.width,
                    window: window, ceilMode: trial % 2 == 0))
            let result = BlockedShape(
                batch: input.batch, channels: input.channels, height: pool.outputHeight, width: pool.outputWidth)
            let values = random.values(input.planesCount), blocks = blocked(values, input)
            func inBlocks(_ kind: BlockPool.Kind) -> [Float] {
                planes(
                    output(result.count) {
                        BlockedPool.run(
                            pool, kind, blocks: 0..<input.batch * input.blocks, input: blocks, output: $0,
                            vectors: vectors)
                    }, result)
            }
            let most = output(result.planesCount) { MaxPoolKernel.run(pool, input: values, output: $0) }
            #expect(inBlocks(.maximum) == most)
            for counts in [false, true] {
                let mean = output(result.planesCount) {
                    AveragePoolKernel.run(pool, countIncludePad: counts, input: values, output: $0)
                }
                #expect(
                    greatestDifference(inBlocks(.average(countIncludePad: counts)), mean.map(Double.init)) < 1e-6,
                    "\(pool)")
            }
        }
    }

    @Test("The largest of a window passes over NaN, as in planes", arguments: InstructionSet.available)
    func notANumber(_ instructionSet: InstructionSet) throws {
        let pool = try #require(
            PoolShape(
                planes: 16, inputHeight: 1, inputWidth: 3, window: SlidingWindow(kernelHeight: 1, kernelWidth: 3),
                ceilMode: false))
        let shape = BlockedShape(batch: 1, channels: 16, height: 1, width: 3)
        for position in 0..<3 {
            var values = (0..<48).map(Float.init)
            values[position] = .nan
            let inPlanes = output(16) { MaxPoolKernel.run(pool, input: values, output: $0) }
            let result = output(16) {
                BlockedPool.run(
                    pool, .maximum, blocks: 0..<1, input: blocked(values, shape), output: $0,
                    vectors: ConvolutionVectors(instructionSet))
            }
            #expect(result == inPlanes && result[0].isFinite)
        }
    }

    @Test("Whole images are pooled into a number for each channel")
    func wholeImages() {
        var random = SeededGenerator(seed: 83)
        for _ in 0..<20 {
            let shape = randomShape(&random), values = random.values(shape.planesCount)
            let blocks = blocked(values, shape, filler: 100)
            let count = shape.batch * shape.channels
            let planes = (0..<count).map { values[$0 * shape.area..<($0 + 1) * shape.area].map(Double.init) }
            let mean = output(count) { BlockedPool.globalAverage(shape, input: blocks, output: $0) }
            let most = output(count) { BlockedPool.globalMaximum(shape, input: blocks, output: $0) }
            #expect(greatestDifference(mean, planes.map { $0.reduce(0, +) / Double(shape.area) }) < 1e-5)
            #expect(greatestDifference(most, planes.map { $0.max() ?? 0 }) == 0)
        }
    }

    @Test("Resizing to the nearest pixels is the same as in planes")
    func resizing() throws {
        var random = SeededGenerator(seed: 85)
        for _ in 0..<30 {
            let input = randomShape(&random)
            let size = (random.int(1...20), random.int(1...20))
            func resize(_ mode: InterpolationMode) throws -> ResizeShape {
                try #require(
                    ResizeShape(
                        planes: input.batch * input.channels, inputHeight: input.height, inputWidth: input.width,
                        outputHeight: size.0, outputWidth: size.1, mode: mode, coordinates: .halfPixel))
            }
            let nearest = try resize(.nearest(.roundPreferFloor))
            #expect(nearest.isNearest)
            let result = BlockedShape(
                batch: input.batch, channels: input.channels, height: size.0, width: size.1)
            let values = random.values(input.planesCount), blocks = blocked(values, input)
            let inPlanes = output(result.planesCount) { ResizeKernel.run(nearest, input: values, output: $0) }
            let inBlocks = output(result.count) {
                BlockedResize.run(nearest, blocks: input.batch * input.blocks, input: blocks, output: $0)
            }
            #expect(planes(inBlocks, result) == inPlanes)
        }
        let between = try #require(
            ResizeShape(
                planes: 1, inputHeight: 3, inputWidth: 3, outputHeight: 4, outputWidth: 3, mode: .linear,
                coordinates: .halfPixel))
        #expect(!between.isNearest)
    }

    @Test("A scale, a shift and a slope for each channel", arguments: InstructionSet.available)
    func affine(_ instructionSet: InstructionSet) {
        var random = SeededGenerator(seed: 84)
        for trial in 0..<20 {
            let shape = randomShape(&random), values = random.values(shape.planesCount)
            let count = shape.blocks * 16
            let scale = random.values(count), shift = random.values(count), slopes = random.values(count)
            let hasSlopes = trial % 2 == 0
            let blocks = blocked(values, shape)
            let result = output(shape.count) { target in
                scale.withUnsafeBufferPointer { scale in
                    slopes.withUnsafeBufferPointer { slopes in
                        shift.withUnsafeBufferPointer { shift in
                            BlockedAffine.run(
                                shape, scale: scale.baseAddress, shift: shift.baseAddress,
                                slopes: hasSlopes ? slopes.baseAddress : nil, input: blocks, output: target,
                                vectors: ConvolutionVectors(instructionSet))
                        }
                    }
                }
            }
            let expected = values.indices.map { index in
                let channel = index / shape.area % shape.channels
                let value = Double(values[index]) * Double(scale[channel]) + Double(shift[channel])
                return hasSlopes && value < 0 ? value * Double(slopes[channel]) : value
            }
            #expect(greatestDifference(planes(result, shape), expected) < 1e-5)
        }
    }
}
