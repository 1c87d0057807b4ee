// SPDX-License-Identifier: Apache-2.0

import Imaging

/// The similarity (turn, scale, shift) that brings points nearest to others in the sense of least squares.
///
/// Umeyama, *Least-Squares Estimation of Transformation Parameters Between Two Point Patterns*, 1991; in the
/// plane his solution without reflection is the closed form used here.
struct SimilarityFit: Equatable {
    /// Scale times cosine and scale times sine of the turn.
    let cosine: Double
    let sine: Double
    let shift: Point

    static let identity = SimilarityFit(cosine: 1, sine: 0, shift: Point(x: 0, y: 0))

    private init(cosine: Double, sine: Double, shift: Point) {
        self.cosine = cosine
        self.sine = sine
        self.shift = shift
    }

    /// Returns nil when the points to start from coincide or the numbers are not finite.
    ///
    /// - Parameters: equally many points on both sides.
    init?(from: [Point], to: [Point]) {
        let count = Double(from.count)
        guard !from.isEmpty, from.count == to.count else { return nil }
        var meanFrom = SIMD2<Double>.zero, meanTo = SIMD2<Double>.zero
        for (source, target) in zip(from, to) {
            meanFrom += SIMD2(source.x, source.y)
            meanTo += SIMD2(target.x, target.y)
        }
        meanFrom /= count
        meanTo /= count
        var spread = 0.0, along = 0.0, across = 0.0
        for (source, target) in zip(from, to) {
            let a = SIMD2(source.x, source.y) - meanFrom, b = SIMD2(target.x, target.y) - meanTo
            spread += a.x * a.x + a.y * a.y
            along += a.x * b.x + a.y * b.y
            across += a.x * b.y - a.y * b.x
        }
        cosine = along / spread
        sine = across / spread
        shift = Point(
            x: meanTo.x - (cosine * meanFrom.x - sine * meanFrom.y),
            y: meanTo.y - (sine * meanFrom.x + cosine * meanFrom.y))
        guard cosine.isFinite, sine.isFinite, shift.x.isFinite, shift.y.isFinite else { return nil }
    }

    func applied(to point: Point) -> Point {
        Point(x: cosine * point.x - sine * point.y + shift.x, y: sine * point.x + cosine * point.y + shift.y)
    }
}
