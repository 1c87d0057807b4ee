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

    /// The error function, to about the last bit: near 0 a polynomial, and farther out 1 − e to the power of one
    /// (coefficients by Norbert Juffa).
    @inline(__always)
    static func erf(_ x: SIMD8<Float>) -> SIMD8<Float> {
        let isNegative = x .< 0
        let t = x.replacing(with: 0 - x, where: isNegative), square = x * x
        var near = square * -5.967_617_03e-4 + 4.991_194_23e-3
        near = near * square - 2.676_813_49e-2
        near = near * square + 0.112_819_925
        near = near * square - 0.376_125_336
        near = near * square + 0.128_379_166
        near = near * x + x
        // From 4 on it is 1.
        let limited = t.replacing(with: 4, where: t .> 4), squared = limited * limited
        var far = limited * -1.728_534_70e-5 + 3.831_971_26e-4
        far = far * squared + (limited * -3.883_964_38e-3 + 2.425_462_19e-2)
        far = far * limited - 0.106_777_877
        far = far * limited - 0.634_846_687
        far = far * limited - 0.128_717_512
        far = 1 - exp(far * limited - limited)
        far = far.replacing(with: 0 - far, where: isNegative)
        return near.replacing(with: far, where: t .> 0.927_734_375)
    }
}
