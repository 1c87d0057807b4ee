// SPDX-License-Identifier: Apache-2.0

/// The line of print that tells what a base line is for, below it or before it.
enum FormLabels {
    /// How high letters may be, and how far from the line they may lie, as shares of its length.
    private static let height = 0.09
    private static let below = 0.16
    private static let before = 0.6
    /// Fewer pieces than these are no word.
    private static let leastPieces = 5
    /// A label is less than this share of the ink, else it might be the signature.
    private static let mostInk = 0.35

    /// The pieces of ink that are letters beside a base line.
    static func pieces(beside form: FormLine, in mask: InkMask, ink: Int) -> [InkPiece] {
        guard form.direction == .horizontal else { return [] }
        let start = form.point(at: form.extent.lowerBound), end = form.point(at: form.extent.upperBound),
            length = Double(form.length)
        let bottom = max(start.y, end.y) + Double(form.thickness) / 2
        let parts = [
            PixelBox(
                left: Int(start.x), top: Int(bottom) + 1, right: Int(end.x), bottom: Int(bottom + below * length)),
            PixelBox(
                left: Int(start.x - before * length), top: Int(start.y - height * length), right: Int(start.x) - 2,
                bottom: Int(start.y + height * length / 2)),
        ]
        let letters = parts.flatMap { row(of: mask.pieces(within: $0), highest: height * length) }
        return Double(letters.reduce(0) { $0 + $1.positions.count }) < mostInk * Double(ink) ? letters : []
    }

    /// Those of some pieces that stand in a row and are about equally high.
    private static func row(of pieces: [InkPiece], highest: Double) -> [InkPiece] {
        let small = pieces.filter { $0.box.height >= 4 && Double($0.box.height) <= highest }
        guard small.count >= leastPieces else { return [] }
        func middle(_ piece: InkPiece) -> Double { Double(piece.box.top + piece.box.bottom) / 2 }
        let usual = Double(small.map(\.box.height).sorted()[small.count / 2]),
            line = small.map(middle).sorted()[small.count / 2]
        let letters = small.filter {
            abs(middle($0) - line) <= 0.75 * usual && Double($0.box.height) >= 0.4 * usual
                && Double($0.box.height) <= 2 * usual
        }
        guard letters.count >= leastPieces, letters.count * 4 >= small.count * 3 else { return [] }
        // Dots and commas go with their line.
        return pieces.filter { abs(middle($0) - line) <= 1.2 * usual && Double($0.box.height) <= 2 * usual }
    }
}
