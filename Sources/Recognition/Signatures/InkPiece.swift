// SPDX-License-Identifier: Apache-2.0

/// A connected piece of ink that lies in a part of a picture.
struct InkPiece {
    /// Its pixels in the mask.
    let positions: [Int]
    let box: PixelBox

    /// Whether it has the shape of the letter X: ink along both diagonals of its box and none at the middle of any
    /// side.
    func isCross(in mask: InkMask) -> Bool {
        guard box.width >= 8, box.height >= 8, box.width <= 2 * box.height, box.height <= 2 * box.width else {
            return false
        }
        let own = Set(positions)
        /// Whether there is ink near a place that is given by shares of the box.
        func isInk(_ x: Double, _ y: Double) -> Bool {
            let reach = max(1, min(box.width, box.height) / 8)
            let column = box.left + Int(x * Double(box.width - 1)), row = box.top + Int(y * Double(box.height - 1))
            for y in row - reach...row + reach where y >= 0 && y < mask.height {
                for x in max(0, column - reach)...min(mask.width - 1, column + reach)
                where own.contains(y * mask.width + x) { return true }
            }
            return false
        }
        let steps = stride(from: 0.1, through: 0.9, by: 0.1)
        guard steps.allSatisfy({ isInk($0, $0) && isInk(1 - $0, $0) }) else { return false }
        return ![(0.5, 0.08), (0.5, 0.92), (0.08, 0.5), (0.92, 0.5)].contains { isInk($0.0, $0.1) }
    }
}

extension InkMask {
    /// The connected pieces of ink that lie wholly within a part of the picture.
    func pieces(within part: PixelBox) -> [InkPiece] {
        let left = max(0, part.left), right = min(width - 1, part.right), top = max(0, part.top),
            bottom = min(height - 1, part.bottom)
        guard left <= right, top <= bottom else { return [] }
        let columns = right - left + 1
        var isSeen = Array(repeating: false, count: columns * (bottom - top + 1))
        var pieces: [InkPiece] = []
        for y in top...bottom {
            for x in left...right where isInk[y * width + x] && !isSeen[(y - top) * columns + x - left] {
                var positions: [Int] = [], open = [(x, y)], box = PixelBox(left: x, top: y, right: x, bottom: y),
                    leaves = false
                isSeen[(y - top) * columns + x - left] = true
                while let (x, y) = open.popLast() {
                    positions.append(y * width + x)
                    box.include(PixelBox(left: x, top: y, right: x, bottom: y))
                    for row in max(0, y - 1)...min(height - 1, y + 1) {
                        for column in max(0, x - 1)...min(width - 1, x + 1) where isInk[row * width + column] {
                            guard row >= top, row <= bottom, column >= left, column <= right else {
                                leaves = true
                                continue
                            }
                            let position = (row - top) * columns + column - left
                            if !isSeen[position] {
                                isSeen[position] = true
                                open.append((column, row))
                            }
                        }
                    }
                }
                if !leaves { pieces.append(InkPiece(positions: positions, box: box)) }
            }
        }
        return pieces
    }
}
