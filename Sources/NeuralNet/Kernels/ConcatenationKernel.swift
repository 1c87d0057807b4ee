// SPDX-License-Identifier: Apache-2.0

/// Tensors laid end to end along an axis.
package struct ConcatenationShape: Sendable, Hashable {
    package let outputShape: [Int]
    fileprivate let outer: Int
    /// The elements that each part has between two steps of the outer axes, and where they begin.
    fileprivate let lengths: [Int]
    fileprivate let offsets: [Int]
    fileprivate let outputLength: Int

    /// nil when the shapes differ elsewhere than along the axis, or are impossible.
    package init?(_ shapes: [[Int]], axis: Int) {
        guard let first = shapes.first, first.indices.contains(axis) else { return nil }
        var output = first
        output[axis] = 0
        for shape in shapes {
            var other = shape
            guard shape.count == first.count else { return nil }
            other[axis] = first[axis]
            let (sum, overflows) = output[axis].addingReportingOverflow(shape[axis])
            guard other == first, shape[axis] >= 0, !overflows else { return nil }
            output[axis] = sum
        }
        guard TensorExtent.count(output) != nil, let outer = TensorExtent.count(output[..<axis]),
            let inner = TensorExtent.count(output[(axis + 1)...])
        else { return nil }
        outputShape = output
        self.outer = outer
        let lengths = shapes.map { $0[axis] * inner }
        self.lengths = lengths
        offsets = lengths.indices.map { lengths[..<$0].reduce(0, +) }
        outputLength = output[axis] * inner
    }
}

package enum ConcatenationKernel {
    /// Copies one part to its place; a call for each.
    package static func copy<Element: BitwiseCopyable>(
        part: Int, of shape: ConcatenationShape, from input: UnsafePointer<Element>,
        into output: UnsafeMutablePointer<Element>
    ) {
        let length = shape.lengths[part], offset = shape.offsets[part]
        for index in 0..<shape.outer {
            (output + index * shape.outputLength + offset).update(from: input + index * length, count: length)
        }
    }
}
