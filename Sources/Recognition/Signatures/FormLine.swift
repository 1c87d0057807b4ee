// SPDX-License-Identifier: Apache-2.0

/// A printed line, straight and of one thickness.
struct FormLine {
    let direction: LineDirection
    let line: StraightLine
    let extent: ClosedRange<Int>
    /// As thick as its thicker parts are, so that what lies beside it is no ink of its own.
    let thickness: Int
    /// Where along it there is print: all of it, or its dots and dashes, also those that a stroke hides.
    let pieces: [Range<Int>]

    init(_ stretch: LineStretch, _ direction: LineDirection) {
        self.direction = direction
        line = stretch.line
        extent = stretch.extent
        thickness = Self.thickness(stretch.runs.compactMap { $0?.run })
        pieces = [extent.lowerBound..<extent.upperBound + 1]
    }

    init(_ leader: Leader, _ direction: LineDirection) {
        self.direction = direction
        line = leader.line
        extent = leader.extent
        thickness = Self.thickness(leader.runs)
        pieces = leader.pieces
    }

    private static func thickness(_ runs: [ThinRuns.Run]) -> Int {
        let thicknesses = runs.map(\.across.count).sorted()
        return thicknesses.isEmpty ? 1 : thicknesses[thicknesses.count * 9 / 10]
    }

    /// A point of the line in the picture.
    func point(at along: Int) -> (x: Double, y: Double) {
        let across = line.across(at: along)
        return direction == .horizontal ? (Double(along), across) : (across, Double(along))
    }

    var length: Int { extent.count }

    /// How large the rounded corners of a box may be.
    func roundness(with other: FormLine) -> Double {
        min(0.12 * Double(max(length, other.length)), 0.3 * Double(min(length, other.length)), 48)
    }

    /// Whether an end of this line lies at another, across it.
    func ends(on other: FormLine, at along: Int) -> Bool {
        guard direction != other.direction else { return false }
        let end = point(at: along), reach = Double(3 + thickness + other.thickness) + roundness(with: other)
        let (own, across) = direction == .horizontal ? (end.y, end.x) : (end.x, end.y)
        return own >= Double(other.extent.lowerBound) - reach && own <= Double(other.extent.upperBound) + reach
            && abs(other.line.across(at: Int(own)) - across) <= reach
    }

    /// Whether this line goes on where another has ended.
    func continues(_ other: FormLine) -> Bool {
        guard direction == other.direction, abs(thickness - other.thickness) <= 2 else { return false }
        let middle = (extent.lowerBound + extent.upperBound) / 2
        return [extent.lowerBound, middle, extent.upperBound].allSatisfy {
            abs(line.across(at: $0) - other.line.across(at: $0)) <= 1.5
        }
    }
}
