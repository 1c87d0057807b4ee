// SPDX-License-Identifier: Apache-2.0

/// Takes printed lines out of a mask and keeps the strokes that cross them.
struct FormEraser {
    private(set) var mask: InkMask
    /// What was taken out, and the paper beside it that its blurred edge darkens.
    private(set) var erased: [Int] = []
    private(set) var beside: [Int] = []

    init(_ mask: InkMask) { self.mask = mask }

    /// How far to the side the two ends of a stroke's way through a line may lie from each other, as shares of its
    /// height.
    static let slants = [0, -0.5, 0.5, -1, 1, -1.5, 1.5, -2, 2, -3, 3]

    mutating func erase(_ form: FormLine) {
        let direction = form.direction, length = direction.length(mask), breadth = direction.breadth(mask)
        // The blurred ends; a stroke that a line ends in is kept as any that crosses it.
        let spare = form.pieces.count > 1 ? 1 : form.thickness + 1
        var gone: [Int] = []
        let positions = form.pieces.flatMap { max(0, $0.lowerBound - spare)..<min(length, $0.upperBound + spare) }
        for along in positions {
            let band = band(of: form, at: along)
            for across in band.lowerBound - 1...band.upperBound + 1 where across >= 0 && across < breadth {
                let position = direction.position(mask, along: along, across: across)
                if !mask.isInk[position] {
                    beside.append(position)
                } else if band.contains(across), !isCrossed(form, at: along, across, band) {
                    gone.append(position)
                }
            }
        }
        erase(gone)
    }

    /// Takes out what forms leave beside their lines: rounded corners, and the cross before a
    /// base line and its label.
    mutating func eraseRemains(of forms: [FormLine]) {
        for (index, one) in forms.enumerated() {
            for other in forms.dropFirst(index + 1) where one.direction != other.direction {
                for a in [one.extent.lowerBound, one.extent.upperBound] {
                    for b in [other.extent.lowerBound, other.extent.upperBound] {
                        eraseCorner(
                            one.point(at: a), other.point(at: b), reach: one.roundness(with: other),
                            spare: max(one.thickness, other.thickness) + 2)
                    }
                }
            }
            if one.direction == .horizontal { eraseCross(before: one) }
            // A frame's sides have the signature beside them.
            if !forms.contains(where: {
                one.ends(on: $0, at: one.extent.lowerBound) || one.ends(on: $0, at: one.extent.upperBound)
            }) {
                for letter in FormLabels.pieces(beside: one, in: mask, ink: mask.count) { erase(letter) }
            }
        }
    }

    private mutating func eraseCorner(
        _ a: (x: Double, y: Double), _ b: (x: Double, y: Double), reach: Double, spare: Int
    ) {
        guard abs(a.x - b.x) <= reach, abs(a.y - b.y) <= reach else { return }
        let box = PixelBox(
            left: Int(min(a.x, b.x)) - spare, top: Int(min(a.y, b.y)) - spare, right: Int(max(a.x, b.x)) + spare,
            bottom: Int(max(a.y, b.y)) + spare)
        for piece in mask.pieces(within: box) { erase(piece) }
    }

    /// A printed cross shows where to sign: as high as letters, left of the line's beginning and on it.
    private mutating func eraseCross(before form: FormLine) {
        let start = form.point(at: form.extent.lowerBound), size = Double(form.length) / 8
        let box = PixelBox(
            left: Int(start.x - size), top: Int(start.y - size), right: Int(start.x) - 1,
            bottom: Int(start.y + size / 4))
        for piece in mask.pieces(within: box) where piece.isCross(in: mask) { erase(piece) }
    }

    mutating func erase(_ piece: InkPiece) { erase(piece.positions) }

    mutating func erase(_ positions: [Int], beside: [Int] = []) {
        for position in positions { mask.isInk[position] = false }
        erased += positions
        self.beside += beside
    }

    private func isInk(_ direction: LineDirection, _ along: Int, _ across: Int) -> Bool {
        along >= 0 && along < direction.length(mask) && across >= 0 && across < direction.breadth(mask)
            && mask.isInk[direction.position(mask, along: along, across: across)]
    }

    /// The places across a line that are its own: all of the ink there where that is hardly thicker than the line,
    /// otherwise where the line must be.
    private func band(of form: FormLine, at along: Int) -> ClosedRange<Int> {
        let middle = form.line.across(at: along), first = Int((middle - Double(form.thickness - 1) / 2).rounded())
        var band = first...first + form.thickness - 1
        let most = form.thickness + max(1, form.thickness / 2)
        for across in band where isInk(form.direction, along, across) {
            var low = across, high = across
            while high - low < most, isInk(form.direction, along, low - 1) { low -= 1 }
            while high - low < most, isInk(form.direction, along, high + 1) { high += 1 }
            if high - low < most { band = min(band.lowerBound, low)...max(band.upperBound, high) }
        }
        return band
    }

    /// Whether a stroke goes through the line here: it has ink on both sides, in one direction.
    private func isCrossed(_ form: FormLine, at along: Int, _ across: Int, _ band: ClosedRange<Int>) -> Bool {
        let above = Double(across - band.lowerBound + 1), below = Double(band.upperBound + 1 - across)
        return Self.slants.contains { slant in
            isInk(form.direction, along + Int((slant * above).rounded()), band.lowerBound - 1)
                && isInk(form.direction, along - Int((slant * below).rounded()), band.upperBound + 1)
        }
    }
}
