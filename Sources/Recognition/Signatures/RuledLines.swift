/// Lines that the paper or the scanner brought along: the dark edge of a scan, and ruled lines that cross the whole
/// picture.
enum RuledLines {
    /// How far from a straight line a ruled line may stray, as a share of its length.
    private static let straightness = 0.004
    /// How thick a ruled line may be, as a share of its length.
    private static let thickness = 0.015
    /// The share of its length along which a line must be seen.
    private static let coverage = 0.95
    /// The most lines that are followed in one direction: what a picture can make this cost.
    private static let maximumCount = 64

    /// Takes them out of a mask. Where a stroke crosses a line, the stroke stays whole.
    static func remove(from mask: inout InkMask) {
        for direction in [Direction.horizontal, .vertical] {
            removeEdges(from: &mask, direction)
            removeLines(from: &mask, direction)
        }
    }

    /// A way to walk over a mask: along a line and across it.
    private enum Direction {
        case horizontal, vertical

        func length(_ mask: InkMask) -> Int { self == .horizontal ? mask.width : mask.height }
        func breadth(_ mask: InkMask) -> Int { self == .horizontal ? mask.height : mask.width }
        func place(_ mask: InkMask, along: Int, across: Int) -> Int {
            self == .horizontal ? across * mask.width + along : along * mask.width + across
        }
    }

    /// Rows at the edge that are more than half ink, each only when all before it are so: the lid of the scanner, or
    /// the next sheet. At most a tenth of the picture at either edge.
    private static func removeEdges(from mask: inout InkMask, _ direction: Direction) {
        let length = direction.length(mask), breadth = direction.breadth(mask)
        for isFar in [false, true] {
            for step in 0..<breadth / 10 {
                let across = isFar ? breadth - 1 - step : step
                let places = (0..<length).map { direction.place(mask, along: $0, across: across) }
                guard places.reduce(0, { $0 + (mask.isInk[$1] ? 1 : 0) }) * 2 > length else { break }
                for place in places { mask.isInk[place] = false }
            }
        }
    }

    /// Follows ink from one edge to the other; what is straight and thin all the way is a ruled line.
    private static func removeLines(from mask: inout InkMask, _ direction: Direction) {
        let length = direction.length(mask)
        guard length >= 64, direction.breadth(mask) >= 16 else { return }
        for start in runs(in: mask, along: length / 100, direction).prefix(maximumCount) {
            guard let line = follow(from: start, in: mask, direction) else { continue }
            for (along, run) in line.enumerated() {
                for across in run { mask.isInk[direction.place(mask, along: along, across: across)] = false }
            }
        }
    }

    /// The runs of a line across the direction, one for each place along it and empty where it is not seen or a stroke
    /// crosses it; nil where the ink that begins at `start` is no ruled line.
    private static func follow(from start: Range<Int>, in mask: InkMask, _ direction: Direction) -> [Range<Int>]? {
        let length = direction.length(mask)
        let thickest = max(3, Int(thickness * Double(length)))
        let usual = start.count
        guard usual <= thickest else { return nil }
        var line = Array(repeating: 0..<0, count: length)
        var seen = 0
        func walk(_ places: some Sequence<Int>) {
            var last = start
            for along in places {
                guard let run = run(near: last, along: along, in: mask, direction) else { continue }
                seen += 1
                // Where a stroke crosses, the line goes on as it came.
                guard run.count <= usual + max(1, usual / 2) else { continue }
                line[along] = run
                last = run
            }
        }
        walk(length / 100..<length)
        walk((0..<length / 100).reversed())
        guard Double(seen) >= coverage * Double(length) else { return nil }
        return isStraight(line) ? line : nil
    }

    /// The ink that touches the pixels `last` or their neighbours across, at one place along; the uppermost where
    /// there are several.
    private static func run(
        near last: Range<Int>, along: Int, in mask: InkMask, _ direction: Direction
    ) -> Range<Int>? {
        let breadth = direction.breadth(mask)
        func isInk(_ across: Int) -> Bool { mask.isInk[direction.place(mask, along: along, across: across)] }
        let window = max(0, last.lowerBound - 1)..<min(breadth, last.upperBound + 1)
        guard let found = window.first(where: isInk) else { return nil }
        var first = found, end = found + 1
        while first > 0, isInk(first - 1) { first -= 1 }
        while end < breadth, isInk(end) { end += 1 }
        return first..<end
    }

    /// Whether the runs' middles lie on the line through the means of the first and the last third.
    private static func isStraight(_ line: [Range<Int>]) -> Bool {
        let points = line.enumerated().filter { !$1.isEmpty }.map { along, run in
            (along: Double(along), across: Double(run.lowerBound + run.upperBound) / 2)
        }
        let third = points.count / 3
        guard third > 0 else { return false }
        func mean(_ part: ArraySlice<(along: Double, across: Double)>) -> (along: Double, across: Double) {
            let count = Double(part.count)
            return (part.reduce(0) { $0 + $1.along } / count, part.reduce(0) { $0 + $1.across } / count)
        }
        let a = mean(points.prefix(third)), b = mean(points.suffix(third))
        let slope = (b.across - a.across) / (b.along - a.along)
        let limit = max(1.5, straightness * Double(line.count))
        let straying = points.reduce(0) { $0 + (abs($1.across - a.across - slope * ($1.along - a.along)) > limit ? 1 : 0) }
        return Double(straying) <= (1 - coverage) * Double(points.count)
    }

    /// The ink across the direction at one place along it.
    private static func runs(in mask: InkMask, along: Int, _ direction: Direction) -> [Range<Int>] {
        var runs: [Range<Int>] = [], start: Int?
        let breadth = direction.breadth(mask)
        for across in 0...breadth {
            if across < breadth, mask.isInk[direction.place(mask, along: along, across: across)] {
                start = start ?? across
            } else if let begin = start {
                runs.append(begin..<across)
                start = nil
            }
        }
        return runs
    }
}
