// SPDX-License-Identifier: Apache-2.0

/// A tensor seen from one axis: `outer` × `count` × `inner`, where `count` runs along the axis.
package struct AxisShape: Sendable, Hashable {
    package let outer: Int
    package let count: Int
    package let inner: Int

    /// nil when the axis does not exist or the shape is impossible.
    package init?(_ shape: [Int], axis: Int) {
        guard shape.indices.contains(axis),
            let outer = TensorExtent.count(shape[..<axis]),
            let inner = TensorExtent.count(shape[(axis + 1)...])
        else { return nil }
        self.init(outer: outer, count: shape[axis], inner: inner)
    }

    package init?(outer: Int, count: Int, inner: Int) {
        guard TensorExtent.count([outer, count, inner]) != nil else { return nil }
        self.outer = outer
        self.count = count
        self.inner = inner
    }
}
