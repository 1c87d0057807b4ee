// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A hand that draws after another hand's signature: slower, in more and shorter strokes, with errors of
/// proportion, with the tremor of slow drawing, and with the pen lifted where the model's ran on.
struct ForgingHand: Sendable, Hashable {
    /// How well it copies; 1 is usual, smaller is better.
    let clumsiness: Double
    /// The root of the mean square of the tremor, in millimetres.
    let tremor: Double
    /// How often the pen is lifted where the model's was not, for each centimetre of the way.
    let lifts: Double
    let motion: StrokePlan.Motion

    init(_ random: inout RandomSource) {
        clumsiness = 0.8 * exp(0.4 * Double(random.roughlyNormal()))
        tremor = 0.04 * clumsiness * random.draw(0.1, 1.2)
        lifts = random.happens(0.5) ? 0 : random.draw(0.02, 0.15)
        motion = StrokePlan.Motion(
            strokeTime: random.draw(0.16, 0.28), pace: random.draw(0.6, 0.95), sigma: random.draw(0.2, 0.3),
            roundness: 0.8)
    }

    /// - Parameter size: The height of the model's small letters, in millimetres.
    func redrawing(_ model: PenTrajectory, size: Double, _ random: inout RandomSource) -> PenTrajectory {
        let warp = HandWarp.copied(size: size, spread: clumsiness, &random)
        var components: [[PenPoint]] = []
        for component in model.components {
            let local = HandWarp.copied(size: size, spread: 0.7 * clumsiness, &random)
            let shift = random.offset(0.12 * size * clumsiness)
            guard let first = component.first?.position else { continue }
            for piece in pieces(of: component, size: size, &random) {
                let targets = piece.map { point in
                    warp.applied(to: first + local.applied(to: point - first)) + shift
                        + random.offset(0.022 * size * clumsiness)
                }
                var plan = StrokePlan(through: targets, motion: motion)
                plan.perturb(spread: 0.5 * clumsiness, &random)
                components.append(trembling(plan.points(), &random))
            }
        }
        return PenTrajectory(components: components.filter { $0.count > 1 })
    }

    /// The model's way as points to aim for, close together, in the pieces that are drawn without a lift.
    private func pieces(of component: [PenPoint], size: Double, _ random: inout RandomSource) -> [[SIMD2<Double>]] {
        var pieces: [[SIMD2<Double>]] = [], current: [SIMD2<Double>] = []
        var untilNext = 0.0, last = component.first?.position ?? .zero
        for point in component {
            untilNext -= (point.position - last).length
            last = point.position
            guard untilNext <= 0 else { continue }
            current.append(point.position)
            let step = size * random.draw(0.35, 0.8)
            untilNext = step
            if current.count > 2, random.happens(Float(lifts * step / 10)) {
                pieces.append(current)
                // Set down again near where it was lifted.
                current = [point.position + random.offset(0.06 * size)]
            }
        }
        if current.last != last { current.append(last) }
        pieces.append(current)
        return pieces.filter { $0.count >= 2 }
    }

    /// Tremor of 4–12 Hz along both axes, as sums of sinusoids.
    private func trembling(_ points: [PenPoint], _ random: inout RandomSource) -> [PenPoint] {
        let waves = (0..<6).map { _ in
            (
                frequency: random.draw(4, 12), phase: random.draw(0, 2 * .pi),
                amplitude: random.offset(tremor / 3.0.squareRoot())
            )
        }
        return points.enumerated().map { number, point in
            var point = point
            let time = Double(number) / PenTrajectory.rate
            for wave in waves { point.position += wave.amplitude * sin(2 * .pi * wave.frequency * time + wave.phase) }
            return point
        }
    }
}
