// SPDX-License-Identifier: Apache-2.0

/// Which straight lines the thin runs of a picture lie on: each votes for the lines through its middle (a Hough
/// transform over slope and offset; R. O. Duda and P. E. Hart, *Use of the Hough transformation to detect lines and
/// curves in pictures*, 1972).
struct LineVotes {
    private let slopes: [Double]
    private let bins: Int
    /// Lines may leave the picture at its sides.
    private let overhang: Int
    private let center: Double
    /// For each slope, the votes for each place at which a line passes the middle of the picture's length.
    private var votes: [Int32]
    /// The most votes for a place of each slope, with those for its neighbours, and where that is. After votes were
    /// taken back it may be fewer.
    private var best: [(count: Int32, bin: Int, isExact: Bool)]

    /// How far paper may have been turned: the most that a line rises over its length, which is six degrees.
    static let steepest = 0.105

    init(of runs: ThinRuns) {
        let count = max(1, Int((Self.steepest * Double(runs.length) / 2).rounded(.up)))
        slopes = (-count...count).map { Self.steepest * Double($0) / Double(count) }
        overhang = Int(Self.steepest * Double(runs.length) / 2) + 2
        bins = runs.breadth + 2 * overhang
        center = Double(runs.length - 1) / 2
        votes = Array(repeating: 0, count: slopes.count * bins)
        best = Array(repeating: (.max, 0, false), count: slopes.count)
        change(by: 1, runs.runs[...])
    }

    /// Takes back the votes of runs whose line is known.
    mutating func remove(_ runs: [ThinRuns.Run]) { change(by: -1, runs[...]) }

    private mutating func change(by difference: Int32, _ runs: ArraySlice<ThinRuns.Run>) {
        let positions = runs.map { (along: Double($0.along) - center, across: $0.middle + Double(overhang) + 0.5) }
        votes.withUnsafeMutableBufferPointer { votes in
            for (index, slope) in slopes.enumerated() {
                let row = index * bins
                for position in positions { votes[row + Int(position.across - slope * position.along)] += difference }
            }
        }
        for index in best.indices { best[index].isExact = false }
    }

    /// The line with the most votes, when these are enough.
    mutating func strongest(atLeast least: Int) -> StraightLine? {
        // Only slopes that might still have the most are counted again.
        while let index = best.indices.max(by: { best[$0].count < best[$1].count }), best[index].count >= least {
            if best[index].isExact {
                let slope = slopes[index]
                return StraightLine(offset: Double(best[index].bin - overhang) - slope * center, slope: slope)
            }
            let top = highest(ofSlope: index)
            best[index] = (top.count, top.bin, true)
        }
        return nil
    }

    private func highest(ofSlope index: Int) -> (count: Int32, bin: Int) {
        votes.withUnsafeBufferPointer { votes in
            var best: (count: Int32, bin: Int) = (0, 1)
            for bin in 1..<bins - 1 {
                let position = index * bins + bin
                let count = votes[position - 1] + votes[position] + votes[position + 1]
                if count > best.count { best = (count, bin) }
            }
            return best
        }
    }
}

/// Where a line lies across its direction, by the place along it.
struct StraightLine {
    var offset: Double
    var slope: Double

    func across(at along: Int) -> Double { offset + slope * Double(along) }

    init(offset: Double, slope: Double) {
        self.offset = offset
        self.slope = slope
    }

    /// The line with the least squares of the distances from points; nil where they do not determine one.
    init?(through points: [(along: Int, across: Double)]) {
        guard let first = points.first, let last = points.last, last.along > first.along else { return nil }
        let count = Double(points.count)
        let meanAlong = points.reduce(0) { $0 + Double($1.along) } / count
        let meanAcross = points.reduce(0) { $0 + $1.across } / count
        var along = 0.0, both = 0.0
        for point in points {
            along += (Double(point.along) - meanAlong) * (Double(point.along) - meanAlong)
            both += (Double(point.along) - meanAlong) * (point.across - meanAcross)
        }
        slope = both / along
        offset = meanAcross - slope * meanAlong
    }
}
