/// A line of dots or dashes of one length, which follow each other at one distance.
struct Leader {
    let line: StraightLine
    let extent: ClosedRange<Int>
    /// Its dots, also those that a stroke hides.
    let pieces: [Range<Int>]
    /// What of it was seen, and its numbers.
    let runs: [ThinRuns.Run]
    let numbers: [Int]

    /// Fewer dots than these are none.
    private static let least = 8
    /// How far dots may lie from where they belong: along the line as a share of their distance, across it in pixels.
    private static let alongShare = 0.2
    private static let across = 0.6

    /// The leader in a stretch of a line; nil where there is none.
    init?(in stretch: LineStretch) {
        let seen = stretch.pieces
        guard seen.count >= Self.least else { return nil }
        let length = Self.usual(seen.map(\.count))
        let dots = seen.filter { Self.isAlike($0.count, length) }
        guard dots.count >= Self.least else { return nil }
        let starts = dots.map(\.lowerBound), distances = zip(starts.dropFirst(), starts).map { $0 - $1 }
        let distance = Self.usual(distances), alike = distances.filter { Self.isAlike($0, distance) }
        let period = Double(alike.reduce(0, +)) / Double(max(1, alike.count))
        guard alike.count >= Self.least - 2, period >= Double(length) + 1 else { return nil }
        // From dot to dot it is a whole number of periods, however many a stroke hides.
        var pieces = [dots[0]], kept = [dots[0]], strays = 0
        for dot in dots.dropFirst() {
            let last = kept[kept.count - 1].lowerBound, steps = (Double(dot.lowerBound - last) / period).rounded()
            guard steps >= 1, abs(Double(dot.lowerBound - last) - steps * period) <= max(1.5, Self.alongShare * period) else {
                strays += 1
                continue
            }
            for step in 1..<max(1, Int(steps)) {
                let start = last + Int((Double((dot.lowerBound - last) * step) / steps).rounded())
                pieces.append(start..<start + length)
            }
            pieces.append(dot)
            kept.append(dot)
        }
        guard kept.count >= Self.least, 4 * strays <= kept.count, 10 * kept.count >= 4 * pieces.count else { return nil }
        let first = stretch.extent.lowerBound
        let own = kept.flatMap { dot in dot.compactMap { stretch.runs[$0 - first] } }, runs = own.map(\.run)
        guard let line = StraightLine(through: runs.map { (along: $0.along, across: $0.middle) }) else { return nil }
        let squares = runs.reduce(0.0) { $0 + ($1.middle - line.across(at: $1.along)) * ($1.middle - line.across(at: $1.along)) }
        guard (squares / Double(runs.count)).squareRoot() <= Self.across else { return nil }
        self.line = line
        self.pieces = pieces
        self.runs = runs
        numbers = own.map(\.number)
        extent = kept[0].lowerBound...kept[kept.count - 1].upperBound - 1
    }

    private static func isAlike(_ number: Int, _ usual: Int) -> Bool { abs(number - usual) <= max(1, usual / 6) }

    /// The number that most are about.
    private static func usual(_ numbers: [Int]) -> Int {
        var counts: [Int: Int] = [:]
        for number in numbers { counts[number, default: 0] += 1 }
        func support(_ number: Int) -> Int { counts.reduce(0) { $0 + (isAlike($1.key, number) ? $1.value : 0) } }
        // In order, so that of several the smallest is taken always.
        return counts.keys.sorted().max { support($0) < support($1) } ?? 0
    }
}
