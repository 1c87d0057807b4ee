// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What the ink is laid down with.
struct Pen: Sendable, Hashable {
    /// The width of a stroke at middling speed, in millimetres.
    var width: Double
    /// By what part fast strokes are narrower and slow ones wider, 0…1.
    var widthBySpeed: Double
    /// How dark the ink is, 0…1.
    var darkness: Double
    /// By what part fast strokes are paler, 0…1.
    var palenessBySpeed: Double
    /// How unevenly the ink covers the grain of the paper, 0…1.
    var grain: Double

    /// A ball point, a gel pen or a felt tip.
    init(_ random: inout RandomSource) {
        switch random.uniform() {
        case ..<0.5:
            width = random.draw(0.25, 0.45)
            widthBySpeed = random.draw(0.1, 0.3)
            darkness = random.draw(0.6, 0.95)
            palenessBySpeed = random.draw(0.1, 0.45)
            grain = random.draw(0.1, 0.5)
        case ..<0.8:
            width = random.draw(0.35, 0.6)
            widthBySpeed = random.draw(0.1, 0.35)
            darkness = random.draw(0.85, 1)
            palenessBySpeed = random.draw(0, 0.15)
            grain = random.draw(0, 0.15)
        default:
            width = random.draw(0.5, 0.95)
            widthBySpeed = random.draw(0.15, 0.4)
            darkness = random.draw(0.8, 1)
            palenessBySpeed = random.draw(0, 0.2)
            grain = random.draw(0, 0.2)
        }
    }

    /// The width, in millimetres, and the darkness of a stroke.
    ///
    /// - Parameters:
    ///   - speed: In millimetres a second.
    ///   - pressure: As a share of the usual.
    func mark(at speed: Double, pressure: Double = 1) -> (width: Double, darkness: Double) {
        // 0 at rest, 1 half at 60 mm/s, 2 in the limit.
        let haste = 2 * speed / (speed + 60) - 1
        // A pen that is lifted or set down writes thinner and paler; one that is pressed harder, a little wider.
        let lightness = min(max(1 - pressure, -0.5), 1)
        return (
            width * (1 - widthBySpeed * haste) * (1 - widthBySpeed * lightness),
            darkness * (1 - palenessBySpeed * max(haste, 0)) * (1 - palenessBySpeed * max(lightness, 0))
        )
    }
}
