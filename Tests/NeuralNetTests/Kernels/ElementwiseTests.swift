// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing

@Suite("Element-wise kernels")
struct ElementwiseTests {
    @Test("Unary operations, whatever the count")
    func unary() {
        let operations: [(UnaryOperation, (Double) -> Double)] = [
            (.identity, { $0 }), (.relu, { max($0, 0) }),
            (.leakyRelu(slope: 0.1), { $0 < 0 ? Double(Float(0.1)) * $0 : $0 }),
            (.clip(lower: -1, upper: 0.5), { min(max($0, -1), 0.5) }), (.sigmoid, { 1 / (1 + exp(-$0)) }),
            (.tanh, { tanh($0) }),
            (.exp, { exp($0) }), (.negate, { -$0 }), (.absolute, { abs($0) }), (.reciprocal, { 1 / $0 }),
        ]
        var random = SeededGenerator(seed: 5)
        for count in [0, 1, 7, 8, 9, 31] {
            for (operation, function) in operations {
                let input = random.values(count)
                let result = output(count) { UnaryKernel.run(operation, count: count, input: input, output: $0) }
                #expect(greatestDifference(result, input.map { function(Double($0)) }) < 1e-6, "\(operation)")
            }
            let positive = random.values(count).map(abs)
            let roots = output(count) { UnaryKernel.run(.sqrt, count: count, input: positive, output: $0) }
            #expect(greatestDifference(roots, positive.map { Double($0).squareRoot() }) < 1e-6)
            let logarithms = output(count) { UnaryKernel.run(.log, count: count, input: positive, output: $0) }
            #expect(greatestDifference(logarithms, positive.map { log(Double($0)) }) < 1e-6)
        }
    }

    @Test("What is not a number stays so, through relu and clip")
    func notANumber() {
        let input: [Float] = Array(repeating: .nan, count: 9)
        for operation in [UnaryOperation.relu, .clip(lower: 0, upper: 1), .leakyRelu(slope: 2)] {
            let result = output(9) { UnaryKernel.run(operation, count: 9, input: input, output: $0) }
            #expect(result.filter(\.isNaN).count == 9)
        }
    }

    @Test("Binary operations broadcast as NumPy does")
    func binary() throws {
        let operations: [(BinaryOperation, (Double, Double) -> Double)] = [
            (.add, { $0 + $1 }), (.subtract, { $0 - $1 }), (.multiply, { $0 * $1 }), (.divide, { $0 / $1 }),
            (.minimum, { min($0, $1) }), (.maximum, { max($0, $1) }), (.prelu, { $0 < 0 ? $0 * $1 : $0 }),
        ]
        var random = SeededGenerator(seed: 6)
        for trial in 0..<140 {
            let full = random.shape(rank: random.int(0...5))
            var left = full.map { random.int(0...3) == 0 ? 1 : $0 },
                right = full.map { random.int(0...2) == 0 ? 1 : $0 }
            if trial % 2 == 0 {
                right.removeFirst(random.int(0...right.count))
            } else {
                left.removeFirst(random.int(0...left.count))
            }
            let shape = try #require(BroadcastShape(left: left, right: right))
            let a = random.values(product(left)), b = random.values(product(right))
            let (operation, function) = operations[trial % operations.count]
            func value(_ values: [Float], _ shape: [Int], _ tuple: [Int]) -> Double {
                Double(values[position(zip(tuple.suffix(shape.count), shape).map { $1 == 1 ? 0 : $0 }, in: shape)])
            }
            let expected = indices(of: shape.outputShape).map { function(value(a, left, $0), value(b, right, $0)) }
            let result = output(expected.count) { BinaryKernel.run(operation, shape, left: a, right: b, output: $0) }
            #expect(greatestDifference(result, expected) < 1e-5, "\(operation) \(left) \(right)")
            if shape.outputShape == left {
                var inPlace = a
                inPlace.withUnsafeMutableBufferPointer { buffer in
                    guard let base = buffer.baseAddress else { return }
                    BinaryKernel.run(operation, shape, left: base, right: b, output: base)
                }
                #expect(inPlace == result)
            }
        }
        #expect(BroadcastShape(left: [2], right: [3]) == nil)
    }

    @Test("Powers")
    func power() throws {
        let shape = try #require(BroadcastShape(left: [9], right: [1]))
        var random = SeededGenerator(seed: 7)
        let base = random.values(9).map(abs)
        for exponent in [Float(2), 0.5, -1.25] {
            let result = output(9) { BinaryKernel.run(.power, shape, left: base, right: [exponent], output: $0) }
            #expect(greatestDifference(result, base.map { pow(Double($0), Double(exponent)) }) < 1e-5)
        }
    }

    @Test("Batch normalisation is its definition")
    func batchNormalization() throws {
        var random = SeededGenerator(seed: 8)
        let (batch, channels, area) = (2, 5, 13)
        let shape = try #require(ChannelShape(batch: batch, channels: channels, area: area))
        let x = random.values(batch * channels * area), gamma = random.values(channels), beta = random.values(channels)
        let mean = random.values(channels), variance = random.values(channels).map(abs)
        var scale = Array(repeating: Float.nan, count: channels), shift = scale
        ChannelAffineKernel.foldBatchNormalization(
            channels: channels, scale: gamma, bias: beta, mean: mean, variance: variance, epsilon: 1e-3,
            intoScale: &scale, shift: &shift)
        let result = output(x.count) {
            ChannelAffineKernel.run(shape, scale: scale, shift: shift, input: x, output: $0, activation: .relu)
        }
        let expected = x.indices.map { index in
            let c = index / area % channels
            let value =
                (Double(x[index]) - Double(mean[c])) / (Double(variance[c]) + 1e-3).squareRoot() * Double(gamma[c])
                + Double(beta[c])
            return max(0, value)
        }
        #expect(greatestDifference(result, expected) < 1e-5)
    }
}
