// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A stream of random numbers that a checkpoint can hold: xoshiro256** (Blackman and Vigna, *Scrambled Linear
/// Pseudorandom Number Generators*, 2021), seeded by SplitMix64.
public struct RandomSource: RandomNumberGenerator, Sendable, Hashable, Codable {
    private var first: UInt64
    private var second: UInt64
    private var third: UInt64
    private var fourth: UInt64

    public init(seed: UInt64) {
        var state = seed
        func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
        first = next()
        second = next()
        third = next()
        fourth = next()
    }

    public mutating func next() -> UInt64 {
        let result = Self.rotate(second &* 5, by: 7) &* 9
        let shifted = second << 17
        third ^= first
        fourth ^= second
        second ^= third
        first ^= fourth
        third ^= shifted
        fourth = Self.rotate(fourth, by: 45)
        return result
    }

    private static func rotate(_ value: UInt64, by count: UInt64) -> UInt64 {
        (value << count) | (value >> (64 - count))
    }

    /// An independent stream: what is drawn from it does not depend on how much is drawn from this one afterwards.
    public mutating func fork() -> RandomSource { RandomSource(seed: next()) }

    /// Uniform in [0, 1).
    public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

    /// Uniform in the range; its lower bound when it is empty.
    public mutating func uniform(in range: ClosedRange<Float>) -> Float {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }

    /// Uniform in 0..<bound, without bias (Lemire, 2019).
    ///
    /// - Precondition: the bound is positive.
    public mutating func index(below bound: Int) -> Int { Int(next(upperBound: UInt64(bound))) }

    /// From the normal distribution with mean 0 and standard deviation 1 (Box and Muller, 1958).
    public mutating func normal() -> Float {
        let radius = (-2 * log(1 - Double(next() >> 11) * 0x1p-53)).squareRoot()
        return Float(radius * cos(2 * Double.pi * Double(next() >> 11) * 0x1p-53))
    }
}
