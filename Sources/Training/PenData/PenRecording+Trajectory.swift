// SPDX-License-Identifier: Apache-2.0

extension PenRecording {
    /// The pen's way on the paper, with points close enough for a line to be drawn through them.
    ///
    /// Between the recorded points it is a centripetal Catmull-Rom spline (Yuksel, Schaefer and Keyser, 2011), which
    /// makes no loops of its own where the hand was fast. Pressure is a share of what the pen mostly presses with, so
    /// that the pad does not matter.
    package var trajectory: PenTrajectory {
        let pressures = points.filter(\.isDown).map(\.pressure).sorted()
        let usual = max(pressures[pressures.count * 3 / 4], 1)
        var components: [[PenPoint]] = []
        for stroke in points.split(whereSeparator: { !$0.isDown }) {
            // Where the pen rests there is no direction.
            var positions: [Point] = []
            for point in stroke where positions.last?.position != point.position { positions.append(point) }
            guard positions.count > 1 else { continue }
            components.append(Self.smoothed(positions, usualPressure: usual))
        }
        return PenTrajectory(components: components)
    }

    private static func smoothed(_ positions: [Point], usualPressure: Double) -> [PenPoint] {
        let steps = Int(PenTrajectory.rate / rate)
        var points: [PenPoint] = []
        for index in 0..<positions.count - 1 {
            let from = positions[index], to = positions[index + 1]
            let before = index > 0 ? positions[index - 1].position : 2 * from.position - to.position
            let after = index + 2 < positions.count ? positions[index + 2].position : 2 * to.position - from.position
            for step in 0..<steps {
                let share = Double(step) / Double(steps)
                let position = Spline.place(share, before, from.position, to.position, after)
                let speed =
                    points.last.map { (position - $0.position).length * PenTrajectory.rate }
                    ?? (to.position - from.position).length * rate
                let pressure = from.pressure + (to.pressure - from.pressure) * share
                points.append(PenPoint(position: position, speed: speed, pressure: min(pressure / usualPressure, 1.5)))
            }
        }
        if let last = positions.last {
            points.append(
                PenPoint(
                    position: last.position, speed: points.last?.speed ?? 0,
                    pressure: min(last.pressure / usualPressure, 1.5)))
        }
        return points
    }
}

/// A centripetal Catmull-Rom spline through four places.
private enum Spline {
    /// - Parameter share: 0 at `first`, 1 at `second`.
    static func place(
        _ share: Double, _ before: SIMD2<Double>, _ first: SIMD2<Double>, _ second: SIMD2<Double>,
        _ after: SIMD2<Double>
    ) -> SIMD2<Double> {
        // Barry and Goldman's pyramid, with knots as far apart as the root of the distance.
        let one = max((first - before).length.squareRoot(), 1e-6)
        let two = one + max((second - first).length.squareRoot(), 1e-6)
        let three = two + max((after - second).length.squareRoot(), 1e-6)
        let knot = one + (two - one) * share
        func blend(_ a: SIMD2<Double>, _ b: SIMD2<Double>, _ from: Double, _ to: Double) -> SIMD2<Double> {
            a * ((to - knot) / (to - from)) + b * ((knot - from) / (to - from))
        }
        let a = blend(before, first, 0, one), b = blend(first, second, one, two), c = blend(second, after, two, three)
        return blend(blend(a, b, 0, two), blend(b, c, one, three), one, two)
    }
}
