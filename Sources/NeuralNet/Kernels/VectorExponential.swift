// SPDX-License-Identifier: Apache-2.0

/// Eight exponentials at a time, to about the last bit of single precision.
enum VectorExponential {
    /// e to the power of each value. Above 88.72 infinite, below −103.97 zero; what is no number stays so.
    @inline(__always)
    static func exp(_ x: SIMD8<Float>) -> SIMD8<Float> {
        let limited = x.replacing(with: 88.8, where: x .> 88.8)
        let bounded = limited.replacing(with: -104, where: limited .< -104)
        let sound = bounded.replacing(with: 0, where: bounded .!= bounded)
        // x = n ln 2 + r, with ln 2 in two parts, so that r is exact.
        // Adding 1.5 · 2^23 rounds to a whole number, which then stands in the lowest bits.
        let shifted = sound * 1.442_695_04 + 12_582_912
        let n = shifted - 12_582_912
        let r = (sound - n * 0.693_359_375) + n * 2.121_944_4e-4
        var y = SIMD8<Float>(repeating: 1.987_569_15e-4)
        y = y * r + 1.398_199_95e-3
        y = y * r + 8.333_451_9e-3
        y = y * r + 4.166_579_6e-2
        y = y * r + 0.166_666_655
        y = y * r + 0.5
        y = y * r * r + r + 1
        // 2^n by halves, so that neither over- nor underflows before the result does.
        let whole = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- 0x4B40_0000
        let half = whole &>> 1
        let result = y * power(half) * power(whole &- half)
        return result.replacing(with: x, where: x .!= x)
    }

    @inline(__always)
    private static func power(_ n: SIMD8<Int32>) -> SIMD8<Float> {
        unsafeBitCast((n &+ 127) &<< 23, to: SIMD8<Float>.self)
    }
}
