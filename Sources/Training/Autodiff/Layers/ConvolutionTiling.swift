// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// Places of a convolution's output that are computed by one matrix product: whole images, or rows of one.
struct ConvolutionTile {
    let firstImage: Int
    let images: Int
    /// All rows, where there are several images.
    let rows: Range<Int>
    let positions: Int
}

/// How the output of a convolution is cut into tiles.
///
/// A product needs some hundred columns to be fast, and its matrix of windows should stay in the cache: small images
/// are taken together, and large ones in strips.
struct ConvolutionTiling {
    /// The floats of the matrix of windows that tiles are cut for.
    private static let target = 512 * 1024
    /// The columns that more of would not make a product faster.
    private static let enough = 1024

    let imagesPerTile: Int
    /// Of strips of one image.
    let rowsPerTile: Int
    private let height: Int
    private let width: Int

    init(_ shape: ConvolutionShape) {
        height = shape.outputHeight
        width = shape.outputWidth
        let columns = max(1, min(Self.target / shape.depth, Self.enough))
        imagesPerTile = min(shape.batch, max(1, columns / shape.outputArea))
        let most = max(1, columns / width)
        let strips = (height + most - 1) / most
        rowsPerTile = (height + strips - 1) / strips
    }

    /// The most places of a tile.
    var positions: Int { (rowsPerTile < height ? rowsPerTile : imagesPerTile * height) * width }

    /// Calls the body with the tiles of a range of rows, counted over all images.
    func forEachTile(_ rows: Range<Int>, _ body: (ConvolutionTile) -> Void) {
        var row = rows.lowerBound
        while row < rows.upperBound {
            let image = row / height, first = row % height, left = rows.upperBound - row
            if first == 0, left >= height, rowsPerTile >= height {
                let images = min(imagesPerTile, left / height)
                body(
                    ConvolutionTile(
                        firstImage: image, images: images, rows: 0..<height, positions: images * height * width))
                row += images * height
            } else {
                let count = min(rowsPerTile, height - first, left)
                body(
                    ConvolutionTile(firstImage: image, images: 1, rows: first..<first + count, positions: count * width)
                )
                row += count
            }
        }
    }
}
