// SPDX-License-Identifier: Apache-2.0

/// Entries of a tensor picked along an axis: output = `outer` × `indexCount` × `inner`.
package struct GatherShape: Sendable, Hashable {
    package let outer: Int
    package let count: Int
    package let inner: Int
    package let indexCount: Int

    /// nil when the axis does not exist or the output is impossible.
    package init?(_ shape: [Int], axis: Int, indexCount: Int) {
        guard let seen = AxisShape(shape, axis: axis), TensorExtent.count([seen.outer, indexCount, seen.inner]) != nil
        else {
            return nil
        }
        outer = seen.outer
        count = seen.count
        inner = seen.inner
        self.indexCount = indexCount
    }
}

package enum GatherKernel {
    /// Returns false, with an output of no meaning, when an index is outside -count ..< count.
    package static func run<Element: BitwiseCopyable>(
        _ shape: GatherShape, indices: UnsafePointer<Int64>, input: UnsafePointer<Element>,
        output: UnsafeMutablePointer<Element>
    ) -> Bool {
        for index in 0..<shape.indexCount {
            let count = Int64(shape.count)
            guard indices[index] >= -count, indices[index] < count else { return false }
            let chosen = Int(indices[index] < 0 ? indices[index] + count : indices[index])
            for outer in 0..<shape.outer {
                (output + (outer * shape.indexCount + index) * shape.inner)
                    .update(from: input + (outer * shape.count + chosen) * shape.inner, count: shape.inner)
            }
        }
        return true
    }
}
