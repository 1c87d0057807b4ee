// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Draws a pen's way as ink with smooth edges.
struct InkRenderer {
    /// How much ink there is at each pixel, 0…1.
    private(set) var ink: [Float]
    let width: Int
    let height: Int

    init(width: Int, height: Int) {
        self.width = width
        self.height = height
        ink = Array(repeating: 0, count: width * height)
    }

    /// A stroke between two points: as dark as stated inside, fading over one pixel at its edge.
    ///
    /// - Parameters:
    ///   - radius: Half the stroke's width, in pixels, as the points are (y downwards).
    mutating func draw(from first: SIMD2<Float>, to second: SIMD2<Float>, radius: Float, darkness: Float) {
        let reach = radius + 0.5
        let low = pointwiseMin(first, second) - reach, high = pointwiseMax(first, second) + reach
        let columns = clamped(low.x, high.x, width), rows = clamped(low.y, high.y, height)
        let along = second - first, squared = (along * along).sum()
        let inverse = squared > 0 ? 1 / squared : 0
        // Strokes thinner than a pixel cover it in part.
        let most = darkness * min(2 * radius, 1)
        for y in rows {
            let dy = Float(y) - first.y
            for x in columns {
                let dx = Float(x) - first.x
                let share = min(max((dx * along.x + dy * along.y) * inverse, 0), 1)
                let offX = dx - share * along.x, offY = dy - share * along.y
                let distance = (offX * offX + offY * offY).squareRoot()
                let covered = most * min(max(reach - distance, 0), 1)
                let position = y * width + x
                if covered > ink[position] { ink[position] = covered }
            }
        }
    }

    /// The whole pixels between two places, of those there are.
    private func clamped(_ low: Float, _ high: Float, _ count: Int) -> Range<Int> {
        let first = Int(min(max(low.rounded(.up), 0), Float(count)))
        let last = Int(min(max(high.rounded(.down) + 1, 0), Float(count)))
        return first..<max(first, last)
    }
}
