// SPDX-License-Identifier: Apache-2.0

/// How the values along the reduced axes become one.
package enum Reduction: Sendable, Hashable {
    case sum
    case mean
    case maximum
}

/// A reduction over some axes of a shape.
package struct ReductionShape: Sendable, Hashable {
    fileprivate let kept: StridedWalk
    fileprivate let reduced: StridedWalk
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
        let count = Float(shape.reduced.count)
        var position = 0
        shape.kept.forEachRun { start, length, stride in
            for index in 0..<length {
                let value = value(reduction, shape.reduced, input + start + index * stride)
                output[position] = reduction == .mean ? value / count : value
                position += 1
            }
        }
    }

    private static func value(_ reduction: Reduction, _ walk: StridedWalk, _ input: UnsafePointer<Float>) -> Float {
        var result: Float = reduction == .maximum ? -.infinity : 0
        walk.forEachRun { start, length, stride in
            // A sum per run keeps the rounding error of long sums small.
            var part: Float = reduction == .maximum ? -.infinity : 0
            for index in 0..<length {
                let value = input[start + index * stride]
                part = reduction == .maximum ? max(part, value) : part + value
            }
            result = reduction == .maximum ? max(result, part) : result + part
        }
        return result
    }
}
