// SPDX-License-Identifier: Apache-2.0

import func Foundation.cos
import func Foundation.sin

/// A map of the plane that keeps lines straight and parallel: x′ = a·x + c·y + tx, y′ = b·x + d·y + ty.
public struct AffineTransform: Sendable, Hashable {
    public var a: Double
    public var b: Double
    public var c: Double
    public var d: Double
    public var tx: Double
    public var ty: Double

    public static let identity = AffineTransform(a: 1, b: 0, c: 0, d: 1, tx: 0, ty: 0)

    public init(a: Double, b: Double, c: Double, d: Double, tx: Double, ty: Double) {
        self.a = a
        self.b = b
        self.c = c
        self.d = d
        self.tx = tx
        self.ty = ty
    }

    /// The similarity that turns, clockwise as one looks at the picture and by degrees, scales, and brings one point to
    /// another.
    public init(turnedBy degrees: Double, scale: Double = 1, from: Point, to: Point) {
        let angle = degrees * .pi / 180, cosine = cos(angle) * scale, sine = sin(angle) * scale
        self.init(
            a: cosine, b: sine, c: -sine, d: cosine,
            tx: to.x - cosine * from.x + sine * from.y, ty: to.y - sine * from.x - cosine * from.y)
    }

    public func applied(to point: Point) -> Point {
        Point(x: a * point.x + c * point.y + tx, y: b * point.x + d * point.y + ty)
    }

    /// The map back; nil where this one maps the plane onto a line or a point.
    public var inverse: AffineTransform? {
        let determinant = a * d - b * c
        guard determinant.isFinite, determinant != 0, (1 / determinant).isFinite else { return nil }
        return AffineTransform(
            a: d / determinant, b: -b / determinant, c: -c / determinant, d: a / determinant,
            tx: (c * ty - d * tx) / determinant, ty: (b * tx - a * ty) / determinant)
    }

    /// The similarity (turn, one scale, shift; no mirror) that brings `source` nearest to `target` in the least
    /// squares sense.
    ///
    /// S. Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991. In
    /// the plane the turn that his singular value decomposition finds has the closed form used here.
    /// - Returns: nil when there are fewer than two pairs, the counts differ, or the source points coincide.
    public static func similarity(from source: [Point], to target: [Point]) -> AffineTransform? {
        guard source.count == target.count, source.count >= 2 else { return nil }
        let from = mean(of: source), to = mean(of: target)
        var spread = 0.0, aligned = 0.0, turned = 0.0
        for (s, t) in zip(source, target) {
            let sx = s.x - from.x, sy = s.y - from.y, tx = t.x - to.x, ty = t.y - to.y
            spread += sx * sx + sy * sy
            aligned += sx * tx + sy * ty
            turned += sx * ty - sy * tx
        }
        guard spread > 0, spread.isFinite, aligned.isFinite, turned.isFinite else { return nil }
        let cosine = aligned / spread, sine = turned / spread
        return AffineTransform(
            a: cosine, b: sine, c: -sine, d: cosine,
            tx: to.x - cosine * from.x + sine * from.y, ty: to.y - sine * from.x - cosine * from.y)
    }

    private static func mean(of points: [Point]) -> Point {
        let count = Double(points.count)
        return Point(x: points.reduce(0) { $0 + $1.x } / count, y: points.reduce(0) { $0 + $1.y } / count)
    }
}
