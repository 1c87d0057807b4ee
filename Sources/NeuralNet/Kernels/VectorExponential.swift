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
        var y = SIMD8<Float>(repeating: 1.979_025e-4)
        y = y * r + 1.394_475_9e-3
        y = y * r + 8.333_498e-3
        y = y * r + 4.166_629_5e-2
        y = y * r + 0.166_666_66
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

    /// The error function, within 1e-7: to 1 a polynomial, and farther out 1 − e to the power of one. Both were fitted
    /// to double precision, the greatest error being least.
    @inline(__always)
    static func erf(_ x: SIMD8<Float>) -> SIMD8<Float> {
        let isNegative = x .< 0
        let t = x.replacing(with: 0 - x, where: isNegative), square = x * x
        var near = square * -5.462_908e-4 + 4.870_698e-3
        near = near * square - 2.666_380_4e-2
        near = near * square + 0.112_780_64
        near = near * square - 0.376_119_38
        near = near * square + 0.128_378_93
        near = near * x + x
        // From 4 on it is 1.
        let limited = t.replacing(with: 4, where: t .> 4)
        var power = limited * -2.168_685e-5 + 4.413_363_6e-4
        power = power * limited - 4.204_562e-3
        power = power * limited + 2.520_825_7e-2
        power = power * limited - 0.108_418_58
        power = power * limited - 0.633_219_9
        power = power * limited - 1.129_578_5
        power = power * limited + 1.880_402_4e-4
        var far = 1 - exp(power)
        far = far.replacing(with: 0 - far, where: isNegative)
        return near.replacing(with: far, where: t .> 1)
    }
}
