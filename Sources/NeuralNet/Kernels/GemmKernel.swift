// SPDX-License-Identifier: Apache-2.0

import COpenBLAS

/// How the third operand of Gemm is stretched over the product.
package enum GemmBias: Sendable, Hashable {
    case none
    case scalar
    case perColumn
    case perRow
    case full

    /// nil when `shape` cannot be stretched to [rows, columns].
    package static func matching(shape: [Int], rows: Int, columns: Int) -> GemmBias? {
        guard shape.count <= 2 else { return nil }
        let wide = Array(repeating: 1, count: 2 - shape.count) + shape
        return switch (wide[0], wide[1]) {
        case (rows, columns): .full
        case (1, columns): .perColumn
        case (rows, 1): .perRow
        case (1, 1): .scalar
        default: nil
        }
    }
}

/// A product [rows, inner] × [inner, columns]; a transposed operand is stored the other way round.
package struct GemmShape: Sendable, Hashable {
    package let rows: Int
    package let columns: Int
    package let inner: Int
    package let transposeA: Bool
    package let transposeB: Bool

    /// nil when a side is empty or a matrix is larger than BLAS counts.
    package init?(rows: Int, columns: Int, inner: Int, transposeA: Bool = false, transposeB: Bool = false) {
        guard rows > 0, columns > 0, inner > 0,
            case let counts = [[rows, columns], [rows, inner], [inner, columns]].compactMap({ TensorExtent.count($0) }),
            counts.count == 3,
            counts.allSatisfy({ $0 <= Int(Int32.max) })
        else { return nil }
        self.rows = rows
        self.columns = columns
        self.inner = inner
        self.transposeA = transposeA
        self.transposeB = transposeB
    }
}

/// activation(alpha · A · B + beta · C), by ONNX's Gemm.
package enum GemmKernel {
    package static func run(
        _ shape: GemmShape, alpha: Float = 1, beta: Float = 1,
        a: UnsafePointer<Float>, b: UnsafePointer<Float>, c: UnsafePointer<Float>?, bias: GemmBias,
        output: UnsafeMutablePointer<Float>, activation: Activation = .none
    ) {
        let count = shape.rows * shape.columns
        var factor: Float = 0
        if let c, bias != .none {
            spread(c, bias, shape, times: beta, into: output)
            factor = 1
        }
        if shape.rows == 1 {
            // y = B'·a: one row times a matrix reads the matrix once.
            cblas_sgemv(
                CblasRowMajor, shape.transposeB ? CblasNoTrans : CblasTrans,
                blasint(shape.transposeB ? shape.columns : shape.inner),
                blasint(shape.transposeB ? shape.inner : shape.columns),
                alpha, b, blasint(shape.transposeB ? shape.inner : shape.columns), a, 1, factor, output, 1)
        } else if shape.columns == 1 {
            cblas_sgemv(
                CblasRowMajor, shape.transposeA ? CblasTrans : CblasNoTrans,
                blasint(shape.transposeA ? shape.inner : shape.rows),
                blasint(shape.transposeA ? shape.rows : shape.inner),
                alpha, a, blasint(shape.transposeA ? shape.rows : shape.inner), b, 1, factor, output, 1)
        } else {
            cblas_sgemm(
                CblasRowMajor, shape.transposeA ? CblasTrans : CblasNoTrans,
                shape.transposeB ? CblasTrans : CblasNoTrans,
                blasint(shape.rows), blasint(shape.columns), blasint(shape.inner), alpha,
                a, blasint(shape.transposeA ? shape.rows : shape.inner),
                b, blasint(shape.transposeB ? shape.inner : shape.columns), factor, output, blasint(shape.columns))
        }
        activation.apply(output, count: count)
    }

    private static func spread(
        _ c: UnsafePointer<Float>, _ bias: GemmBias, _ shape: GemmShape, times beta: Float,
        into output: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<shape.rows {
            for column in 0..<shape.columns {
                let value =
                    switch bias {
                    case .none: Float(0)
                    case .scalar: c[0]
                    case .perColumn: c[column]
                    case .perRow: c[row]
                    case .full: c[row * shape.columns + column]
                    }
                output[row * shape.columns + column] = beta * value
            }
        }
    }
}
