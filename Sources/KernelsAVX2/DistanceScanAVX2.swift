// SPDX-License-Identifier: Apache-2.0

import Kernels

package enum DistanceScanAVX2 {
    /// See `DistanceScanKernel`.
    package static func run(
        singles: UnsafePointer<SIMD16<Float>>, groups: Int, columns: Int, weights: UnsafePointer<SIMD16<Float>>,
        vector: UnsafePointer<Float>, squares: UnsafeMutablePointer<SIMD16<Float>>
    ) -> Float {
        DistanceScanKernel.run(
            FusedMultiplyAdd.self, SingleNumbers.self, rows: singles, groups: groups, columns: columns,
            weights: weights, vector: vector, squares: squares)
    }

    /// See `DistanceScanKernel`.
    package static func run(
        halves: UnsafePointer<SIMD16<Float16>>, groups: Int, columns: Int, weights: UnsafePointer<SIMD16<Float>>,
        vector: UnsafePointer<Float>, squares: UnsafeMutablePointer<SIMD16<Float>>
    ) -> Float {
        DistanceScanKernel.run(
            FusedMultiplyAdd.self, HalfNumbers.self, rows: halves, groups: groups, columns: columns,
            weights: weights, vector: vector, squares: squares)
    }

    /// See `HalfRowKernel`.
    package static func round(
        _ numbers: UnsafePointer<Float>, count: Int, scale: Float, to halves: UnsafeMutablePointer<Float16>
    ) -> Float {
        HalfRowKernel.run(FusedMultiplyAdd.self, numbers: numbers, count: count, scale: scale, halves: halves)
    }
}
