// SPDX-License-Identifier: Apache-2.0

import Foundation

/// One stroke of the sigma-lognormal model: a movement along a circular arc whose speed over time is a lognormal curve
/// (Plamondon, *A kinematic theory of rapid human movements*, 1995; O'Reilly and Plamondon, *Development of a
/// Sigma–Lognormal representation for on-line signatures*, 2009).
struct LognormalStroke: Sendable, Hashable {
    /// When the command is given, in seconds.
    var start: Double
    /// The mean of the logarithm of the time that the movement takes to come about: e^μ is its median, in seconds.
    var mu: Double
    /// The deviation of that logarithm.
    var sigma: Double
    /// The length of the arc, in millimetres.
    var length: Double
    /// The directions in which the arc begins and ends, in radians.
    var startAngle: Double
    var endAngle: Double

    /// The stroke along an arc from one point to another.
    ///
    /// - Parameter turn: By how much the direction changes on the way, in radians; less than 2π.
    init(from first: SIMD2<Double>, to second: SIMD2<Double>, turn: Double, start: Double, mu: Double, sigma: Double) {
        let chord = second - first
        let angle = atan2(chord.y, chord.x), distance = (chord * chord).sum().squareRoot()
        // An arc is longer than its chord by half the turn over its sine.
        length = abs(turn) < 1e-3 ? distance : distance * (turn / 2) / sin(turn / 2)
        startAngle = angle - turn / 2
        endAngle = angle + turn / 2
        self.start = start
        self.mu = mu
        self.sigma = sigma
    }

    /// From when to when more than 0.01 % of the movement is still to come and is done.
    var active: ClosedRange<Double> {
        start + exp(mu - 3.72 * sigma)...start + exp(mu + 3.72 * sigma)
    }

    /// The share of the movement that is done at a time, 0…1.
    func progress(at time: Double) -> Double {
        guard time > start else { return 0 }
        return 0.5 * (1 + erf((log(time - start) - mu) / (sigma * 2.0.squareRoot())))
    }

    /// How far the movement has gone when a share of it is done.
    func displacement(progress: Double) -> SIMD2<Double> {
        let turn = endAngle - startAngle
        guard abs(turn) > 1e-3 else {
            let angle = (startAngle + endAngle) / 2
            return SIMD2(cos(angle), sin(angle)) * (length * progress)
        }
        let angle = startAngle + turn * progress
        return SIMD2(sin(angle) - sin(startAngle), cos(startAngle) - cos(angle)) * (length / turn)
    }
}
