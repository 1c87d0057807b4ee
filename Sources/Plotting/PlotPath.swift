// SPDX-License-Identifier: Apache-2.0

/// Points on the way from data to lines.
enum PlotPath {
    /// The uninterrupted lines of a series in pixels. Of points in a row that fall into one half of a pixel's column,
    /// the first, the lowest, the highest and the last are kept: nothing else of them could be seen.
    static func runs(_ points: [PlotPoint], position: (PlotPoint) -> PlotPoint?) -> [[PlotPoint]] {
        var runs: [[PlotPoint]] = [], run: [PlotPoint] = []
        var column = Column()
        for point in points {
            guard let point = position(point) else {
                run += column.points
                column = Column()
                if !run.isEmpty { runs.append(run) }
                run = []
                continue
            }
            if !column.take(point) {
                run += column.points
                column = Column()
                _ = column.take(point)
            }
        }
        run += column.points
        if !run.isEmpty { runs.append(run) }
        return runs
    }

    /// Each value held up to the next point.
    static func steps(_ points: [PlotPoint]) -> [PlotPoint] {
        var steps: [PlotPoint] = []
        steps.reserveCapacity(2 * points.count)
        for point in points {
            if let last = steps.last { steps.append(PlotPoint(x: point.x, y: last.y)) }
            steps.append(point)
        }
        return steps
    }

    private struct Column {
        private var first: (order: Int, point: PlotPoint)?
        private var low: (order: Int, point: PlotPoint)?
        private var high: (order: Int, point: PlotPoint)?
        private var last: (order: Int, point: PlotPoint)?
        private var count = 0

        /// False when the point is in another column.
        mutating func take(_ point: PlotPoint) -> Bool {
            if let first, (first.point.x * 2).rounded(.down) != (point.x * 2).rounded(.down) { return false }
            let entry = (order: count, point: point)
            count += 1
            if first == nil { first = entry }
            if low.map({ point.y < $0.point.y }) ?? true { low = entry }
            if high.map({ point.y > $0.point.y }) ?? true { high = entry }
            last = entry
            return true
        }

        var points: [PlotPoint] {
            var points: [PlotPoint] = [], order = -1
            for entry in [first, low, high, last].compactMap({ $0 }).sorted(by: { $0.order < $1.order })
            where entry.order > order {
                points.append(entry.point)
                order = entry.order
            }
            return points
        }
    }
}
