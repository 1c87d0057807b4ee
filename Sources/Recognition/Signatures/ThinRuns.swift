// SPDX-License-Identifier: Apache-2.0

import Imaging

/// The stretches of ink across a direction that are thin enough to be parts of a printed line.
struct ThinRuns {
    struct Run {
        let along: Int
        let across: Range<Int>
        /// Where the middle of its darkness lies, finer than pixels, and how much darkness it has in all.
        let middle: Double
        let mass: Double
    }

    let direction: LineDirection
    /// The picture's sides along the direction and across it.
    let length: Int
    let breadth: Int
    /// By their place along the direction, then across it.
    let runs: [Run]
    /// Whether a run's line is known, so that it belongs to no other.
    private var isTaken: [Bool]
    /// Where the runs of each place along the direction begin in `runs`.
    private let starts: [Int]

    /// - Parameter darkness: what the mask was made of.
    init(in mask: InkMask, of darkness: GrayImage, _ direction: LineDirection, thickest: Int) {
        self.direction = direction
        length = direction.length(mask)
        breadth = direction.breadth(mask)
        let found = (direction == .horizontal ? Self.downColumns(mask, thickest) : Self.alongRows(mask, thickest)).map {
            Self.run(at: $0.along, $0.across, of: darkness, direction)
        }
        var counts = Array(repeating: 0, count: length + 1)
        for run in found { counts[run.along + 1] += 1 }
        for along in 0..<length { counts[along + 1] += counts[along] }
        starts = counts
        isTaken = Array(repeating: false, count: found.count)
        if direction == .vertical {
            runs = found
            return
        }
        // Columns are read row by row, as they lie in memory, and put in order here.
        var order = Array(repeating: 0, count: found.count)
        for (index, run) in found.enumerated() {
            order[counts[run.along]] = index
            counts[run.along] += 1
        }
        runs = order.map { found[$0] }
    }

    private static func run(
        at along: Int, _ across: Range<Int>, of darkness: GrayImage, _ direction: LineDirection
    ) -> Run {
        // The blurred edges lie beyond what is ink.
        let breadth = direction == .horizontal ? darkness.height : darkness.width
        var mass = 0, moment = 0
        for position in max(0, across.lowerBound - 1)..<min(breadth, across.upperBound + 1) {
            let level = Int(direction == .horizontal ? darkness[along, position] : darkness[position, along])
            mass += level
            moment += level * position
        }
        return Run(along: along, across: across, middle: Double(moment) / Double(max(1, mass)), mass: Double(mass))
    }

    private static func alongRows(_ mask: InkMask, _ thickest: Int) -> [(along: Int, across: Range<Int>)] {
        var runs: [(along: Int, across: Range<Int>)] = []
        mask.isInk.withUnsafeBufferPointer { isInk in
            for y in 0..<mask.height {
                var x = 0
                let row = y * mask.width
                while x < mask.width {
                    guard isInk[row + x] else {
                        x += 1
                        continue
                    }
                    let start = x
                    while x < mask.width, isInk[row + x] { x += 1 }
                    if x - start <= thickest { runs.append((y, start..<x)) }
                }
            }
        }
        return runs
    }

    private static func downColumns(_ mask: InkMask, _ thickest: Int) -> [(along: Int, across: Range<Int>)] {
        var runs: [(along: Int, across: Range<Int>)] = []
        var starts = Array(repeating: -1, count: mask.width)
        mask.isInk.withUnsafeBufferPointer { isInk in
            for y in 0...mask.height {
                for x in 0..<mask.width {
                    let isHere = y < mask.height && isInk[y * mask.width + x]
                    if isHere {
                        if starts[x] < 0 { starts[x] = y }
                    } else if starts[x] >= 0 {
                        if y - starts[x] <= thickest { runs.append((x, starts[x]..<y)) }
                        starts[x] = -1
                    }
                }
            }
        }
        return runs
    }

    /// The numbers of the runs at a place along the direction.
    func numbers(at along: Int) -> Range<Int> { starts[along]..<starts[along + 1] }

    /// Takes runs that are not taken yet.
    ///
    /// - Returns: those that were taken.
    mutating func take(_ numbers: [Int]) -> [Run] {
        var taken: [Run] = []
        for number in numbers where !isTaken[number] {
            isTaken[number] = true
            taken.append(runs[number])
        }
        return taken
    }

    /// The numbers of the runs that are not taken whose middle lies near a line.
    func numbers(near line: StraightLine, within reach: Double) -> [Int] {
        runs.indices.filter { !isTaken[$0] && abs(runs[$0].middle - line.across(at: runs[$0].along)) <= reach }
    }

    /// The number of the run that is not taken whose middle is nearest to a place, where one is within a reach.
    func nearest(to across: Double, at along: Int, within reach: Double) -> Int? {
        var low = starts[along], high = starts[along + 1]
        let end = high
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].middle < across - reach { low = middle + 1 } else { high = middle }
        }
        var best: Int?, least = reach
        while low < end, runs[low].middle <= across + reach {
            let distance = abs(runs[low].middle - across)
            if distance <= least, !isTaken[low] {
                least = distance
                best = low
            }
            low += 1
        }
        return best
    }
}
