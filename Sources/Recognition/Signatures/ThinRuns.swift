/// The stretches of ink across a direction that are thin enough to be parts of a printed line.
struct ThinRuns {
    struct Run {
        let along: Int
        let across: Range<Int>

        var middle: Double { Double(across.lowerBound + across.upperBound - 1) / 2 }
    }

    let direction: LineDirection
    /// The picture's sides along the direction and across it.
    let length: Int
    let breadth: Int
    /// By their place along the direction, then across it.
    let runs: [Run]
    /// Where the runs of each place along the direction begin in `runs`.
    private let starts: [Int]

    init(in mask: InkMask, _ direction: LineDirection, thickest: Int) {
        self.direction = direction
        length = direction.length(mask)
        breadth = direction.breadth(mask)
        let found = direction == .horizontal ? Self.downColumns(mask, thickest) : Self.alongRows(mask, thickest)
        var counts = Array(repeating: 0, count: length + 1)
        for run in found { counts[run.along + 1] += 1 }
        for along in 0..<length { counts[along + 1] += counts[along] }
        starts = counts
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

    private static func alongRows(_ mask: InkMask, _ thickest: Int) -> [Run] {
        var runs: [Run] = []
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
                    if x - start <= thickest { runs.append(Run(along: y, across: start..<x)) }
                }
            }
        }
        return runs
    }

    private static func downColumns(_ mask: InkMask, _ thickest: Int) -> [Run] {
        var runs: [Run] = []
        var starts = Array(repeating: -1, count: mask.width)
        mask.isInk.withUnsafeBufferPointer { isInk in
            for y in 0...mask.height {
                for x in 0..<mask.width {
                    let isHere = y < mask.height && isInk[y * mask.width + x]
                    if isHere {
                        if starts[x] < 0 { starts[x] = y }
                    } else if starts[x] >= 0 {
                        if y - starts[x] <= thickest { runs.append(Run(along: x, across: starts[x]..<y)) }
                        starts[x] = -1
                    }
                }
            }
        }
        return runs
    }

    /// The numbers of the runs at a place along the direction.
    func numbers(at along: Int) -> Range<Int> { starts[along]..<starts[along + 1] }

    /// The number of the run whose middle is nearest to a place, where one is within a reach.
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
            if distance <= least {
                least = distance
                best = low
            }
            low += 1
        }
        return best
    }
}
