// SPDX-License-Identifier: Apache-2.0

/// A point of the pen's way over the paper.
package struct PenPoint: Sendable, Hashable {
    /// In millimetres, y upwards.
    package var position: SIMD2<Double>
    /// In millimetres a second.
    package var speed: Double
    /// As a share of what the hand mostly presses with.
    package var pressure = 1.0
}

/// Where a pen went, and how fast; between two components it was lifted.
package struct PenTrajectory: Sendable, Hashable {
    /// Points a second.
    package static let rate = 400.0

    package var components: [[PenPoint]]

    /// How long the pen was on the paper, in seconds.
    package var duration: Double { components.reduce(0) { $0 + Double($1.count) / Self.rate } }

    /// The length of the way on the paper, in millimetres.
    package var length: Double {
        components.reduce(0) { sum, points in
            sum + zip(points, points.dropFirst()).reduce(0) { $0 + ($1.1.position - $1.0.position).length }
        }
    }
}

/// What is commanded for one component: strokes that overlap in time.
struct StrokePlan: Sendable, Hashable {
    var origin: SIMD2<Double>
    var strokes: [LognormalStroke]

    /// The most time that one component takes, in seconds; what would take longer is cut off.
    private static let longest = 60.0

    /// The way that the pen takes.
    func points() -> [PenPoint] {
        guard let begin = strokes.map(\.active.lowerBound).min(), let end = strokes.map(\.active.upperBound).max()
        else { return [] }
        let count = Int(min(end - begin, Self.longest) * PenTrajectory.rate) + 1
        var points: [PenPoint] = []
        points.reserveCapacity(count)
        // Strokes are in the order of their times, so that those that are done leave at the front.
        var done = origin, first = 0
        for number in 0..<count {
            let time = begin + Double(number) / PenTrajectory.rate
            while first < strokes.count, strokes[first].active.upperBound < time {
                done += strokes[first].displacement(progress: 1)
                first += 1
            }
            var position = done
            for stroke in strokes[first...] {
                if stroke.active.lowerBound > time { break }
                position += stroke.displacement(progress: stroke.progress(at: time))
            }
            let speed = points.last.map { (position - $0.position).length * PenTrajectory.rate } ?? 0
            points.append(PenPoint(position: position, speed: speed))
        }
        return points
    }
}

extension SIMD2<Double> {
    var length: Double { (self * self).sum().squareRoot() }
}
