// SPDX-License-Identifier: Apache-2.0

/// How an instruction set multiplies and adds.
///
/// Everything in this module is inlined into the thin modules that are compiled for one instruction set each. What
/// stayed outlined would be a weak symbol of one name in all of them, of which the linker keeps one: code for AVX-512
/// could run where there is none. It is `public` because the compiler inlines nothing that is `package` into another
/// module.
public protocol MultiplyAdd {
    /// a · b + c.
    static func multiplyAdd(_ a: SIMD16<Float>, _ b: SIMD16<Float>, _ c: SIMD16<Float>) -> SIMD16<Float>
}

/// One instruction, rounded once.
public enum FusedMultiplyAdd: MultiplyAdd {
    @inlinable @inline(__always)
    public static func multiplyAdd(_ a: SIMD16<Float>, _ b: SIMD16<Float>, _ c: SIMD16<Float>) -> SIMD16<Float> {
        c.addingProduct(a, b)
    }
}

/// Two instructions, where a fused one would be a call for each number.
public enum SeparateMultiplyAdd: MultiplyAdd {
    @inlinable @inline(__always)
    public static func multiplyAdd(_ a: SIMD16<Float>, _ b: SIMD16<Float>, _ c: SIMD16<Float>) -> SIMD16<Float> {
        a * b + c
    }
}
