// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing

@Suite("Windows over up to three axes")
struct VolumeTests {
    /// A random window, and its margin at the end.
    private func window(_ random: inout SeededGenerator, rank: Int) throws -> VolumeWindow {
        while true {
            let input = random.shape(rank: rank, upTo: 5), kernel = random.shape(rank: rank, upTo: 3)
            let strides = random.shape(rank: rank, upTo: 2), dilations = random.shape(rank: rank, upTo: 2)
            let before = kernel.map { random.int(0...$0 - 1) }, after = kernel.map { random.int(0...$0 - 1) }
            let places = input.indices.map { axis in
                (input[axis] + before[axis] + after[axis] - (kernel[axis] - 1) * dilations[axis] - 1) / strides[axis]
                    + 1
            }
            let fits = input.indices.allSatisfy {
                input[$0] + before[$0] + after[$0] >= (kernel[$0] - 1) * dilations[$0] + 1
            }
            guard fits else { continue }
            return try #require(
                VolumeWindow(
                    input: input, kernel: kernel, strides: strides, dilations: dilations, padsBefore: before,
                    output: places))
        }
    }

    /// For each place of the window, the kernel's places inside the input and theirs in it.
    private func taps(_ window: VolumeWindow) -> [[(kernel: Int, input: Int)]] {
        indices(of: window.output).map { place in
            indices(of: window.kernel).enumerated().compactMap { number, offset in
                let at = (0..<3).map { axis in
                    place[axis] * window.strides[axis] - window.padsBefore[axis] + offset[axis] * window.dilations[axis]
                }
                guard (0..<3).allSatisfy({ at[$0] >= 0 && at[$0] < window.input[$0] }) else { return nil }
                return (number, position(at, in: window.input))
            }
        }
    }

    @Test("Pooling takes the greatest, its place, the mean and the norm of each window")
    func pooling() throws {
        var random = SeededGenerator(seed: 71)
        for trial in 0..<60 {
            let window = try window(&random, rank: trial % 3 + 1), planes = random.int(1...3)
            let inner = trial % 2 == 0 ? 1 : 9
            let input = random.values(planes * window.inputCount * inner)
            let taps = taps(window), count = planes * window.outputCount * inner
            let counts = taps.map { Float(max($0.count, 1)) }
            func expected(_ function: ([Double]) -> Double) -> [Double] {
                (0..<planes).flatMap { plane in
                    taps.flatMap { taps in
                        (0..<inner).map { index in
                            function(
                                taps.map { Double(input[(plane * window.inputCount + $0.input) * inner + index]) })
                        }
                    }
                }
            }
            func run(_ pooling: VolumePooling) -> [Float] {
                output(count) {
                    VolumePoolKernel.run(window, pooling, planes: planes, inner: inner, input: input, output: $0)
                }
            }
            #expect(run(.maximum).map(Double.init) == expected { $0.max() ?? -.infinity })
            let means = expected { $0.reduce(0, +) / Double(max($0.count, 1)) }
            #expect(greatestDifference(run(.average(counts: counts)), means) < 1e-5)
            for p in [1, 2, 3] {
                let norms = expected { pow($0.reduce(0) { $0 + pow(abs($1), Double(p)) }, 1 / Double(p)) }
                #expect(greatestDifference(run(.norm(p: Float(p))), norms) < 1e-5)
            }
            guard inner == 1, taps.allSatisfy({ !$0.isEmpty }) else { continue }
            for isColumnMajor in [false, true] {
                let places = (0..<planes).flatMap { plane in
                    taps.map { taps in
                        let values = taps.map { input[plane * window.inputCount + $0.input] }
                        let found = taps[values.firstIndex(of: values.max() ?? 0) ?? 0].input
                        let tuple = indices(of: window.input)[found]
                        let turned = position(tuple.reversed(), in: window.input.reversed())
                        return Double(plane * window.inputCount + (isColumnMajor ? turned : found))
                    }
                }
                #expect(run(.maximumPlace(isColumnMajor: isColumnMajor)).map(Double.init) == places)
            }
        }
    }

    @Test("Convolution and its transpose are their definitions, in groups, over one to three axes")
    func convolution() throws {
        var random = SeededGenerator(seed: 72)
        for trial in 0..<45 {
            let window = try window(&random, rank: trial % 3 + 1)
            let (batch, groups) = (random.int(1...2), random.int(1...2))
            let (inputs, outputs) = (groups * random.int(1...3), groups * random.int(1...3))
            let shape = try #require(
                VolumeConvolution(
                    window: window, batch: batch, inputChannels: inputs, outputChannels: outputs, groups: groups))
            let depth = inputs / groups, taps = taps(window)
            let weights = random.values(outputs * depth * window.kernelCount)
            let small = random.values(batch * outputs * window.outputCount)
            let large = random.values(batch * inputs * window.inputCount)
            let biases = (random.values(outputs), random.values(inputs))
            var forward = (0..<batch * outputs * window.outputCount).map {
                Double(biases.0[$0 / window.outputCount % outputs])
            }
            var backward = (0..<batch * inputs * window.inputCount).map {
                Double(biases.1[$0 / window.inputCount % inputs])
            }
            for image in 0..<batch {
                for channel in 0..<outputs {
                    let group = channel / (outputs / groups)
                    for (place, taps) in taps.enumerated() {
                        let to = (image * outputs + channel) * window.outputCount + place
                        for other in 0..<depth {
                            let plane = (image * inputs + group * depth + other) * window.inputCount
                            for tap in taps {
                                let weight = Double(
                                    weights[(channel * depth + other) * window.kernelCount + tap.kernel])
                                forward[to] += weight * Double(large[plane + tap.input])
                                backward[plane + tap.input] += weight * Double(small[to])
                            }
                        }
                    }
                }
            }
            var scratch = Array(repeating: Float.nan, count: shape.scratchCount)
            scratch.withUnsafeMutableBufferPointer { scratch in
                guard let base = scratch.baseAddress else { return }
                let ran = output(forward.count) {
                    shape.run(input: large, weights: weights, bias: biases.0, output: $0, scratch: base)
                }
                #expect(greatestDifference(ran, forward) < 1e-5)
                let turned = output(backward.count) {
                    shape.runTransposed(input: small, weights: weights, bias: biases.1, output: $0, scratch: base)
                }
                #expect(greatestDifference(turned, backward) < 1e-5)
            }
        }
    }

    @Test("Windows that are empty, too large or of four axes are none")
    func impossible() {
        func window(_ input: [Int], _ kernel: [Int], output: [Int]) -> VolumeWindow? {
            let one = Array(repeating: 1, count: input.count), none = Array(repeating: 0, count: input.count)
            return VolumeWindow(
                input: input, kernel: kernel, strides: one, dilations: one, padsBefore: none, output: output)
        }
        #expect(window([4], [2], output: [3]) != nil)
        #expect(window([4], [2], output: [0]) == nil)
        #expect(window([1 << 30], [2], output: [3]) == nil)
        #expect(window([1, 1, 1, 1], [1, 1, 1, 1], output: [1, 1, 1, 1]) == nil)
        #expect(window([4, 4], [2], output: [3]) == nil)
    }
}
