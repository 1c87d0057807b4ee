// SPDX-License-Identifier: Apache-2.0

/// A change of the order of axes: axis i of the output is axis `permutation[i]` of the input.
package struct TransposeShape: Sendable, Hashable {
    package let outputShape: [Int]
    fileprivate let walk: StridedWalk

    /// nil when `permutation` is none, or the shape is impossible or has too many axes.
    package init?(_ shape: [Int], permutation: [Int]) {
        guard permutation.sorted() == Array(shape.indices), TensorExtent.count(shape) != nil else { return nil }
        let strides = TensorExtent.strides(of: shape)
        outputShape = permutation.map { shape[$0] }
        let moved = permutation.map { strides[$0] }
        guard let walk = StridedWalk(extents: outputShape, strides: moved) else { return nil }
        self.walk = walk
    }
}

package enum TransposeKernel {
    package static func run<Element: BitwiseCopyable>(
        _ shape: TransposeShape, input: UnsafePointer<Element>, output: UnsafeMutablePointer<Element>
    ) {
        StridedCopy.gather(shape.walk, from: input, into: output)
    }
}
