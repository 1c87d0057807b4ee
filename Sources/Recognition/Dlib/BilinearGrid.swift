// SPDX-License-Identifier: Apache-2.0

/// Where the pixels of a scaled image fall in the original: `resize_image` of dlib, to the last bit.
///
/// dlib computes most columns four at a time in single precision and the last few in double precision, and
/// sums positions up instead of multiplying. Colours are then rounded down, so that a last bit can decide
/// about a level; this repeats it all.
struct BilinearGrid {
    struct Column {
        let left: Int
        let right: Int
        /// The weight of the right pixel, in double precision (meant for single precision in the vector part).
        let fraction: Double
    }

    struct Row {
        let top: Int
        let bottom: Int
        /// The weight of the bottom pixel.
        let fraction: Double
    }

    let columns: [Column]
    /// How many of the columns dlib computes in single precision.
    let singlePrecisionColumns: Int
    let rows: [Row]

    /// All sizes are at least 1.
    init(fromWidth: Int, fromHeight: Int, toWidth: Int, toHeight: Int) {
        let stepX = Double(fromWidth - 1) / Double(max(toWidth - 1, 1))
        let stepY = Double(fromHeight - 1) / Double(max(toHeight - 1, 1))

        var rows: [Row] = []
        rows.reserveCapacity(toHeight)
        var y = -stepY
        for _ in 0..<toHeight {
            y += stepY
            let top = min(max(Int(y.rounded(.down)), 0), fromHeight - 1)
            rows.append(Row(top: top, bottom: min(top + 1, fromHeight - 1), fraction: y - Double(top)))
        }

        var columns: [Column] = []
        columns.reserveCapacity(toWidth)
        let start = -4 * stepX
        var lanes = SIMD4<Float>(
            Float(start), Float(start + stepX), Float(start + 2 * stepX), Float(start + 3 * stepX))
        while columns.count + 4 <= toWidth {
            lanes += Float(4 * stepX)
            let left = lanes.rounded(.towardZero)
            guard left.w >= 0, left.w < Float(fromWidth - 1) else { break }
            for lane in 0..<4 {
                // Rounding may leave the first position a hair below 0.
                let index = max(Int(left[lane]), 0)
                columns.append(Column(left: index, right: index + 1, fraction: Double(lanes[lane] - Float(index))))
            }
        }
        singlePrecisionColumns = columns.count
        var x = -stepX + Double(columns.count) * stepX
        while columns.count < toWidth {
            x += stepX
            let left = min(max(Int(x.rounded(.down)), 0), fromWidth - 1)
            columns.append(Column(left: left, right: min(left + 1, fromWidth - 1), fraction: x - Double(left)))
        }
        self.columns = columns
        self.rows = rows
    }
}
