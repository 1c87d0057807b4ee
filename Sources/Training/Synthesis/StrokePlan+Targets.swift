// SPDX-License-Identifier: Apache-2.0

import Foundation

extension StrokePlan {
    /// How a hand moves between the points that it aims for.
    struct Motion: Sendable, Hashable {
        /// The median time of a stroke of middling length, in seconds.
        var strokeTime = 0.14
        /// The time between two strokes' commands as a share of the stroke time; the smaller, the more they run into
        /// each other and round off corners.
        var pace = 0.62
        /// The deviation of the logarithm of the time.
        var sigma = 0.25
        /// The share of the bend at a point that goes into the arcs beside it, 0…1.
        var roundness = 0.5
    }

    /// Strokes from each point to the next one, bent as the points around them bend.
    ///
    /// - Parameter targets: In millimetres; at least two.
    init(through targets: [SIMD2<Double>], motion: Motion) {
        let chords = zip(targets, targets.dropFirst()).map { $1 - $0 }
        let lengths = chords.map { max($0.length, 1e-6) }
        let meanLength = lengths.reduce(0, +) / Double(max(lengths.count, 1))
        let bends = zip(chords, chords.dropFirst()).map { first, second in
            atan2(first.x * second.y - first.y * second.x, (first * second).sum())
        }
        // A point where the pen turns back is a corner, and arcs beside it would be loops.
        let rounded = bends.map { abs($0) > 2.5 ? 0 : $0 }
        var strokes: [LognormalStroke] = [], time = 0.0
        for index in chords.indices {
            let before = index > 0 ? rounded[index - 1] : 0, after = index < rounded.count ? rounded[index] : 0
            let turn = min(max(motion.roundness * (before + after) / 2, -2.2), 2.2)
            // Longer strokes take hardly longer.
            let strokeTime = motion.strokeTime * pow(lengths[index] / meanLength, 0.3)
            strokes.append(
                LognormalStroke(
                    from: targets[index], to: targets[index + 1], turn: turn, start: time, mu: log(strokeTime),
                    sigma: motion.sigma))
            time += motion.pace * strokeTime
        }
        self.init(origin: targets.first ?? .zero, strokes: strokes)
    }
}
