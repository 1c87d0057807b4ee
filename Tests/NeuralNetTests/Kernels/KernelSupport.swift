// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness

extension SeededGenerator {
    init(seed: Int) { self.init(seed: UInt64(bitPattern: Int64(seed))) }

    mutating func int(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &self) }

    mutating func values(_ count: Int) -> [Float] { (0..<count).map { _ in .random(in: -2...2, using: &self) } }

    mutating func shape(rank: Int, upTo limit: Int = 6) -> [Int] { (0..<rank).map { _ in int(1...limit) } }
}

/// Runs a kernel into a fresh array that holds no numbers before.
func output(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
    [Float](unsafeUninitializedCapacity: max(count, 1)) { buffer, initialized in
        buffer.initialize(repeating: .nan)
        if let base = buffer.baseAddress { body(base) }
        initialized = count
    }
}

/// The greatest difference, relative to 1 or to the value where that is greater; infinite for what is no number.
func greatestDifference(_ values: [Float], _ expected: [Double]) -> Double {
    guard values.count == expected.count else { return .infinity }
    return zip(values, expected).reduce(0) { most, pair in
        let (value, reference) = (Double(pair.0), pair.1)
        if value == reference { return most }
        let difference = abs(value - reference) / max(1, abs(reference))
        return difference.isNaN ? .infinity : max(most, difference)
    }
}

func product(_ extents: some Sequence<Int>) -> Int { extents.reduce(1, *) }

/// All index tuples of a shape, the last axis fastest.
func indices(of shape: [Int]) -> [[Int]] {
    shape.reduce([[]]) { tuples, extent in tuples.flatMap { tuple in (0..<extent).map { tuple + [$0] } } }
}

/// Where a tuple lies in a dense tensor of the shape.
func position(_ tuple: [Int], in shape: [Int]) -> Int {
    zip(tuple, shape).reduce(0) { $0 * $1.1 + $1.0 }
}

/// The definition, in double precision.
func naiveConvolution(
    _ shape: ConvolutionShape, input: [Float], weights: [Float], bias: [Float]? = nil, residual: [Float]? = nil,
    activation: (Double, Int) -> Double = { value, _ in value }
) -> [Double] {
    let w = shape.window, perGroup = shape.inputChannels / shape.groups,
        outPerGroup = shape.outputChannels / shape.groups
    var result: [Double] = []
    for n in 0..<shape.batch {
        for channel in 0..<shape.outputChannels {
            for row in 0..<shape.outputHeight {
                for column in 0..<shape.outputWidth {
                    var sum = 0.0
                    for inner in 0..<perGroup {
                        for kr in 0..<w.kernelHeight {
                            for kc in 0..<w.kernelWidth {
                                let y = row * w.strideHeight + kr * w.dilationHeight - w.padTop
                                let x = column * w.strideWidth + kc * w.dilationWidth - w.padLeft
                                guard y >= 0, x >= 0, y < shape.inputHeight, x < shape.inputWidth else { continue }
                                let source = channel / outPerGroup * perGroup + inner
                                sum +=
                                    Double(
                                        input[
                                            position(
                                                [n, source, y, x],
                                                in: [
                                                    shape.batch, shape.inputChannels, shape.inputHeight,
                                                    shape.inputWidth,
                                                ])])
                                    * Double(
                                        weights[
                                            position(
                                                [channel, inner, kr, kc],
                                                in: [shape.outputChannels, perGroup, w.kernelHeight, w.kernelWidth])
                                        ])
                            }
                        }
                    }
                    sum += Double(bias?[channel] ?? 0) + Double(residual?[result.count] ?? 0)
                    result.append(activation(sum, channel))
                }
            }
        }
    }
    return result
}

/// Planes as blocks of 16 channels, by the definition; the channels that fill up a block hold `filler`.
func blocked(_ planes: [Float], _ shape: BlockedShape, filler: Float = 0) -> [Float] {
    (0..<shape.count).map { index in
        let lane = index % 16, place = index / 16 % shape.area, block = index / 16 / shape.area
        let channel = block % shape.blocks * 16 + lane, image = block / shape.blocks
        return channel < shape.channels ? planes[(image * shape.channels + channel) * shape.area + place] : filler
    }
}

/// The counterpart of ``blocked(_:_:filler:)``.
func planes(_ blocks: [Float], _ shape: BlockedShape) -> [Float] {
    (0..<shape.planesCount).map { index in
        let place = index % shape.area, channel = index / shape.area % shape.channels
        let image = index / shape.area / shape.channels
        return blocks[((image * shape.blocks + channel / 16) * shape.area + place) * 16 + channel % 16]
    }
}
