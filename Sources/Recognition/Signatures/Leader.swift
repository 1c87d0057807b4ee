// SPDX-License-Identifier: Apache-2.0

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
    /// How many periods from a dot to the next are told from each other.
    private static let mostHidden = 12.0

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
        let kept = Self.chain(dots, period: period)
        var pieces: [Range<Int>] = []
        for (dot, next) in zip(kept, kept.dropFirst() + [kept[kept.count - 1]]) {
            pieces.append(dot)
            let gap = next.lowerBound - dot.lowerBound, steps = Int((Double(gap) / period).rounded())
            for step in 1..<max(1, steps) {
                let start = dot.lowerBound + Int((Double(gap * step) / Double(steps)).rounded())
                pieces.append(start..<start + length)
            }
        }
        guard kept.count >= Self.least, 3 * kept.count >= 2 * dots.count, 10 * kept.count >= 4 * pieces.count else {
            return nil
        }
        let first = stretch.extent.lowerBound
        let own = kept.flatMap { dot in dot.compactMap { stretch.runs[$0 - first] } }, runs = own.map(\.run)
        guard let line = StraightLine(through: runs.map { (along: $0.along, across: $0.middle) }) else { return nil }
        let squares = runs.reduce(0.0) {
            $0 + ($1.middle - line.across(at: $1.along)) * ($1.middle - line.across(at: $1.along))
        }
        guard (squares / Double(runs.count)).squareRoot() <= Self.across else { return nil }
        self.line = line
        self.pieces = pieces
        self.runs = runs
        numbers = own.map(\.number)
        extent = kept[0].lowerBound...kept[kept.count - 1].upperBound - 1
    }

    /// The most dots of which each is a whole number of periods after the one before, however many a stroke hides.
    private static func chain(_ dots: [Range<Int>], period: Double) -> [Range<Int>] {
        func follows(_ dot: Range<Int>, _ last: Range<Int>) -> Bool {
            let distance = Double(dot.lowerBound - last.lowerBound), steps = (distance / period).rounded()
            return steps >= 1 && steps <= mostHidden && abs(distance - steps * period) <= max(1.5, alongShare * period)
        }
        var chains: [[Range<Int>]] = []
        for dot in dots {
            var longest: (chain: Int, length: Int)?
            for (index, chain) in chains.enumerated() {
                // What only just followed may have been a stroke, where the next follows the one before it.
                let length =
                    follows(dot, chain[chain.count - 1])
                    ? chain.count : chain.count > 1 && follows(dot, chain[chain.count - 2]) ? chain.count - 1 : 0
                if length > longest?.length ?? 0 { longest = (index, length) }
            }
            if let longest {
                chains[longest.chain].removeSubrange(longest.length...)
                chains[longest.chain].append(dot)
            } else {
                chains.append([dot])
            }
        }
        return chains.max { $0.count < $1.count } ?? []
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
