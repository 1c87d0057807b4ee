// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The habits of a hand.
struct WriterStyle: Sendable, Hashable {
    /// The height of a small letter, in millimetres.
    var smallHeight: Double
    /// Widths of letters against those of the shapes.
    var width: Double
    /// How far strokes lean: the shift to the right for each unit of height.
    var slant: Double
    /// The slope of the line of writing, in radians.
    var slope: Double
    /// The size of capitals against that of small letters.
    var capitalScale: Double
    /// The length of ascenders and descenders beyond the small letter.
    var reach: Double
    /// How much letters shrink towards the end of a word, 0…1.
    var decay: Double
    /// How far this hand's letters are from the shapes, in heights of a small letter.
    var idiosyncrasy: Double
    /// How unlike one another this hand's samples are; 1 is usual.
    var unsteadiness: Double
    var motion: StrokePlan.Motion
    /// The pen that the hand mostly uses.
    var pen: Pen

    init(_ random: inout RandomSource) {
        func draw(_ low: Double, _ high: Double) -> Double { low + (high - low) * Double(random.uniform()) }
        smallHeight = draw(2.2, 4.6)
        width = draw(0.65, 1.5)
        slant = draw(-0.15, 0.7)
        slope = draw(-0.04, 0.28) * (draw(0, 1) < 0.6 ? 1 : 0.2)
        capitalScale = draw(1, 2.1)
        reach = draw(0.7, 1.6)
        decay = draw(0, 1) < 0.5 ? draw(0, 0.2) : draw(0.2, 0.85)
        idiosyncrasy = draw(0.06, 0.2)
        unsteadiness = exp(0.3 * Double(random.roughlyNormal()))
        motion = StrokePlan.Motion(
            strokeTime: draw(0.09, 0.17), pace: draw(0.42, 0.85), sigma: draw(0.18, 0.32), roundness: draw(0.25, 0.9))
        pen = Pen(&random)
    }
}
