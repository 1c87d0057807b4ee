import Imaging

/// Which pixels of a picture are ink.
struct InkMask {
    let width: Int
    let height: Int
    /// `width * height` values, row by row.
    var isInk: [Bool]

    init(width: Int, height: Int, isInk: [Bool]) {
        self.width = width
        self.height = height
        self.isInk = isInk
    }

    init(of darkness: GrayImage, above level: UInt8) {
        self.init(width: darkness.width, height: darkness.height, isInk: darkness.pixels.map { $0 > level })
    }

    /// How many pixels are ink.
    var count: Int { isInk.reduce(0) { $0 + ($1 ? 1 : 0) } }

    /// 255 for ink, 0 for paper.
    var image: GrayImage { GrayImage(width: width, height: height, pixels: isInk.map { $0 ? 255 : 0 }) }

    /// Ink and the eight neighbours of each of its pixels.
    func grown() -> InkMask {
        var wide = isInk, grown = isInk
        for y in 0..<height {
            for place in y * width..<(y + 1) * width where isInk[place] {
                if place > y * width { wide[place - 1] = true }
                if place + 1 < (y + 1) * width { wide[place + 1] = true }
            }
        }
        for place in wide.indices where wide[place] {
            grown[place] = true
            if place >= width { grown[place - width] = true }
            if place + width < grown.count { grown[place + width] = true }
        }
        return InkMask(width: width, height: height, isInk: grown)
    }

    /// Ink and whatever lies within a square of so many pixels on each side of it.
    func grown(by reach: Int) -> InkMask {
        var wide = Array(repeating: false, count: isInk.count), grown = wide
        for y in 0..<height {
            // How far the ink lies back; first from the left, then from the right.
            var distance = reach
            for place in y * width..<(y + 1) * width {
                distance = isInk[place] ? 0 : distance + 1
                if distance <= reach { wide[place] = true }
            }
            distance = reach
            for place in (y * width..<(y + 1) * width).reversed() {
                distance = isInk[place] ? 0 : distance + 1
                if distance <= reach { wide[place] = true }
            }
        }
        // The same by columns, row by row as they lie in memory.
        for isUpwards in [false, true] {
            var distances = Array(repeating: reach, count: width)
            for step in 0..<height {
                let start = (isUpwards ? height - 1 - step : step) * width
                for x in 0..<width {
                    distances[x] = wide[start + x] ? 0 : distances[x] + 1
                    if distances[x] <= reach { grown[start + x] = true }
                }
            }
        }
        return InkMask(width: width, height: height, isInk: grown)
    }
}
