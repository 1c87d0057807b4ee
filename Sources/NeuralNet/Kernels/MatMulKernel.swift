// SPDX-License-Identifier: Apache-2.0

import COpenBLAS

/// A product of stacks of matrices, by NumPy's matmul: vectors are widened, the leading axes broadcast.
package struct MatMulShape: Sendable, Hashable {
    package let outputShape: [Int]
    let rows: Int
    let columns: Int
    let inner: Int
    /// How many pairs of matrices are multiplied.
    let products: Int
    /// The leading axes of the output, and how far each operand moves along them, in matrices.
    fileprivate let batch: [Int]
    fileprivate let leftStrides: [Int]
    fileprivate let rightStrides: [Int]

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
            TensorExtent.count(batch + [rows, columns]) != nil
        else { return nil }
        outputShape = batch + (left.count == 1 ? [] : [rows]) + (right.count == 1 ? [] : [columns])
        self.batch = batch
        self.products = products
        leftStrides = TensorExtent.strides(of: leftBatch, stretchedOver: batch.count)
        rightStrides = TensorExtent.strides(of: rightBatch, stretchedOver: batch.count)
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

    /// The matrices before those that a product takes.
    @inline(__always)
    fileprivate func places(of product: Int) -> (left: Int, right: Int) {
        var rest = product, left = 0, right = 0, axis = batch.count - 1
        while axis >= 0 {
            let position = rest % batch[axis]
            rest /= batch[axis]
            left += position * leftStrides[axis]
            right += position * rightStrides[axis]
            axis -= 1
        }
        return (left, right)
    }
}

package enum MatMulKernel {
    package static func run(
        _ shape: MatMulShape, left: UnsafePointer<Float>, right: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        guard shape.rows > 0, shape.columns > 0 else { return }
        for product in 0..<shape.products {
            let places = shape.places(of: product)
            cblas_sgemm(
                CblasRowMajor, CblasNoTrans, CblasNoTrans,
                blasint(shape.rows), blasint(shape.columns), blasint(shape.inner), 1,
                left + places.left * shape.rows * shape.inner, blasint(shape.inner),
                right + places.right * shape.inner * shape.columns, blasint(shape.columns),
                0, output + product * shape.rows * shape.columns, blasint(shape.columns))
        }
    }
}
