// SPDX-License-Identifier: Apache-2.0

import Kernels
import VectorMath

/// A convolution of stride 1 by Winograd's method: 36 or 16 matrix products on transformed tiles of the image.
package struct WinogradConvolution: Sendable {
    package let shape: ConvolutionShape
    package let filter: WinogradFilter
    private let vectors: ConvolutionVectors
    private let tilesPerBatch: Int

    /// The floats of transformed tiles that a core's second-level cache holds beside weights.
    private static let cacheCount = 175 * 1024

    /// Whether the filter is for such a convolution.
    package static func supports(_ shape: ConvolutionShape, _ filter: WinogradFilter) -> Bool {
        let window = shape.window, kernel = filter.kernel
        return shape.groups == 1 && window.kernelHeight == kernel && window.kernelWidth == kernel
            && window.strideHeight == 1 && window.strideWidth == 1 && window.dilationHeight == 1
            && window.dilationWidth == 1
    }

    /// - Precondition: the filter supports the shape.
    package init(
        _ shape: ConvolutionShape, _ filter: WinogradFilter, vectors: ConvolutionVectors = ConvolutionVectors()
    ) {
        self.shape = shape
        self.filter = filter
        self.vectors = vectors
        tilesPerBatch = Self.tilesPerBatch(shape, filter)
    }

    /// Weights are read anew for each batch of tiles, and transformed tiles that do not fit the cache are written out
    /// and read again: the number of batches for which both together are least.
    private static func tilesPerBatch(_ shape: ConvolutionShape, _ filter: WinogradFilter) -> Int {
        let tiles = filter.tiles(shape).count
        let perTile =
            filter.products * BlockedShape.lanes * (blocks(shape.inputChannels) + blocks(shape.outputChannels))
        let weights = weightsCount(shape, filter)
        var best = (cost: Int.max, tiles: tiles)
        for batches in 1...max(1, min(tiles, 64)) {
            let own = (tiles + batches - 1) / batches
            let cost = batches * weights + 2 * batches * max(0, own * perTile - cacheCount)
            if cost < best.cost { best = (cost, own) }
        }
        return best.tiles
    }

    private static func blocks(_ channels: Int) -> Int { BlockedShape.blocks(channels) }

    package var output: BlockedShape {
        BlockedShape(
            batch: shape.batch, channels: shape.outputChannels, height: shape.outputHeight, width: shape.outputWidth)
    }

    /// From a product of a tile to the next. Not a multiple of 4 KiB, or all would share one set of the cache.
    private func productStride(_ channels: Int) -> Int {
        Self.blocks(channels) * tilesPerBatch * BlockedShape.lanes + BlockedShape.lanes
    }

    package var scratchCount: Int {
        filter.products * (productStride(shape.inputChannels) + productStride(shape.outputChannels))
            + ConvolutionVectors.transformScratchCount
    }

    package static func weightsCount(_ shape: ConvolutionShape, _ filter: WinogradFilter) -> Int {
        filter.products * blocks(shape.inputChannels) * blocks(shape.outputChannels) * BlockedShape.lanes
            * BlockedShape.lanes
    }

    /// To [products][pairs of output blocks][input channels][channels of the pair], transformed in double precision.
    package static func prepareWeights(
        _ shape: ConvolutionShape, _ filter: WinogradFilter, weights: ConvolutionWeights,
        into prepared: UnsafeMutablePointer<Float>
    ) {
        let kernel = filter.kernel, size = filter.size
        let inputs = blocks(shape.inputChannels) * BlockedShape.lanes
        let perProduct = weightsCount(shape, filter) / filter.products
        prepared.update(repeating: 0, count: weightsCount(shape, filter))
        withUnsafeTemporaryAllocation(of: Double.self, capacity: size * kernel * 2) { space in
            guard let matrix = space.baseAddress else { return }
            let half = matrix + size * kernel
            for (row, line) in filter.weightsTransform.enumerated() {
                for (column, value) in line.enumerated() { matrix[row * kernel + column] = value }
            }
            for group in ChannelGroups(shape.outputChannels) {
                for lane in 0..<min(group.lanes, shape.outputChannels - group.channel) {
                    for channel in 0..<shape.inputChannels {
                        let target = prepared + (group.channel * inputs + channel * group.lanes + lane)
                        for row in 0..<size {
                            for column in 0..<kernel {
                                var sum = 0.0
                                for step in 0..<kernel {
                                    let weight = weights[group.channel + lane, channel, step * kernel + column]
                                    sum += matrix[row * kernel + step] * Double(weight)
                                }
                                half[row * kernel + column] = sum
                            }
                        }
                        for row in 0..<size {
                            for column in 0..<size {
                                var sum = 0.0
                                for step in 0..<kernel {
                                    sum += half[row * kernel + step] * matrix[column * kernel + step]
                                }
                                target[(row * size + column) * perProduct] = Float(sum)
                            }
                        }
                    }
                }
            }
        }
    }

    /// - Parameters:
    ///   - input: in blocks.
    ///   - weights: as ``prepareWeights(_:_:weights:into:)`` makes them.
    ///   - scratch: ``scratchCount`` floats.
    package func run(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue
    ) {
        let inputCount = Self.blocks(shape.inputChannels) * BlockedShape.lanes * shape.inputArea
        let outputCount = self.output.imageCount, tiles = filter.tiles(shape).count
        for image in 0..<shape.batch {
            let own = epilogue.advanced(channels: 0, values: image * outputCount)
            var first = 0
            while first < tiles {
                let count = min(tilesPerBatch, tiles - first)
                run(
                    first..<first + count, input: input + image * inputCount, weights: weights,
                    output: output + image * outputCount, scratch: scratch, epilogue: own)
                first += count
            }
        }
    }

    private func run(
        _ tiles: Range<Int>, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue
    ) {
        let lanes = BlockedShape.lanes, count = tiles.count, columns = filter.tiles(shape).columns
        let inputBlocks = Self.blocks(shape.inputChannels), outputBlocks = Self.blocks(shape.outputChannels)
        let inputStride = productStride(shape.inputChannels), outputStride = productStride(shape.outputChannels)
        let transformed = scratch, products = scratch + filter.products * inputStride
        let space = products + filter.products * outputStride
        func description(height: Int, width: Int, productStride: Int) -> WinogradTiles {
            WinogradTiles(
                height: height, width: width, marginTop: shape.window.padTop, marginLeft: shape.window.padLeft,
                columns: columns, first: tiles.lowerBound, count: count, productStride: productStride)
        }

        let incoming = description(height: shape.inputHeight, width: shape.inputWidth, productStride: inputStride)
        for block in 0..<inputBlocks {
            vectors.transformInput(
                filter, incoming, image: input + block * shape.inputArea * lanes,
                products: transformed + block * count * lanes, scratch: space)
        }
        let perProduct = Self.weightsCount(shape, filter) / filter.products
        for product in 0..<filter.products {
            for group in ChannelGroups(shape.outputChannels) {
                vectors.run(
                    TiledProduct(
                        input: transformed + product * inputStride,
                        weights: weights + product * perProduct + group.channel * inputBlocks * lanes,
                        output: products + product * outputStride + group.block * count * lanes,
                        reduction: TiledProduct.Reduction(
                            blocks: .init(count: inputBlocks, input: count * lanes, weights: lanes * group.lanes),
                            rows: .once, columns: .once, depth: .init(count: lanes, input: 1, weights: group.lanes)),
                        rows: .init(count: 1, input: 0, output: 0),
                        pixels: .init(count: count, input: lanes, output: lanes),
                        isPair: group.isPair, blockWeights: lanes, blockOutput: count * lanes,
                        epilogue: BlockEpilogue()))
            }
        }
        let outgoing = description(height: shape.outputHeight, width: shape.outputWidth, productStride: outputStride)
        for block in 0..<outputBlocks {
            let offset = block * shape.outputArea * lanes
            vectors.transformOutput(
                filter, outgoing, products: products + block * count * lanes, image: output + offset,
                epilogue: epilogue.advanced(channels: block * lanes, values: offset), scratch: space)
        }
    }
}

extension WinogradFilter {
    /// The rows and columns of the window.
    package var kernel: Int { self == .twoFive ? 5 : 3 }
    /// The outputs of a tile along one axis.
    package var outputs: Int { self == .fourThree ? 4 : 2 }
    package var size: Int { outputs + kernel - 1 }
    package var products: Int { size * size }

    package func tiles(_ shape: ConvolutionShape) -> (rows: Int, columns: Int, count: Int) {
        let rows = (shape.outputHeight + outputs - 1) / outputs, columns = (shape.outputWidth + outputs - 1) / outputs
        return (rows, columns, rows * columns)
    }

    /// Lagrange's interpolation at the filter's points: a row for each, then one for infinity.
    var weightsTransform: [[Double]] {
        let outer = 2.0.squareRoot(), inner = 0.5.squareRoot()
        let points = self == .twoThree ? [0, 1, -1] : [0, outer, -outer, inner, -inner]
        var rows = points.map { point in
            let norm = points.filter { $0 != point }.reduce(1) { $0 * (point - $1) }
            var power = 1.0
            return (0..<kernel).map { _ in
                defer { power *= point }
                return power / norm
            }
        }
        rows.append((0..<kernel).map { $0 == kernel - 1 ? 1 : 0 })
        return rows
    }
}
