// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging

/// A person who does not exist, with a signature of their own.
///
/// A genuine sample repeats the writer's plan with the small errors of a practised hand (perturbed commands of a
/// sigma-lognormal plan, as in Ferrer, Diaz, Carmona-Duarte and Morales, *A behavioral handwriting model for static and
/// dynamic signature synthesis*, 2017). A forgery is another hand drawing after a genuine sample: see ``ForgingHand``.
public struct SyntheticWriter: Sendable {
    let style: WriterStyle
    let layout: SignatureLayout
    private let options: SignatureSynthesizer.Options

    init(seed: UInt64, options: SignatureSynthesizer.Options) {
        var random = RandomSource(seed: seed)
        style = WriterStyle(&random)
        layout = SignatureLayout(style: style, &random)
        self.options = options
    }

    /// A sample in the writer's own hand: dark ink on light paper, as scanned, cut out with a margin.
    public func genuine(_ random: inout RandomSource) -> GrayImage {
        let trajectory = genuineTrajectory(&random)
        // Mostly the same pen; and which pen it is must not tell a genuine sample from a forgery.
        let pen = random.happens(0.7) ? style.pen : Pen(&random)
        return options.scanned(trajectory, pen: pen, &random)
    }

    /// Somebody else's attempt at the signature, with a sample to look at; each is by another hand.
    public func forgery(_ random: inout RandomSource) -> GrayImage {
        let trajectory = forgedTrajectory(&random)
        let pen = random.happens(0.5) ? style.pen : Pen(&random)
        return options.scanned(trajectory, pen: pen, &random)
    }

    package func genuineTrajectory(_ random: inout RandomSource) -> PenTrajectory {
        let spread = style.unsteadiness
        var motion = style.motion
        motion.strokeTime *= exp(0.08 * Double(random.roughlyNormal()))
        let warp = HandWarp.genuine(size: style.smallHeight, spread: spread, &random)
        let components = layout.components.map { targets -> [PenPoint] in
            let shift = random.offset(0.08 * style.smallHeight * spread)
            let aimed = targets.map { warp.applied(to: $0) + shift + random.offset(0.045 * style.smallHeight * spread) }
            var plan = StrokePlan(through: aimed, motion: motion)
            plan.perturb(spread: spread, &random)
            return plan.points()
        }
        return PenTrajectory(components: components.filter { $0.count > 1 })
    }

    package func forgedTrajectory(_ random: inout RandomSource) -> PenTrajectory {
        let model = genuineTrajectory(&random)
        return ForgingHand(&random).redrawing(model, size: style.smallHeight, &random)
    }
}

extension StrokePlan {
    /// Small errors of every command: its time, its course over time, its length and its directions.
    mutating func perturb(spread: Double, _ random: inout RandomSource) {
        for index in strokes.indices {
            func normal(_ deviation: Double) -> Double { deviation * spread * Double(random.roughlyNormal()) }
            strokes[index].start += normal(0.006)
            strokes[index].mu += normal(0.04)
            strokes[index].sigma *= exp(normal(0.05))
            strokes[index].length *= exp(normal(0.025))
            let angle = normal(0.02), turn = normal(0.04)
            strokes[index].startAngle += angle - turn
            strokes[index].endAngle += angle + turn
        }
        strokes.sort { $0.active.lowerBound < $1.active.lowerBound }
    }
}
