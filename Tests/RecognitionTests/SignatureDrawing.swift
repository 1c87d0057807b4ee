// SPDX-License-Identifier: Apache-2.0

import Foundation
import Imaging
import ProgramHarness

/// A made-up signature: a chain of loops, a dot and an underline, drawn on paper of any kind.
struct SignatureDrawing {
    /// Pixels of the drawing for each unit of length.
    var scale = 1.0
    /// The width of the stroke, and where the signature begins, in units.
    var stroke = 4.0
    var left = 40.0
    var top = 30.0
    /// The size of the paper in units.
    var width = 340.0
    var height = 170.0

    /// How much of each pixel is ink, 0 to 1.
    func coverage() -> Image<Double> {
        let columns = Int(width * scale), rows = Int(height * scale)
        var ink = Image(width: columns, height: rows, repeating: 0.0)
        let radius = stroke / 2 * scale
        for point in Self.points {
            let x = (left + point.x) * scale, y = (top + point.y) * scale
            for row in max(0, Int(y - radius - 1))...max(0, min(rows - 1, Int(y + radius + 1))) {
                for column in max(0, Int(x - radius - 1))...max(0, min(columns - 1, Int(x + radius + 1))) {
                    let across = Double(column) + 0.5 - x, down = Double(row) + 0.5 - y
                    let distance = (across * across + down * down).squareRoot()
                    ink[column, row] = max(ink[column, row], min(max(radius + 0.5 - distance, 0), 1))
                }
            }
        }
        return ink
    }

    /// The drawing on paper: `light` is the paper's level, `pen` what the ink leaves of it, both by place from 0 to 1.
    func picture(
        paper: RGB = RGB(red: 255, green: 255, blue: 255), pen: Double = 0.1, noise: Double = 0,
        light: (_ x: Double, _ y: Double) -> Double = { _, _ in 1 }
    ) -> RGBImage {
        let ink = coverage()
        var generator = SeededGenerator(seed: 7)
        let pixels = ink.pixels.enumerated().map { index, share in
            let x = Double(index % ink.width) / Double(ink.width), y = Double(index / ink.width) / Double(ink.height)
            // The sum of four is near enough to normal.
            var grain = 0.0
            if noise > 0 { for _ in 0..<4 { grain += 0.87 * noise * Double.random(in: -1...1, using: &generator) } }
            let factor = light(x, y) * (1 - share * (1 - pen))
            func level(_ paper: UInt8) -> UInt8 { UInt8(min(max(Double(paper) * factor + grain, 0), 255)) }
            return RGB(red: level(paper.red), green: level(paper.green), blue: level(paper.blue))
        }
        return RGBImage(width: ink.width, height: ink.height, pixels: pixels)
    }

    private static let points: [(x: Double, y: Double)] = {
        let loops: [(x: Double, y: Double)] = (0...1300).map { step in
            let t = Double(step) / 50
            let shrinking = 1 - t / 60
            let x = 20 + t * 8 + 22 * sin(t * 1.9)
            let y = 50 + 30 * cos(t * 1.9 + 0.4) * shrinking - t * 0.6
            return (x, y)
        }
        let underline: [(x: Double, y: Double)] = (0...333).map { step in
            let t = Double(step) / 333
            return (30 + 200 * t, 104 - 14 * t + 6 * sin(t * 5))
        }
        return loops + underline + [(x: 245, y: 12)]
    }()
}
