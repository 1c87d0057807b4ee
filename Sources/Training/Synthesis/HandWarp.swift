// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How a whole sample differs from the plan: turned, leant and scaled, and smoothly displaced (the sinusoidal
/// transformation of Diaz, Ferrer, Eskander and Sabourin, *Generation of duplicated off-line signature images for
/// verification systems*, 2017).
struct HandWarp: Sendable, Hashable {
    private var rightwards = SIMD2<Double>(1, 0)
    private var upwards = SIMD2<Double>(0, 1)
    private var amplitude = SIMD2<Double>.zero
    /// Waves a millimetre, of the displacement along each axis.
    private var frequency = SIMD2<Double>.zero
    private var phase = SIMD2<Double>.zero

    /// The differences between two samples of one hand.
    static func genuine(size: Double, spread: Double, _ random: inout RandomSource) -> HandWarp {
        HandWarp(size: size, turn: 0.035, lean: 0.035, scale: 0.06, aspect: 0.045, wave: 0.13, spread: spread, &random)
    }

    /// The errors of proportion of a hand that copies.
    static func copied(size: Double, spread: Double, _ random: inout RandomSource) -> HandWarp {
        HandWarp(size: size, turn: 0.05, lean: 0.09, scale: 0.1, aspect: 0.1, wave: 0.22, spread: spread, &random)
    }

    private init(
        size: Double, turn: Double, lean: Double, scale: Double, aspect: Double, wave: Double, spread: Double,
        _ random: inout RandomSource
    ) {
        func normal(_ deviation: Double) -> Double { deviation * spread * Double(random.roughlyNormal()) }
        let angle = normal(turn), leaning = normal(lean), size = (both: exp(normal(scale)), letter: size)
        let stretch = exp(normal(aspect))
        let (sine, cosine) = (sin(angle), cos(angle))
        rightwards = SIMD2(cosine, sine) * (size.both * stretch)
        upwards = SIMD2(cosine * leaning - sine, sine * leaning + cosine) * (size.both / stretch)
        amplitude = SIMD2(normal(wave), normal(wave)) * size.letter
        frequency = SIMD2(random.draw(0.05, 0.2), random.draw(0.05, 0.2)) / size.letter
        phase = SIMD2(random.draw(0, 2 * .pi), random.draw(0, 2 * .pi))
    }

    func applied(to point: SIMD2<Double>) -> SIMD2<Double> {
        let wave = SIMD2(
            sin(2 * .pi * frequency.x * point.x + phase.x), sin(2 * .pi * frequency.y * point.x + phase.y))
        return rightwards * point.x + upwards * point.y + amplitude * wave
    }
}
