// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing

@Suite("Kernels along axes")
struct AxisTests {
    /// The values along an axis for each place of the others, mapped and put back.
    private func alongAxis(_ input: [Float], _ shape: [Int], _ axis: Int, _ body: ([Double]) -> [Double]) -> [Double] {
        var result = Array(repeating: Double.nan, count: input.count)
        for tuple in indices(of: shape) where tuple[axis] == 0 {
            let positions = (0..<shape[axis]).map { index in
                var tuple = tuple
                tuple[axis] = index
                return position(tuple, in: shape)
            }
            for (position, value) in zip(positions, body(positions.map { Double(input[$0]) })) {
                result[position] = value
            }
        }
        return result
    }

    @Test("Softmax and normalisation are their definitions along any axis")
    func normalization() throws {
        var random = SeededGenerator(seed: 14)
        for _ in 0..<30 {
            let shape = random.shape(rank: random.int(1...4)), axis = random.int(0...shape.count - 1)
            let input = random.values(product(shape))
            let seen = try #require(AxisShape(shape, axis: axis))
            let softmax = output(input.count) { SoftmaxKernel.run(seen, input: input, output: $0) }
            #expect(
                greatestDifference(
                    softmax,
                    alongAxis(input, shape, axis) { values in
                        let sum = values.reduce(0) { $0 + exp($1) }
                        return values.map { exp($0) / sum }
                    }) < 1e-6)
            for p in [1, 2] {
                let result = output(input.count) { LpNormalizationKernel.run(seen, p: p, input: input, output: $0) }
                #expect(
                    greatestDifference(
                        result,
                        alongAxis(input, shape, axis) { values in
                            let norm =
                                p == 1
                                ? values.reduce(0) { $0 + abs($1) } : values.reduce(0) { $0 + $1 * $1 }.squareRoot()
                            return values.map { $0 / norm }
                        }) < 1e-6)
            }
        }
    }

    @Test("Softmax of large values does not overflow, and a vector of zeros stays one")
    func extremes() throws {
        let shape = try #require(AxisShape([2], axis: 0))
        #expect(output(2) { SoftmaxKernel.run(shape, input: [1000, 1000], output: $0) } == [0.5, 0.5])
        #expect(output(2) { LpNormalizationKernel.run(shape, p: 2, input: [0, 0], output: $0) } == [0, 0])
    }

    @Test("Sum, mean and maximum over any axes")
    func reduction() throws {
        var random = SeededGenerator(seed: 15)
        for _ in 0..<60 {
            let shape = random.shape(rank: random.int(1...5))
            let axes = shape.indices.filter { _ in Bool.random(using: &random) }
            let input = random.values(product(shape))
            let reduction = try #require(ReductionShape(shape, axes: axes))
            let kept = reduction.outputShape(keepDimensions: true)
            #expect(
                reduction.outputShape(keepDimensions: false)
                    == shape.indices.filter { !axes.contains($0) }.map { shape[$0] })
            var groups = Array(repeating: [Double](), count: product(kept))
            for (index, tuple) in indices(of: shape).enumerated() {
                groups[position(zip(tuple, kept).map { $1 == 1 ? 0 : $0 }, in: kept)].append(Double(input[index]))
            }
            let operations: [(Reduction, ([Double]) -> Double)] = [
                (.sum, { $0.reduce(0, +) }), (.mean, { $0.reduce(0, +) / Double($0.count) }),
                (.maximum, { $0.max() ?? 0 }),
            ]
            for (operation, function) in operations {
                let result = output(groups.count) {
                    ReductionKernel.run(operation, reduction, input: input, output: $0)
                }
                #expect(greatestDifference(result, groups.map(function)) < 1e-5, "\(operation) \(shape) \(axes)")
            }
        }
        #expect(ReductionShape([2, 3], axes: [2]) == nil)
        #expect(ReductionShape([2, 3], axes: [1, 1]) == nil)
    }

    @Test("Local response normalisation is its definition, for odd and even sizes")
    func localResponse() throws {
        var random = SeededGenerator(seed: 16)
        for size in [1, 2, 3, 5, 9] {
            let (batch, channels, area) = (2, 6, 5)
            let shape = try #require(ChannelShape(batch: batch, channels: channels, area: area))
            let input = random.values(batch * channels * area)
            let expected = input.indices.map { index in
                let channel = index / area % channels
                var sum = 0.0
                for other in channel - (size - 1) / 2...channel + size / 2 where (0..<channels).contains(other) {
                    let value = Double(input[index + (other - channel) * area])
                    sum += value * value
                }
                return Double(input[index]) / pow(1.5 + 0.01 / Double(size) * sum, 0.75)
            }
            let response = LocalResponse(size: size, alpha: 0.01, beta: 0.75, bias: 1.5)
            let result = output(input.count) {
                LocalResponseNormalizationKernel.run(
                    shape, images: 0..<batch, response: response, input: input, output: $0)
            }
            #expect(greatestDifference(result, expected) < 1e-6)
        }
    }
}
