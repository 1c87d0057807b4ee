// SPDX-License-Identifier: Apache-2.0

/// Checked arithmetic on shapes: a shape comes from a file, and its product must not overflow.
enum TensorExtent {
    /// The number of elements of a shape; nil when an extent is negative or the product overflows.
    static func count<Extents: Sequence<Int>>(_ extents: Extents) -> Int? {
        var product = 1
        for extent in extents {
            let (next, overflows) = product.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflows else { return nil }
            product = next
        }
        return product
    }

    /// Row-major strides, in elements. Those of an empty tensor, of which none is used, may have wrapped around.
    static func strides(of shape: [Int]) -> [Int] {
        var strides = Array(repeating: 1, count: shape.count)
        for axis in shape.indices.reversed().dropFirst() { strides[axis] = strides[axis + 1] &* shape[axis + 1] }
        return strides
    }

    /// The strides of a tensor that is stretched to a shape of so many axes: 0 along those that it has not, or of which
    /// it has one entry.
    static func strides(of shape: [Int], stretchedOver rank: Int) -> [Int] {
        let own = strides(of: shape), missing = rank - shape.count
        return (0..<rank).map { $0 < missing || shape[$0 - missing] == 1 ? 0 : own[$0 - missing] }
    }
}
