// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A printed circle, as stamps have.
struct FormRing {
    var x: Double
    var y: Double
    var radius: Double
    var thickness = 0

    func distance(_ x: Double, _ y: Double) -> Double {
        ((x - self.x) * (x - self.x) + (y - self.y) * (y - self.y)).squareRoot()
    }

    /// The circle with the least squares of x² + y² − r² (I. Kåsa, *A circle fitting procedure and its error analysis*,
    /// 1976); nil where the points determine none.
    init?(through points: [(x: Double, y: Double)]) {
        guard points.count >= 3 else { return nil }
        let count = Double(points.count)
        let meanX = points.reduce(0) { $0 + $1.x } / count, meanY = points.reduce(0) { $0 + $1.y } / count
        var xx = 0.0, yy = 0.0, xy = 0.0, xz = 0.0, yz = 0.0, z = 0.0
        for point in points {
            let x = point.x - meanX, y = point.y - meanY, square = x * x + y * y
            xx += x * x
            yy += y * y
            xy += x * y
            xz += x * square
            yz += y * square
            z += square
        }
        let determinant = xx * yy - xy * xy
        guard determinant > 1e-6 * (xx + yy) * (xx + yy) else { return nil }
        let a = (xz * yy - yz * xy) / (2 * determinant), b = (yz * xx - xz * xy) / (2 * determinant)
        (x, y, radius) = (meanX + a, meanY + b, (a * a + b * b + z / count).squareRoot())
    }

    init(x: Double, y: Double, radius: Double) { (self.x, self.y, self.radius) = (x, y, radius) }
}

/// Finds printed circles: those that are as round as no hand draws one.
///
/// The middles of a circle's chords lie on its diameters: those of all pairs of thin ink in a row vote for the column
/// of a centre, and those of a column's for its row. Around likely centres it is looked for radii at which there is ink
/// all around.
struct FormRings {
    /// The smallest radius in pixels: smaller circles are drawn by hand as well.
    private static let least = 36.0
    /// Directions, of which a circle must be seen in most.
    private static let sectors = 64
    private static let seen = 45
    /// The standard deviation of a circle's ink from it, in pixels.
    private static let roughness = 0.7
    /// In rows of more thin ink than this, pairs tell nothing.
    private static let mostRuns = 24
    /// A picture of more is no signature, and costs too much to search.
    private static let mostPoints = 60_000

    let rings: [FormRing]

    init(in mask: InkMask, rows: ThinRuns, columns: ThinRuns) {
        let points =
            rows.runs.map { (x: $0.middle, y: Double($0.along)) }
            + columns.runs.map { (x: Double($0.along), y: $0.middle) }
        var rings: [FormRing] = []
        guard points.count <= Self.mostPoints else {
            self.rings = []
            return
        }
        for x in Self.centers(rows) {
            for y in Self.centers(columns) {
                for radius in Self.radii(around: (x, y), points) {
                    guard let ring = Self.fitted(FormRing(x: x, y: y, radius: radius), points, mask) else { continue }
                    let isKnown = rings.contains {
                        $0.distance(ring.x, ring.y) < 4 && abs($0.radius - ring.radius) < 2 + Double($0.thickness) / 2
                    }
                    if !isKnown { rings.append(ring) }
                }
            }
        }
        self.rings = rings
    }

    /// The likeliest places of centres across the direction of runs.
    private static func centers(_ runs: ThinRuns) -> [Double] {
        var votes = Array(repeating: 0, count: runs.breadth + 1)
        for along in 0..<runs.length {
            let numbers = runs.numbers(at: along)
            guard (2...mostRuns).contains(numbers.count) else { continue }
            for a in numbers {
                for b in a + 1..<numbers.upperBound where runs.runs[b].middle - runs.runs[a].middle >= least / 2 {
                    votes[Int((runs.runs[a].middle + runs.runs[b].middle) / 2 + 0.5)] += 1
                }
            }
        }
        // A circle's own votes stand out from those of pairs that happen to be there.
        let cast = votes.filter { $0 > 0 }.sorted(), usual = cast.isEmpty ? 0 : 3 * cast[cast.count / 2]
        var centers: [Double] = []
        for _ in 0..<3 {
            var best = (votes: Int(least) + 2 * usual, position: -1)
            for position in 1..<max(1, votes.count - 1) {
                let sum = votes[position - 1] + votes[position] + votes[position + 1]
                if sum > best.votes { best = (sum, position) }
            }
            guard best.position >= 0 else { break }
            centers.append(Double(best.position))
            for position in max(0, best.position - 5)...min(votes.count - 1, best.position + 5) { votes[position] = 0 }
        }
        return centers
    }

    /// The radii at which there is ink all around a place.
    private static func radii(around center: (x: Double, y: Double), _ points: [(x: Double, y: Double)]) -> [Double] {
        let most = points.reduce(0) { max($0, abs($1.x - center.x), abs($1.y - center.y)) }
        var seen = Array(repeating: UInt64(0), count: Int(1.5 * most) + 3)
        for point in points {
            let x = point.x - center.x, y = point.y - center.y
            seen[Int((x * x + y * y).squareRoot())] |= 1 << UInt64(sector(x, y))
        }
        guard seen.count > Int(least) + 2 else { return [] }
        var radii: [Double] = []
        for radius in Int(least)..<seen.count - 1 {
            // A centre that is known to a pixel smears the circle over three.
            let here = (seen[radius - 1] | seen[radius] | seen[radius + 1]).nonzeroBitCount
            guard here >= Self.seen * 9 / 10, radius - Int(radii.last ?? 0) > 2 else { continue }
            radii.append(Double(radius))
        }
        return Array(radii.prefix(8))
    }

    /// One of `sectors` directions, of about the same size, in a way that is faster than an angle.
    private static func sector(_ x: Double, _ y: Double) -> Int {
        let share = y / max(abs(x) + abs(y), 1e-9), turn = x >= 0 ? (1 + share) / 4 : (3 - share) / 4
        return min(sectors - 1, Int(turn * Double(sectors)))
    }

    private static func fitted(_ ring: FormRing, _ points: [(x: Double, y: Double)], _ mask: InkMask) -> FormRing? {
        var ring = ring
        for reach in [3.0, 2, 1.5] {
            guard
                let better = FormRing(through: points.filter { abs(ring.distance($0.x, $0.y) - ring.radius) <= reach })
            else { return nil }
            ring = better
        }
        let own = points.filter { abs(ring.distance($0.x, $0.y) - ring.radius) <= 1.5 }
        let inSectors = own.reduce(UInt64(0)) { $0 | 1 << UInt64(sector($1.x - ring.x, $1.y - ring.y)) }
        let squares = own.reduce(0.0) { sum, point in
            let difference = ring.distance(point.x, point.y) - ring.radius
            return sum + difference * difference
        }
        guard ring.radius >= least, inSectors.nonzeroBitCount >= seen,
            (squares / Double(max(1, own.count))).squareRoot() <= roughness
        else { return nil }
        let thicknesses = (0..<2 * sectors).map { thickness(of: ring, at: Double($0) * .pi / Double(sectors), mask) }
            .filter { $0 > 0 }.sorted()
        guard !thicknesses.isEmpty else { return nil }
        ring.thickness = thicknesses[thicknesses.count / 2]
        return ring.thickness <= max(6, Int(ring.radius / 8)) ? ring : nil
    }

    /// How thick the ink of a ring is in one direction; 0 where there is none.
    private static func thickness(of ring: FormRing, at angle: Double, _ mask: InkMask) -> Int {
        func isInk(_ step: Int) -> Bool {
            let radius = ring.radius + Double(step), x = Int((ring.x + radius * cos(angle)).rounded()),
                y = Int((ring.y + radius * sin(angle)).rounded())
            return x >= 0 && y >= 0 && x < mask.width && y < mask.height && mask.isInk[y * mask.width + x]
        }
        guard let first = [0, -1, 1].first(where: isInk) else { return 0 }
        var low = first, high = first
        while low > first - 32, isInk(low - 1) { low -= 1 }
        while high < first + 32, isInk(high + 1) { high += 1 }
        return high - low + 1
    }
}

extension FormEraser {
    /// Takes out a stamp's circles, and what lies wholly within the largest of them: its letters.
    mutating func erase(_ rings: [FormRing]) {
        for ring in rings { erase(ring) }
        for ring in rings {
            let reach = Int(ring.radius) + 2
            let box = PixelBox(
                left: Int(ring.x) - reach, top: Int(ring.y) - reach, right: Int(ring.x) + reach,
                bottom: Int(ring.y) + reach)
            let pieces = mask.pieces(within: box).filter { piece in
                piece.positions.allSatisfy {
                    ring.distance(Double($0 % mask.width), Double($0 / mask.width)) <= ring.radius + 2
                }
            }
            // A signature may lie within a stamp.
            let isMost = 10 * pieces.reduce(0) { $0 + $1.positions.count } > 6 * mask.count,
                largest = (isMost ? 0.3 : 1.2) * ring.radius
            for piece in pieces where Double(max(piece.box.width, piece.box.height)) < largest { erase(piece) }
        }
    }

    private mutating func erase(_ ring: FormRing) {
        let half = Double(ring.thickness) / 2 + 0.75, reach = ring.radius + half + 1
        let isInk = { [mask] (x: Double, y: Double) -> Bool in
            let x = Int(x.rounded()), y = Int(y.rounded())
            return x >= 0 && y >= 0 && x < mask.width && y < mask.height && mask.isInk[y * mask.width + x]
        }
        var gone: [Int] = [], beside: [Int] = []
        func span(_ middle: Double, _ length: Int) -> ClosedRange<Int> {
            min(length - 1, max(0, Int(middle - reach)))...min(length - 1, max(0, Int(middle + reach)))
        }
        for y in span(ring.y, mask.height) {
            for x in span(ring.x, mask.width) {
                let distance = ring.distance(Double(x), Double(y)), position = y * mask.width + x
                guard abs(distance - ring.radius) <= half + 1 else { continue }
                guard mask.isInk[position] else {
                    beside.append(position)
                    continue
                }
                guard abs(distance - ring.radius) <= half else { continue }
                let (dx, dy) = ((Double(x) - ring.x) / distance, (Double(y) - ring.y) / distance)
                let out = ring.radius + half + 1 - distance, within = distance - ring.radius + half + 1
                let isCrossed = Self.slants.contains { slant in
                    isInk(Double(x) + out * (dx - slant * dy), Double(y) + out * (dy + slant * dx))
                        && isInk(Double(x) - within * (dx - slant * dy), Double(y) - within * (dy + slant * dx))
                }
                if !isCrossed { gone.append(position) }
            }
        }
        erase(gone, beside: beside)
    }
}
