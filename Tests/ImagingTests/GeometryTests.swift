// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness
import Testing

@Suite("Geometry")
struct GeometryTests {
    @Test("A similarity is found again from the points it moved")
    func exactSimilarity() throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<50 {
            let angle = Double.random(in: -3...3, using: &random), scale = Double.random(in: 0.1...9, using: &random)
            let made = Imaging.AffineTransform(
                a: scale * cos(angle), b: scale * sin(angle), c: -scale * sin(angle), d: scale * cos(angle),
                tx: .random(in: -50...50, using: &random), ty: .random(in: -50...50, using: &random))
            let points = (0..<5).map { _ in
                Point(x: .random(in: 0...99, using: &random), y: .random(in: 0...99, using: &random))
            }
            let found = try #require(Imaging.AffineTransform.similarity(from: points, to: points.map(made.applied)))
            for point in points { #expect(found.applied(to: point).distance(to: made.applied(to: point)) < 1e-9) }
            let back = try #require(found.inverse)
            for point in points { #expect(back.applied(to: found.applied(to: point)).distance(to: point) < 1e-9) }
        }
    }

    @Test("No nearby similarity brings noisy points nearer")
    func leastSquares() throws {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<20 {
            let from = (0..<5).map { _ in
                Point(x: .random(in: 0...99, using: &random), y: .random(in: 0...99, using: &random))
            }
            let to = (0..<5).map { _ in
                Point(x: .random(in: 0...99, using: &random), y: .random(in: 0...99, using: &random))
            }
            func error(_ map: Imaging.AffineTransform) -> Double {
                zip(from, to).reduce(0) { $0 + pow(map.applied(to: $1.0).distance(to: $1.1), 2) }
            }
            let best = try #require(Imaging.AffineTransform.similarity(from: from, to: to))
            for _ in 0..<40 {
                let da = Double.random(in: -0.01...0.01, using: &random),
                    db = Double.random(in: -0.01...0.01, using: &random)
                let other = Imaging.AffineTransform(
                    a: best.a + da, b: best.b + db, c: -(best.b + db), d: best.a + da,
                    tx: best.tx + .random(in: -0.5...0.5, using: &random),
                    ty: best.ty + .random(in: -0.5...0.5, using: &random))
                #expect(error(best) <= error(other) + 1e-9)
            }
        }
    }

    @Test("Points that determine no similarity give none")
    func degenerate() {
        let point = Point(x: 3, y: 4)
        #expect(Imaging.AffineTransform.similarity(from: [point], to: [point]) == nil)
        #expect(Imaging.AffineTransform.similarity(from: [point, point], to: [point, Point(x: 1, y: 1)]) == nil)
        #expect(Imaging.AffineTransform.similarity(from: [point, Point(x: 1, y: 1)], to: [point]) == nil)
        #expect(Imaging.AffineTransform.similarity(from: [point, Point(x: .nan, y: 1)], to: [point, point]) == nil)
        #expect(Imaging.AffineTransform(a: 0, b: 0, c: 0, d: 1, tx: 0, ty: 0).inverse == nil)
    }

    @Test("Overlap is shared area over joint area")
    func overlap() {
        let one = Rectangle(left: 0, top: 0, width: 4, height: 2)
        #expect(one.intersectionOverUnion(with: one) == 1)
        #expect(one.intersectionOverUnion(with: Rectangle(left: 2, top: 0, width: 4, height: 2)) == 4.0 / 12)
        #expect(one.intersectionOverUnion(with: Rectangle(left: 4, top: 0, width: 4, height: 2)) == 0)
        #expect(Rectangle(left: 0, top: 0, width: -1, height: 2).intersectionOverUnion(with: one) == 0)
    }
}
