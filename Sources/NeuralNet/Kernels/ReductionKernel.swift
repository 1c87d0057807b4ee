// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How the values along the reduced axes become one.
package enum Reduction: Sendable, Hashable {
    case sum
    case mean
    case maximum
    case minimum
    case product
    /// Of magnitudes, of squares, and the root of that of squares.
    case sumOfMagnitudes
    case sumOfSquares
    case euclidean
    case logarithmOfSum
    /// Of the sum of exponentials.
    case logarithmOfExponentials

    /// What nothing is reduced to, before the last function.
    @inline(__always)
    fileprivate var initial: Float {
        switch self {
        case .maximum: -.infinity
        case .minimum: .infinity
        case .product: 1
        default: 0
        }
    }

    @inline(__always)
    fileprivate func join(_ part: Float, _ value: Float) -> Float {
        switch self {
        case .maximum: max(part, value)
        case .minimum: min(part, value)
        case .product: part * value
        case .sumOfMagnitudes: part + abs(value)
        case .sumOfSquares, .euclidean: part + value * value
        case .sum, .mean, .logarithmOfSum, .logarithmOfExponentials: part + value
        }
    }

    /// Joins what two runs were reduced to.
    @inline(__always)
    fileprivate func joinParts(_ first: Float, _ second: Float) -> Float {
        switch self {
        case .maximum: max(first, second)
        case .minimum: min(first, second)
        case .product: first * second
        default: first + second
        }
    }

    @inline(__always)
    fileprivate func finish(_ value: Float, count: Float) -> Float {
        switch self {
        case .mean: value / count
        case .euclidean: value.squareRoot()
        case .logarithmOfSum: log(value)
        default: value
        }
    }
}

/// A reduction over some axes of a shape.
package struct ReductionShape: Sendable, Hashable {
    let kept: StridedWalk
    let reduced: StridedWalk
    private let shape: [Int]
    private let axes: Set<Int>

    /// nil when an axis does not exist or occurs twice, or the shape is impossible or has too many axes.
    package init?(_ shape: [Int], axes: [Int]) {
        let set = Set(axes)
        guard set.count == axes.count, axes.allSatisfy(shape.indices.contains), TensorExtent.count(shape) != nil else {
            return nil
        }
        let strides = TensorExtent.strides(of: shape)
        func walk(_ included: (Int) -> Bool) -> StridedWalk? {
            let chosen = shape.indices.filter(included)
            return StridedWalk(extents: chosen.map { shape[$0] }, strides: chosen.map { strides[$0] })
        }
        guard let kept = walk({ !set.contains($0) }), let reduced = walk(set.contains) else { return nil }
        self.kept = kept
        self.reduced = reduced
        self.shape = shape
        self.axes = set
    }

    package func outputShape(keepDimensions: Bool) -> [Int] {
        keepDimensions
            ? shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
            : shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
    }
}

package enum ReductionKernel {
    package static func run(
        _ reduction: Reduction, _ shape: ReductionShape, input: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        switch reduction {
        // Each in a loop of its own, in which the choice is made once.
        case .sum: reduce(.sum, shape, input, output)
        case .mean: reduce(.mean, shape, input, output)
        case .maximum: reduce(.maximum, shape, input, output)
        case .minimum: reduce(.minimum, shape, input, output)
        case .product: reduce(.product, shape, input, output)
        case .sumOfMagnitudes: reduce(.sumOfMagnitudes, shape, input, output)
        case .sumOfSquares: reduce(.sumOfSquares, shape, input, output)
        case .euclidean: reduce(.euclidean, shape, input, output)
        case .logarithmOfSum: reduce(.logarithmOfSum, shape, input, output)
        case .logarithmOfExponentials: reduceExponentials(shape, input, output)
        }
    }

    @inline(__always)
    private static func reduce(
        _ reduction: Reduction, _ shape: ReductionShape, _ input: UnsafePointer<Float>,
        _ output: UnsafeMutablePointer<Float>
    ) {
        let count = Float(shape.reduced.count)
        var position = 0
        shape.kept.forEachRun { start, length, stride in
            for index in 0..<length {
                let value = value(reduction, shape.reduced, input + start + index * stride)
                output[position] = reduction.finish(value, count: count)
                position += 1
            }
        }
    }

    @inline(__always)
    private static func value(_ reduction: Reduction, _ walk: StridedWalk, _ input: UnsafePointer<Float>) -> Float {
        var result = reduction.initial
        walk.forEachRun { start, length, stride in
            // A sum per run keeps the rounding error of long sums small.
            var part = reduction.initial
            for index in 0..<length { part = reduction.join(part, input[start + index * stride]) }
            result = reduction.joinParts(result, part)
        }
        return result
    }

    /// Over the greatest value, so that no exponential overflows.
    private static func reduceExponentials(
        _ shape: ReductionShape, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
    ) {
        var position = 0
        shape.kept.forEachRun { start, length, stride in
            for index in 0..<length {
                let source = input + start + index * stride
                let greatest = value(.maximum, shape.reduced, source)
                let base = greatest.isFinite ? greatest : 0
                var sum: Float = 0
                shape.reduced.forEachRun { start, length, stride in
                    for index in 0..<length { sum += exp(source[start + index * stride] - base) }
                }
                output[position] = log(sum) + base
                position += 1
            }
        }
    }
}
