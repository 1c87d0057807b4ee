// SPDX-License-Identifier: Apache-2.0

import Kernels

package enum DistanceScanAVX2 {
    /// See `DistanceScanKernel`.
    package static func run(
        rows: UnsafePointer<SIMD16<Float>>, groups: Int, columns: Int, weights: UnsafePointer<SIMD16<Float>>,
        vector: UnsafePointer<Float>,
        squares: UnsafeMutablePointer<SIMD16<Float>>
    ) {
        DistanceScanKernel.run(
            FusedMultiplyAdd.self, rows: rows, groups: groups, columns: columns, weights: weights, vector: vector,
            squares: squares)
    }
}
