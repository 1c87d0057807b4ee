// SPDX-License-Identifier: Apache-2.0

import Imaging

/// Regions of one size that cover a picture and overlap.
package struct PictureTiles: Sendable, Hashable {
    package let regions: [PixelRegion]

    /// - Parameters:
    ///   - width, height: of the picture, at least 1.
    ///   - side: of a tile, in pixels; tiles are as large as the picture where that is smaller.
    ///   - overlap: how far neighbours overlap at least, in pixels; less than `side`.
    package init(width: Int, height: Int, side: Double, overlap: Double) {
        let columns = Self.starts(length: width, side: side, overlap: overlap)
        let rows = Self.starts(length: height, side: side, overlap: overlap)
        regions = rows.starts.flatMap { y in
            columns.starts.map { x in PixelRegion(left: x, top: y, width: columns.side, height: rows.side) }
        }
    }

    /// Where tiles begin, evenly spread so that the last ends with the picture.
    private static func starts(length: Int, side: Double, overlap: Double) -> (starts: [Int], side: Int) {
        let side = max(1, min(length, Int(side.rounded(.up))))
        guard side < length else { return ([0], length) }
        let step = max(1, Double(side) - overlap)
        let count = Int((Double(length - side) / step).rounded(.up)) + 1
        return ((0..<count).map { ($0 * (length - side) + (count - 1) / 2) / (count - 1) }, side)
    }
}
