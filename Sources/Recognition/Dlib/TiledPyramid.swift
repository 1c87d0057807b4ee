// SPDX-License-Identifier: Apache-2.0

import Imaging

/// An image at many scales in one plane, each 5/6 of the one before, so that a network with one window size
/// finds faces of every size in one run: dlib's `create_tiled_pyramid` with `pyramid_down<6>`.
package struct TiledPyramid: Equatable {
    /// The plane's size in pixels.
    package let width: Int
    package let height: Int
    /// Where every level lies in the plane; the first holds the image itself.
    package let levels: [DlibRectangle]

    /// From one level to the next.
    static let rate = 5.0 / 6.0
    /// No level is lower than this.
    private static let minimumHeight = 5

    /// - Parameters: the image's size, at least 1×1, the pixels between levels and those around the plane.
    package init(imageWidth: Int, imageHeight: Int, padding: Int, outerPadding: Int) {
        var rectangles = [DlibRectangle(width: imageWidth, height: imageHeight)]
        var size = (width: imageWidth, height: imageHeight)
        while true {
            size.width = Int((Self.rate * Double(size.width)).rounded(.down))
            size.height = Int((Self.rate * Double(size.height)).rounded(.down))
            guard size.width > 0, size.height >= Self.minimumHeight else { break }
            rectangles.append(DlibRectangle(width: size.width, height: size.height))
        }

        let columnHeight = Self.firstColumnHeight(rectangles, padding: padding)
        width = imageWidth + 2 * outerPadding
        height = columnHeight + 2 * outerPadding

        // Down the left side …
        var placed: [DlibRectangle] = []
        var y = outerPadding
        for rectangle in rectangles {
            guard y < columnHeight + outerPadding else { break }
            placed.append(rectangle.moved(x: outerPadding, y: y))
            y += rectangle.height + padding
        }
        y -= padding
        // … and back up the right side, until a level would touch the image itself.
        for rectangle in rectangles.dropFirst(placed.count) {
            let right = outerPadding + imageWidth - 1, bottom = y - 1
            let moved = rectangle.moved(x: right - rectangle.right, y: bottom - rectangle.bottom)
            guard placed[0].intersection(moved).isEmpty else { break }
            placed.append(moved)
            y -= rectangle.height + padding
        }
        levels = placed
    }

    /// How far the left column goes: until the next level fits beside it and half of what is left is placed.
    private static func firstColumnHeight(_ rectangles: [DlibRectangle], padding: Int) -> Int {
        let total = rectangles.reduce(0) { $0 + $1.height + padding } - 2 * padding
        let first = rectangles[0]
        var height = 0
        var previousWidth = 0
        for rectangle in rectangles {
            if rectangle.width <= first.width - previousWidth - padding,
                (height - first.height) * 2 >= total - first.height
            {
                break
            }
            height += rectangle.height + padding
            previousWidth = rectangle.width
        }
        return height - padding
    }

    /// Maps a box in the plane to the image: which level it lies in says how much larger it is there.
    package func imageBox(left: Double, top: Double, right: Double, bottom: Double) -> DlibRectangle? {
        guard let centerX = nearestPixel((left + right) / 2), let centerY = nearestPixel((top + bottom) / 2) else {
            return nil
        }
        let level = nearestLevel(x: centerX, y: centerY)
        let origin = levels[level]
        var corners =
            SIMD4(left, top, right, bottom)
            - SIMD4(Double(origin.left), Double(origin.top), Double(origin.left), Double(origin.top))
        for _ in 0..<level { corners = corners * (6.0 / 5.0) + 0.3 }
        return DlibRectangle(left: corners.x, top: corners.y, right: corners.z, bottom: corners.w)
    }

    private func nearestLevel(x: Int, y: Int) -> Int {
        var best = (index: 0, distance: Double.infinity)
        for (index, level) in levels.enumerated() {
            if level.contains(x: x, y: y) { return index }
            let dx = Double(min(max(x, level.left), level.right) - x)
            let dy = Double(min(max(y, level.top), level.bottom) - y)
            let distance = (dx * dx + dy * dy).squareRoot()
            if distance < best.distance { best = (index, distance) }
        }
        return best.index
    }
}

extension TiledPyramid {
    /// Paints the pyramid of `image` as the network sees it: three planes (red, green, blue) of
    /// `(value − mean) / divisor`, and 0 between the levels.
    ///
    /// - Parameters:
    ///   - image: an image of the size this pyramid was made for.
    ///   - planes: is resized to 3 · height · width values.
    package func paint(_ image: RGBImage, means: [Float], divisor: Float, into planes: inout [Float]) {
        let planeSize = width * height
        if planes.count == 3 * planeSize {
            for index in planes.indices { planes[index] = 0 }
        } else {
            planes = Array(repeating: 0, count: 3 * planeSize)
        }
        let first = levels[0]
        for row in 0..<image.height {
            var target = (first.top + row) * width + first.left
            for pixel in image.pixels[row * image.width..<(row + 1) * image.width] {
                planes[target] = (Float(pixel.red) - means[0]) / divisor
                planes[target + planeSize] = (Float(pixel.green) - means[1]) / divisor
                planes[target + 2 * planeSize] = (Float(pixel.blue) - means[2]) / divisor
                target += 1
            }
        }
        for (source, target) in zip(levels, levels.dropFirst()) {
            let grid = BilinearGrid(
                fromWidth: source.width, fromHeight: source.height, toWidth: target.width, toHeight: target.height)
            for plane in 0..<3 {
                shrink(from: source, to: target, grid: grid, planeStart: plane * planeSize, in: &planes)
            }
        }
    }

    private func shrink(
        from source: DlibRectangle, to target: DlibRectangle, grid: BilinearGrid, planeStart: Int,
        in planes: inout [Float]
    ) {
        let origin = planeStart + source.top * width + source.left
        for (rowIndex, row) in grid.rows.enumerated() {
            let top = origin + row.top * width, bottom = origin + row.bottom * width
            let output = planeStart + (target.top + rowIndex) * width + target.left
            let lower = Float(row.fraction), upper = Float(1 - row.fraction)
            for (index, column) in grid.columns.enumerated() {
                let topLeft = planes[top + column.left], topRight = planes[top + column.right]
                let bottomLeft = planes[bottom + column.left], bottomRight = planes[bottom + column.right]
                let right = Float(column.fraction), left = 1 - right
                if index < grid.singlePrecisionColumns {
                    planes[output + index] =
                        upper * left * topLeft + upper * right * topRight
                        + lower * left * bottomLeft + lower * right * bottomRight
                } else {
                    let upperValue = (1 - row.fraction) * Double(left * topLeft + right * topRight)
                    planes[output + index] = Float(
                        upperValue + row.fraction * Double(left * bottomLeft + right * bottomRight))
                }
            }
        }
    }
}
