// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Printed lines on a picture, for tests.
struct FormDrawing {
    var picture: RGBImage
    /// The grey level of the print.
    var level: UInt8 = 30

    init(on picture: RGBImage) { self.picture = picture }

    /// A sheet of white paper.
    init(width: Int, height: Int) {
        picture = RGBImage(width: width, height: height, repeating: RGB(red: 255, green: 255, blue: 255))
    }

    /// A line with smooth edges; with `period`, only the first part of each period is drawn.
    mutating func line(
        _ from: (Double, Double), _ to: (Double, Double), width: Double, period: Double? = nil, drawn: Double = 0
    ) {
        let dx = to.0 - from.0, dy = to.1 - from.1, length = (dx * dx + dy * dy).squareRoot()
        let reach = width + 2
        func span(_ a: Double, _ b: Double, below limit: Int) -> Range<Int> {
            let first = min(limit, max(0, Int(min(a, b) - reach)))
            return first..<max(first, min(limit, Int(max(a, b) + reach) + 1))
        }
        for y in span(from.1, to.1, below: picture.height) {
            for x in span(from.0, to.0, below: picture.width) {
                let px = Double(x) + 0.5 - from.0, py = Double(y) + 0.5 - from.1
                let along = (px * dx + py * dy) / length, across = abs(px * dy - py * dx) / length
                guard along >= 0, along <= length else { continue }
                if let period, along.truncatingRemainder(dividingBy: period) > drawn { continue }
                let share = min(max(width / 2 + 0.5 - across, 0), 1), old = Double(picture[x, y].red)
                let new = UInt8(old - share * max(0, old - Double(level)))
                picture[x, y] = RGB(red: new, green: new, blue: new)
            }
        }
    }

    /// A box, turned a little about its top left corner.
    mutating func box(left: Double, top: Double, right: Double, bottom: Double, width: Double, turn: Double = 0) {
        func corner(_ x: Double, _ y: Double) -> (Double, Double) { (x - turn * (y - top), y + turn * (x - left)) }
        let corners = [corner(left, top), corner(right, top), corner(right, bottom), corner(left, bottom)]
        for index in 0..<4 { line(corners[index], corners[(index + 1) % 4], width: width) }
    }

    /// Another picture's ink on this one.
    mutating func paste(_ other: RGBImage, x: Int, y: Int) {
        for row in 0..<other.height where row + y < picture.height {
            for column in 0..<other.width where column + x < picture.width {
                let level = min(other[column, row].red, picture[column + x, row + y].red)
                picture[column + x, row + y] = RGB(red: level, green: level, blue: level)
            }
        }
    }
}
