// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing

@Suite("Kernels along an axis and over rows")
struct AlongAxisTests {
    /// Calls `body` with random tensors, the columns along an axis, and a way back from columns to a tensor.
    private func forEachShape(
        seed: Int, _ body: (_ shape: AxisShape, _ input: [Float], _ columns: [[Float]]) throws -> Void
    ) throws {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            let (outer, count, inner) = (random.int(1...4), random.int(1...9), random.int(1...5))
            let shape = try #require(AxisShape(outer: outer, count: count, inner: inner))
            // Few values, so that some are equal.
            let input = random.values(outer * count * inner).map { ($0 * 3).rounded() / 2 }
            let columns = (0..<outer * inner).map { column in
                (0..<count).map { input[(column / inner * count + $0) * inner + column % inner] }
            }
            try body(shape, input, columns)
        }
    }

    /// Columns of `count` values as a tensor.
    private func tensor(_ columns: [[Double]], _ shape: AxisShape, count: Int) -> [Double] {
        (0..<shape.outer * count * shape.inner).map { place in
            columns[place / (count * shape.inner) * shape.inner + place % shape.inner][place / shape.inner % count]
        }
    }

    @Test("The place of the greatest and the least value, the first or the last of equal ones")
    func extremePlaces() throws {
        try forEachShape(seed: 61) { shape, input, columns in
            for (isMaximum, takesLast) in [(true, false), (true, true), (false, false), (false, true)] {
                let result = output(columns.count) {
                    ExtremePlaceKernel.run(shape, isMaximum: isMaximum, takesLast: takesLast, input: input, output: $0)
                }
                let expected = columns.map { column in
                    let extreme = isMaximum ? column.max() : column.min()
                    let places = column.indices.filter { column[$0] == extreme }
                    return Float((takesLast ? places.last : places.first) ?? -1)
                }
                #expect(result == expected)
            }
        }
    }

    @Test("Softmax, its logarithm, masked softmax and hardmax")
    func softmaxes() throws {
        try forEachShape(seed: 62) { shape, input, columns in
            let soft = columns.map { column in
                let sum = column.reduce(0) { $0 + exp(Double($1)) }
                return column.map { exp(Double($0)) / sum }
            }
            let expected = tensor(soft, shape, count: shape.count)
            if shape.inner == 1 {
                let masked = output(input.count) {
                    MaskedSoftmaxKernel.run(rows: shape.outer, count: shape.count, input: input, output: $0)
                }
                #expect(greatestDifference(masked, expected) < 1e-6)
            }
            let logarithms = output(input.count) { LogSoftmaxKernel.run(shape, input: input, output: $0) }
            #expect(greatestDifference(logarithms, expected.map { log($0) }) < 1e-5)
            let hard = columns.map { column in
                let first = column.firstIndex(of: column.max() ?? 0)
                return column.indices.map { $0 == first ? 1.0 : 0 }
            }
            let hardmax = output(input.count) { HardmaxKernel.run(shape, input: input, output: $0) }
            #expect(greatestDifference(hardmax, tensor(hard, shape, count: shape.count)) == 0)
        }
        let nothing: [Float] = Array(repeating: -.infinity, count: 3)
        #expect(output(3) { MaskedSoftmaxKernel.run(rows: 1, count: 3, input: nothing, output: $0) } == [0, 0, 0])
    }

    @Test("Running sums and products, exclusive and from the end")
    func accumulation() throws {
        try forEachShape(seed: 63) { shape, input, columns in
            for choice in 0..<8 {
                let accumulation = Accumulation(
                    isProduct: choice & 1 == 1, isExclusive: choice & 2 == 2, isReversed: choice & 4 == 4)
                let expected = columns.map { column in
                    column.indices.map { place in
                        var taken = accumulation.isReversed ? Array(column[place...]) : Array(column[...place])
                        if accumulation.isExclusive {
                            if accumulation.isReversed { taken.removeFirst() } else { taken.removeLast() }
                        }
                        return taken.reduce(accumulation.isProduct ? 1 : 0) {
                            accumulation.isProduct ? $0 * Double($1) : $0 + Double($1)
                        }
                    }
                }
                let result = output(input.count) { accumulation.run(shape, input: input, output: $0) }
                #expect(greatestDifference(result, tensor(expected, shape, count: shape.count)) < 1e-5)
            }
        }
    }

    @Test("The greatest and the least values in their order, of equal ones the first")
    func top() throws {
        var random = SeededGenerator(seed: 64)
        try forEachShape(seed: 65) { shape, input, columns in
            let k = random.int(0...shape.count)
            for isLargest in [true, false] {
                let order = columns.map { column in
                    Array(
                        column.indices.sorted {
                            column[$0] == column[$1]
                                ? $0 < $1 : isLargest ? column[$0] > column[$1] : column[$0] < column[$1]
                        }.prefix(k))
                }
                for wantsPlaces in [true, false] {
                    var scratch = Array(repeating: Float(0), count: shape.count)
                    let result = output(shape.outer * k * shape.inner) { target in
                        scratch.withUnsafeMutableBufferPointer { scratch in
                            guard let base = scratch.baseAddress else { return }
                            TopKernel.run(
                                shape, k: k, isLargest: isLargest, wantsPlaces: wantsPlaces, input: input,
                                output: target, scratch: base)
                        }
                    }
                    let expected = zip(order, columns).map { order, column in
                        order.map { wantsPlaces ? Double($0) : Double(column[$0]) }
                    }
                    #expect(greatestDifference(result, tensor(expected, shape, count: k)) == 0)
                }
            }
        }
    }

    @Test("All reductions over any axes")
    func reductions() throws {
        var random = SeededGenerator(seed: 66)
        let operations: [(Reduction, ([Double]) -> Double)] = [
            (.minimum, { $0.min() ?? 0 }), (.product, { $0.reduce(1, *) }),
            (.sumOfMagnitudes, { $0.reduce(0) { $0 + abs($1) } }), (.sumOfSquares, { $0.reduce(0) { $0 + $1 * $1 } }),
            (.euclidean, { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }),
            (.logarithmOfSum, { log($0.reduce(0, +)) }),
            (.logarithmOfExponentials, { log($0.reduce(0) { $0 + exp($1) }) }),
        ]
        for _ in 0..<40 {
            let shape = random.shape(rank: random.int(1...5), upTo: 4)
            let axes = shape.indices.filter { _ in Bool.random(using: &random) }
            let input = random.values(product(shape)).map { abs($0) + 0.1 }
            let reduction = try #require(ReductionShape(shape, axes: axes))
            let kept = reduction.outputShape(keepDimensions: true)
            var groups = Array(repeating: [Double](), count: product(kept))
            for (index, tuple) in indices(of: shape).enumerated() {
                groups[position(zip(tuple, kept).map { $1 == 1 ? 0 : $0 }, in: kept)].append(Double(input[index]))
            }
            for (operation, function) in operations {
                let result = output(groups.count) {
                    ReductionKernel.run(operation, reduction, input: input, output: $0)
                }
                #expect(greatestDifference(result, groups.map(function)) < 1e-4, "\(operation) \(shape) \(axes)")
            }
        }
    }

    @Test("Rows are normalised by their own mean and variance, with factors for each place or channel")
    func rowNormalization() {
        var random = SeededGenerator(seed: 67)
        for trial in 0..<40 {
            let (channelsPerRow, area, groups, batch) = (
                random.int(1...3), random.int(1...19), random.int(1...3), random.int(1...2)
            )
            let channels = channelsPerRow * groups, count = channelsPerRow * area, isCentered = trial % 3 != 0
            let isPerPlace = trial % 2 == 0
            let shape = RowNormalization(
                rows: batch * groups, count: count, isCentered: isCentered, epsilon: 0.01,
                affine: isPerPlace ? .perPlace : .perChannel(area: area, channels: channels))
            let input = random.values(batch * groups * count)
            let factors = isPerPlace ? count : channels
            let scale = random.values(factors), bias = random.values(factors)
            let result = output(input.count) {
                RowNormalizationKernel.run(shape, input: input, scale: scale, bias: bias, output: $0)
            }
            var means: [Double] = [], inverses: [Double] = []
            var expected: [Double] = []
            for row in 0..<batch * groups {
                let values = input[row * count..<(row + 1) * count].map(Double.init)
                let mean = isCentered ? values.reduce(0, +) / Double(count) : 0
                let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
                let inverse = 1 / (variance + Double(Float(0.01))).squareRoot()
                means.append(mean)
                inverses.append(inverse)
                for (place, value) in values.enumerated() {
                    let factor = isPerPlace ? place : (row * channelsPerRow + place / area) % channels
                    expected.append((value - mean) * inverse * Double(scale[factor]) + Double(bias[factor]))
                }
            }
            #expect(greatestDifference(result, expected) < 1e-5)
            for (isMean, reference) in [(true, means), (false, inverses)] {
                let statistics = output(reference.count) {
                    RowNormalizationKernel.statistic(shape, isMean: isMean, input: input, output: $0)
                }
                #expect(greatestDifference(statistics, reference) < 1e-5)
            }
        }
    }
}
