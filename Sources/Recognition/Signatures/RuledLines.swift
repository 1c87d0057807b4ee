// SPDX-License-Identifier: Apache-2.0

/// Lines that the paper or the scanner brought along: the dark edge of a scan, and ruled lines that cross the whole
/// picture.
enum RuledLines {
    /// How many pixels a ruled line may stray from a straight one.
    private static let straying = 2
    /// How far the paper may have been turned: the most that a line rises over its length.
    private static let steepest = 0.1
    /// How thick a ruled line may be, as a share of its length.
    private static let thickness = 0.015
    /// The share of its length along which a line must be seen.
    private static let coverage = 0.95
    /// The most beginnings and ends that are tried in one direction: what a picture can make this cost.
    private static let maximumCount = 64

    /// Takes them out of a mask. Where a stroke crosses a line, the stroke stays whole.
    ///
    /// - Returns: the places that ruled lines had.
    static func remove(from mask: inout InkMask) -> [Int] {
        var positions: [Int] = []
        for direction in LineDirection.allCases {
            removeEdges(from: &mask, direction)
            positions += removeLines(from: &mask, direction)
        }
        return positions
    }

    /// Rows at the edge that are more than half ink, each only when all before it are so: the lid of the scanner, or
    /// the next sheet. At most a tenth of the picture at either edge.
    private static func removeEdges(from mask: inout InkMask, _ direction: LineDirection) {
        let length = direction.length(mask), breadth = direction.breadth(mask)
        for isFar in [false, true] {
            for step in 0..<breadth / 10 {
                let across = isFar ? breadth - 1 - step : step
                let positions = (0..<length).map { direction.position(mask, along: $0, across: across) }
                guard positions.reduce(0, { $0 + (mask.isInk[$1] ? 1 : 0) }) * 2 > length else { break }
                for position in positions { mask.isInk[position] = false }
            }
        }
    }

    /// What is ink at both edges, and along the straight line between, is a ruled line.
    private static func removeLines(from mask: inout InkMask, _ direction: LineDirection) -> [Int] {
        let length = direction.length(mask)
        guard length >= 64, direction.breadth(mask) >= 16 else { return [] }
        var positions: [Int] = []
        // A little within the picture, where the scan's own edge is past.
        let first = length / 100, last = length - 1 - length / 100
        for start in runs(in: mask, along: first, direction).prefix(maximumCount) {
            for end in runs(in: mask, along: last, direction).prefix(maximumCount) {
                guard let line = line(from: start, at: first, to: end, at: last, in: mask, direction) else { continue }
                for (along, run) in line.enumerated() {
                    for across in run where mask.isInk[direction.position(mask, along: along, across: across)] {
                        let position = direction.position(mask, along: along, across: across)
                        mask.isInk[position] = false
                        positions.append(position)
                    }
                }
            }
        }
        return positions
    }

    /// The ink of a line, one run across the direction for each place along it and an empty one where it is not seen or
    /// a stroke crosses it; nil where the two runs do not belong to one ruled line.
    private static func line(
        from start: Range<Int>, at first: Int, to end: Range<Int>, at last: Int, in mask: InkMask,
        _ direction: LineDirection
    ) -> [Range<Int>]? {
        func middle(_ run: Range<Int>) -> Double { Double(run.lowerBound + run.upperBound - 1) / 2 }
        let length = direction.length(mask)
        let slope = (middle(end) - middle(start)) / Double(last - first)
        guard max(start.count, end.count) <= max(3, Int(thickness * Double(length))), abs(slope) <= steepest else {
            return nil
        }
        let usual = max(start.count, end.count), thickest = usual + max(1, usual / 2)
        let misses = Int((1 - coverage) * Double(length))
        var line = Array(repeating: 0..<0, count: length)
        var missed = 0, thin = 0
        for along in 0..<length {
            let expected = Int((middle(start) + slope * Double(along - first)).rounded())
            guard let run = run(near: expected, along: along, in: mask, direction) else {
                missed += 1
                guard missed <= misses else { return nil }
                continue
            }
            guard run.count <= thickest else { continue }
            thin += 1
            line[along] = run
        }
        // What is mostly thicker is a body of ink that the line runs through.
        return 2 * thin > length ? line : nil
    }

    /// The ink at a place or next to it across the direction, the nearest first.
    private static func run(near expected: Int, along: Int, in mask: InkMask, _ direction: LineDirection) -> Range<Int>?
    {
        let breadth = direction.breadth(mask)
        func isInk(_ across: Int) -> Bool {
            across >= 0 && across < breadth && mask.isInk[direction.position(mask, along: along, across: across)]
        }
        for step in 0...straying {
            for across in [expected - step, expected + step] where isInk(across) {
                var first = across, end = across + 1
                while isInk(first - 1) { first -= 1 }
                while isInk(end) { end += 1 }
                return first..<end
            }
        }
        return nil
    }

    /// The ink across the direction at one place along it.
    private static func runs(in mask: InkMask, along: Int, _ direction: LineDirection) -> [Range<Int>] {
        var runs: [Range<Int>] = [], start: Int?
        let breadth = direction.breadth(mask)
        for across in 0...breadth {
            if across < breadth, mask.isInk[direction.position(mask, along: along, across: across)] {
                start = start ?? across
            } else if let begin = start {
                runs.append(begin..<across)
                start = nil
            }
        }
        return runs
    }
}
