// SPDX-License-Identifier: Apache-2.0

import COpenBLAS

/// A product of stacks of matrices, by NumPy's matmul: vectors are widened, the leading axes broadcast.
package struct MatMulShape: Sendable, Hashable {
    package let outputShape: [Int]
    fileprivate let rows: Int
    fileprivate let columns: Int
    fileprivate let inner: Int
    /// Where each product's operands begin.
    fileprivate let leftOffsets: [Int]
    fileprivate let rightOffsets: [Int]

    /// nil when the shapes do not fit each other or are impossible, or an operand has no axis.
    package init?(left: [Int], right: [Int]) {
        guard !left.isEmpty, !right.isEmpty, TensorExtent.count(left) != nil, TensorExtent.count(right) != nil else {
            return nil
        }
        let a = left.count == 1 ? [1] + left : left, b = right.count == 1 ? right + [1] : right
        rows = a[a.count - 2]
        inner = a[a.count - 1]
        columns = b[b.count - 1]
        guard b[b.count - 2] == inner, inner > 0, [rows, columns, inner].allSatisfy({ $0 <= Int(Int32.max) }) else {
            return nil
        }
        let leftBatch = Array(a.dropLast(2)), rightBatch = Array(b.dropLast(2))
        guard let batch = Self.broadcast(leftBatch, rightBatch), let products = TensorExtent.count(batch),
            TensorExtent.count(batch + [rows, columns]) != nil, products <= 1 << 24
        else { return nil }
        outputShape = batch + (left.count == 1 ? [] : [rows]) + (right.count == 1 ? [] : [columns])
        leftOffsets = Self.offsets(leftBatch, over: batch, size: rows * inner, products: products)
        rightOffsets = Self.offsets(rightBatch, over: batch, size: inner * columns, products: products)
    }

    private static func broadcast(_ left: [Int], _ right: [Int]) -> [Int]? {
        let rank = max(left.count, right.count)
        var output: [Int] = []
        for axis in 0..<rank {
            let a = axis < rank - left.count ? 1 : left[axis - (rank - left.count)]
            let b = axis < rank - right.count ? 1 : right[axis - (rank - right.count)]
            guard a == b || a == 1 || b == 1 else { return nil }
            output.append(a == 1 ? b : a)
        }
        return output
    }

    private static func offsets(_ shape: [Int], over batch: [Int], size: Int, products: Int) -> [Int] {
        let strides = TensorExtent.strides(of: shape)
        return (0..<products).map { product in
            var rest = product, offset = 0
            for axis in batch.indices.reversed() {
                let position = rest % batch[axis]
                rest /= batch[axis]
                let own = axis - (batch.count - shape.count)
                if own >= 0, shape[own] != 1 { offset += position * strides[own] }
            }
            return offset * size
        }
    }
}

package enum MatMulKernel {
    package static func run(
        _ shape: MatMulShape, left: UnsafePointer<Float>, right: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        guard shape.rows > 0, shape.columns > 0 else { return }
        for product in shape.leftOffsets.indices {
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans,
                blasint(shape.rows), blasint(shape.columns), blasint(shape.inner), 1,
                left + shape.leftOffsets[product], blasint(shape.inner),
                right + shape.rightOffsets[product], blasint(shape.columns),
                0, output + product * shape.rows * shape.columns, blasint(shape.columns))
        }
    }
}
