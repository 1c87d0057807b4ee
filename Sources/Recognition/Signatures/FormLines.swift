// SPDX-License-Identifier: Apache-2.0

/// Finds what a form printed: base lines, frames and leaders of dots or dashes, wherever they begin and end.
///
/// Straightness tells print from writing. Of the 1,500 genuine signatures that this was tried on, the straightest
/// strokes that a hand drew over a quarter of the picture leave a straight line by a third of a pixel or swell by three
/// quarters of one; print does neither.
struct FormLines {
    /// The least length of a line that stands alone, as a share of the picture's side and in pixels.
    private static let share = 0.3
    private static let pixels = 72
    /// The same of a line that meets others in corners.
    private static let shareInBox = 0.1
    private static let pixelsInBox = 32
    /// How much of a line may be missing.
    private static let missing = 0.06
    /// How far the parts of a line may lie from where they belong, and differ in thickness, in pixels.
    private static let bend = 0.3
    /// A line that is shorter than this and stands alone must be straighter: a hand can draw one.
    private static let short = 240
    private static let bendOfShort = 0.2
    private static let swelling = 0.75
    /// What strokes along a long line add to it here and there.
    private static let long = 400
    private static let swellingOfLong = 1.3
    /// The standard deviations of what is straight and of one thickness but for rounding to pixels.
    private static let roughness = 0.3
    private static let unevenness = 0.52
    /// A line that goes through more rows than this has no part that lies in one or two.
    private static let steps = 20.0
    /// How many lines are looked at in each direction: what a picture can make this cost.
    private static let maximumCount = 32

    let lines: [FormLine]

    /// - Parameter runs: the thin runs of the mask, for each direction of lines.
    init(in mask: InkMask, _ runs: [ThinRuns]) {
        // By what they show themselves to be; what they are near to decides on the short ones.
        var candidates: [(line: FormLine, standsAlone: Bool)] = []
        for runs in runs where runs.length >= Self.pixels { candidates += Self.candidates(in: mask, runs) }
        lines = Self.chosen(from: candidates)
    }

    private static func candidates(
        in mask: InkMask, _ runs: ThinRuns
    ) -> [(line: FormLine, standsAlone: Bool)] {
        var runs = runs
        let length = runs.length, direction = runs.direction
        var votes = LineVotes(of: runs)
        var found: [(line: FormLine, standsAlone: Bool)] = []
        for _ in 0..<maximumCount {
            guard let line = votes.strongest(atLeast: max(pixelsInBox * 3 / 4, Int(0.06 * Double(length)))),
                let whole = LineStretch(near: line, in: runs, mask: mask, gap: 4 + length / 128)
            else { break }
            var numbers = whole.runs.compactMap { $0?.number }
            if isWhole(whole, runs) {
                let isLong = Double(whole.length) >= max(Double(pixels), share * Double(length))
                found.append(
                    (
                        FormLine(whole, direction),
                        isLong
                            && isStraight(whole, breadth: runs.breadth, bend: whole.length < short ? bendOfShort : bend)
                    ))
            } else if let leader = leader(in: whole, runs, mask) {
                found.append((FormLine(leader, direction), true))
                numbers += leader.numbers
            }
            var taken = runs.take(numbers)
            // What fits better elsewhere leaves the votes as they are, and they would win again.
            if taken.isEmpty { taken = runs.take(runs.numbers(near: line, within: 2.5)) }
            guard !taken.isEmpty else { break }
            votes.remove(taken)
        }
        return found
    }

    private static func isWhole(_ stretch: LineStretch, _ runs: ThinRuns) -> Bool {
        Double(stretch.length) >= max(Double(pixelsInBox), shareInBox * Double(runs.length))
            && Double(stretch.empty) <= missing * Double(stretch.length) && 2 * stretch.seen >= stretch.length
            && abs(stretch.line.slope) <= 1.1 * LineVotes.steepest
            && isStraight(stretch, breadth: runs.breadth, bend: bend)
    }

    /// The leader that a stretch is, or is a part of.
    private static func leader(in stretch: LineStretch, _ runs: ThinRuns, _ mask: InkMask) -> Leader? {
        let length = Double(runs.length)
        let leader =
            Leader(in: stretch)
            ?? LineStretch(near: stretch.line, in: runs, mask: mask, gap: 4 + runs.length / 32).flatMap {
                Leader(in: $0)
            }
        guard let leader, Double(leader.extent.count) >= max(Double(pixels), share * length),
            abs(leader.line.slope) <= 1.1 * LineVotes.steepest
        else { return nil }
        return leader
    }

    /// Straight and of one thickness, either on average over parts, which noise does not disturb, or everywhere, as
    /// nearly as black and white pixels can be: where a line hardly turns, whole parts of it are half a pixel off.
    private static func isStraight(_ stretch: LineStretch, breadth: Int, bend: Double) -> Bool {
        if stretch.bend <= bend {
            // At the picture's edge the paper's level is not known, and with it how dark a line is.
            let middle = stretch.line.across(at: (stretch.extent.lowerBound + stretch.extent.upperBound) / 2)
            let isAtEdge = min(middle, Double(breadth) - middle) <= max(8, 0.03 * Double(breadth))
            let most = isAtEdge ? Double(stretch.thickness) / 2 : stretch.length >= long ? swellingOfLong : swelling
            if stretch.swelling <= most { return true }
        }
        return stretch.length >= short && stretch.roughness <= roughness && stretch.unevenness <= unevenness
            && abs(stretch.line.slope) * Double(stretch.length) <= steps
    }

    /// Of the candidates those that stand alone, those that go on where these end, and those with both ends at lines
    /// that are taken: the sides of a box.
    private static func chosen(from candidates: [(line: FormLine, standsAlone: Bool)]) -> [FormLine] {
        let lines = candidates.map(\.line)
        func met(_ index: Int, _ along: Int, _ isTaken: [Bool]) -> [Int] {
            lines.indices.filter { isTaken[$0] && lines[index].ends(on: lines[$0], at: along) }
        }
        /// Whether it goes from one line to another.
        func isBetween(_ index: Int, _ isTaken: [Bool]) -> Bool {
            let near = met(index, lines[index].extent.lowerBound, isTaken),
                far = met(index, lines[index].extent.upperBound, isTaken)
            return near.contains { one in far.contains { $0 != one } }
        }
        // The most that holds itself up: whatever hangs on something that is not taken is dropped, until nothing is.
        var isTaken = candidates.map { _ in true }
        while true {
            let stays = candidates.indices.map { index in
                isTaken[index] && (candidates[index].standsAlone || isBetween(index, isTaken))
            }
            if stays == isTaken { break }
            isTaken = stays
        }
        for index in lines.indices where !isTaken[index] {
            isTaken[index] = lines.indices.contains { isTaken[$0] && lines[index].continues(lines[$0]) }
        }
        return zip(lines, isTaken).filter(\.1).map(\.0)
    }
}
