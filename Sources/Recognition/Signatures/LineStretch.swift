// SPDX-License-Identifier: Apache-2.0

/// The part of a straight line along which there is thin ink, and what tells printing from writing in it.
struct LineStretch {
    let line: StraightLine
    /// From its first ink to its last.
    let extent: ClosedRange<Int>
    /// The number of the run on the line at each place of the extent, and the run; nil where none is seen.
    let runs: [(number: Int, run: ThinRuns.Run)?]
    /// How many places of the extent have no ink at all.
    let empty: Int
    /// How thick the line usually is.
    let thickness: Int
    /// The farthest that the mean of a part of it lies from the straight line: how it is bent.
    let bend: Double
    /// How much thicker its thickest part is than its thinnest, as means over parts.
    let swelling: Double
    /// The standard deviation of its middles from the line, and of its thickness.
    let roughness: Double
    let unevenness: Double

    /// How many places have a run of the line.
    let seen: Int

    var length: Int { extent.count }

    /// Its pieces, where it is broken as dots and dashes are.
    var pieces: [Range<Int>] {
        var pieces: [Range<Int>] = [], start: Int?
        for (along, run) in zip(extent, runs) {
            if run != nil {
                start = start ?? along
            } else if let first = start {
                pieces.append(first..<along)
                start = nil
            }
        }
        if let first = start { pieces.append(first..<extent.upperBound + 1) }
        return pieces
    }

    /// The stretch with the most ink near a line, which it then fits better.
    ///
    /// - Parameter gap: the most places without ink between two that belong together.
    init?(near line: StraightLine, in runs: ThinRuns, mask: InkMask, gap: Int) {
        var line = line, extent = 0...runs.length - 1
        for reach in [2.5, 1.5] {
            guard let found = Self.longest(near: line, in: runs, mask: mask, reach: reach, gap: gap) else { return nil }
            extent = found
            let points = extent.compactMap { along in
                runs.nearest(to: line.across(at: along), at: along, within: reach).map { (along, runs.runs[$0].middle) }
            }
            guard let better = StraightLine(through: points) else { return nil }
            line = better
        }
        guard let found = Self.longest(near: line, in: runs, mask: mask, reach: 1.5, gap: gap) else { return nil }
        self.init(on: line, extent: found, in: runs, mask: mask)
    }

    private init?(on line: StraightLine, extent: ClosedRange<Int>, in runs: ThinRuns, mask: InkMask) {
        self.line = line
        self.extent = extent
        var near = extent.map { along in
            runs.nearest(to: line.across(at: along), at: along, within: 1.5).map { (number: $0, run: runs.runs[$0]) }
        }
        let thicknesses = near.compactMap { $0?.run.across.count }.sorted()
        guard !thicknesses.isEmpty else { return nil }
        let thickness = thicknesses[thicknesses.count / 2]
        self.thickness = thickness
        // What is much thicker is a stroke at this place.
        for index in near.indices {
            if let position = near[index], position.run.across.count > thickness + max(1, thickness / 2) {
                near[index] = nil
            }
        }
        self.runs = near
        empty = zip(extent, near).reduce(0) { sum, position in
            sum + (position.1 == nil && !Self.isInk(mask, runs, line, position.0) ? 1 : 0)
        }
        let measured = Self.measures(of: near.compactMap { $0?.run }, line)
        seen = measured.count
        bend = measured.bend
        swelling = measured.swelling
        roughness = measured.roughness
        unevenness = measured.unevenness
    }

    private static func measures(
        of all: [ThinRuns.Run], _ line: StraightLine
    ) -> (count: Int, bend: Double, swelling: Double, roughness: Double, unevenness: Double) {
        let parts = 8
        let masses = all.map(\.mass).sorted(), usual = masses.isEmpty ? 0 : masses[masses.count / 2]
        // Where a stroke touches the line, it tells nothing of the line; where that is nearly everywhere, or the line
        // is dots, it is of no one thickness.
        let alike = all.filter { abs($0.mass - usual) <= usual / 3 },
            isOfOneThickness = 5 * alike.count >= 3 * all.count
        let runs = isOfOneThickness ? alike : all
        guard runs.count >= 2 * parts, usual > 0 else { return (all.count, .infinity, .infinity, .infinity, .infinity) }
        // Thickness by darkness, in pixels: a line that runs between two rows is no thicker for it.
        let unit = Double(runs.reduce(0) { $0 + $1.across.count }) / runs.reduce(0) { $0 + $1.mass }
        var bend = 0.0, thinnest = Double.infinity, thickest = 0.0
        var squares = 0.0, sum = 0.0, sumOfSquares = 0.0
        for part in 0..<parts {
            let own = runs[part * runs.count / parts..<(part + 1) * runs.count / parts]
            var distance = 0.0, thickness = 0.0
            for run in own {
                let difference = run.middle - line.across(at: run.along), count = unit * run.mass
                distance += difference
                thickness += count
                squares += difference * difference
                sumOfSquares += count * count
            }
            sum += thickness
            bend = max(bend, abs(distance) / Double(own.count))
            thinnest = min(thinnest, thickness / Double(own.count))
            thickest = max(thickest, thickness / Double(own.count))
        }
        let count = Double(runs.count), mean = sum / count
        return (
            all.count, bend, isOfOneThickness ? thickest - thinnest : .infinity, (squares / count).squareRoot(),
            isOfOneThickness ? max(0, sumOfSquares / count - mean * mean).squareRoot() : .infinity
        )
    }

    private static func isInk(_ mask: InkMask, _ runs: ThinRuns, _ line: StraightLine, _ along: Int) -> Bool {
        let across = Int(line.across(at: along).rounded())
        return across >= 0 && across < runs.breadth
            && mask.isInk[runs.direction.position(mask, along: along, across: across)]
    }

    /// From the first to the last ink of the stretch with the most thin runs, over gaps up to a width.
    private static func longest(
        near line: StraightLine, in runs: ThinRuns, mask: InkMask, reach: Double, gap: Int
    ) -> ClosedRange<Int>? {
        var best: (count: Int, extent: ClosedRange<Int>)?
        var first = -1, last = -1, lastInk = -1, count = 0
        func close() {
            guard first >= 0, count > best?.count ?? 0 else { return }
            best = (count, first...last)
        }
        for along in 0..<runs.length {
            if runs.nearest(to: line.across(at: along), at: along, within: reach) != nil {
                if lastInk < 0 || along - lastInk > gap + 1 {
                    close()
                    first = along
                    count = 0
                }
                count += 1
                last = along
                lastInk = along
            } else if lastInk >= 0, isInk(mask, runs, line, along) {
                // A stroke that crosses hides the line.
                if along - lastInk <= gap + 1 { lastInk = along }
            }
        }
        close()
        return best?.extent
    }
}
