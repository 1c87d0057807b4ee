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
    ///   - scratch: ``scratchCount`` floats, of this part alone.
    ///   - part: of the images or of the tiles of each.
    package func run(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue, part: WorkPart = .whole
    ) {
        let byImages = shape.batch.isMultiple(of: part.count)
        let tiles = part.range(of: filter.tiles(shape).count, if: !byImages)
        for image in part.range(of: shape.batch, if: byImages) {
            var first = tiles.lowerBound
            while first < tiles.upperBound {
                let batch = batch(first..<min(first + tilesPerBatch, tiles.upperBound), of: image, scratch: scratch)
                transformInput(batch, input: input, part: .whole, space: batch.space)
                multiply(
                    batch, weights: weights, output: output, epilogue: epilogue, part: .whole, space: batch.space)
                first = batch.tiles.upperBound
            }
        }
    }

    // MARK: - Parts by channels

    /// Whether parts differ in output channels, because the weights are more than what is transformed: all parts transform
    /// tiles together, then each multiplies by its own weights.
    package func dividesChannels(parts: Int) -> Bool {
        guard !shape.batch.isMultiple(of: parts), ChannelGroups(shape.outputChannels).count >= parts else {
            return false
        }
        let transformed = filter.products * tilesPerBatch * Self.blocks(shape.inputChannels) * BlockedShape.lanes
        return Self.weightsCount(shape, filter) > 2 * transformed
    }

    /// The phases of ``run(phase:input:weights:output:scratch:space:epilogue:part:)``.
    package var phases: Int { 2 * shape.batch * batchesPerImage }

    private var batchesPerImage: Int { (filter.tiles(shape).count + tilesPerBatch - 1) / tilesPerBatch }

    /// One phase of one part; all parts of a phase end before the next begins.
    ///
    /// - Parameters:
    ///   - scratch: ``scratchCount`` floats, the same for all parts.
    ///   - space: ``ConvolutionVectors/transformScratchCount`` floats of this part alone; nil takes the end of `scratch`.
    package func run(
        phase: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, space: UnsafeMutablePointer<Float>?, epilogue: BlockEpilogue,
        part: WorkPart
    ) {
        let number = phase / 2, first = number % batchesPerImage * tilesPerBatch
        let batch = batch(
            first..<min(first + tilesPerBatch, filter.tiles(shape).count), of: number / batchesPerImage,
            scratch: scratch)
        if phase.isMultiple(of: 2) {
            transformInput(batch, input: input, part: part, space: space ?? batch.space)
        } else {
            multiply(
                batch, weights: weights, output: output, epilogue: epilogue, part: part, space: space ?? batch.space)
        }
    }

    // MARK: - Batches of tiles

    /// Some tiles of an image, and where they are transformed.
    private struct Batch {
        let image: Int
        let tiles: Range<Int>
        let transformed: UnsafeMutablePointer<Float>
        let products: UnsafeMutablePointer<Float>
        let space: UnsafeMutablePointer<Float>
    }

    private func batch(_ tiles: Range<Int>, of image: Int, scratch: UnsafeMutablePointer<Float>) -> Batch {
        let products = scratch + filter.products * productStride(shape.inputChannels)
        return Batch(
            image: image, tiles: tiles, transformed: scratch, products: products,
            space: products + filter.products * productStride(shape.outputChannels))
    }

    private func description(_ batch: Batch, height: Int, width: Int, productStride: Int) -> WinogradTiles {
        WinogradTiles(
            height: height, width: width, marginTop: shape.window.padTop, marginLeft: shape.window.padLeft,
            columns: filter.tiles(shape).columns, first: batch.tiles.lowerBound, count: batch.tiles.count,
            productStride: productStride)
    }

    /// - Parameter part: of the blocks of input channels.
    private func transformInput(
        _ batch: Batch, input: UnsafePointer<Float>, part: WorkPart, space: UnsafeMutablePointer<Float>
    ) {
        let blocks = Self.blocks(shape.inputChannels), lanes = BlockedShape.lanes
        let incoming = description(
            batch, height: shape.inputHeight, width: shape.inputWidth,
            productStride: productStride(shape.inputChannels))
        for block in part.range(of: blocks) {
            vectors.transformInput(
                filter, incoming, image: input + (batch.image * blocks + block) * shape.inputArea * lanes,
                products: batch.transformed + block * batch.tiles.count * lanes, scratch: space)
        }
    }

    /// - Parameter part: of the groups of output channels.
    private func multiply(
        _ batch: Batch, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue,
        part: WorkPart, space: UnsafeMutablePointer<Float>
    ) {
        let lanes = BlockedShape.lanes, count = batch.tiles.count, inputBlocks = Self.blocks(shape.inputChannels)
        let inputStride = productStride(shape.inputChannels), outputStride = productStride(shape.outputChannels)
        let perProduct = Self.weightsCount(shape, filter) / filter.products
        let groups = ChannelGroups(shape.outputChannels, part: part)
        for product in 0..<filter.products {
            for group in groups {
                vectors.run(
                    TiledProduct(
                        input: batch.transformed + product * inputStride,
                        weights: weights + product * perProduct + group.channel * inputBlocks * lanes,
                        output: batch.products + product * outputStride + group.block * count * lanes,
                        reduction: TiledProduct.Reduction(
                            blocks: .init(count: inputBlocks, input: count * lanes, weights: lanes * group.lanes),
                            rows: .once, columns: .once, depth: .init(count: lanes, input: 1, weights: group.lanes)),
                        rows: .init(count: 1, input: 0, output: 0),
                        pixels: .init(count: count, input: lanes, output: lanes),
                        isPair: group.isPair, blockWeights: lanes, blockOutput: count * lanes,
                        epilogue: BlockEpilogue()))
            }
        }
        let outgoing = description(
            batch, height: shape.outputHeight, width: shape.outputWidth, productStride: outputStride)
        for block in groups.allBlocks {
            let offset = batch.image * self.output.imageCount + block * shape.outputArea * lanes
            vectors.transformOutput(
                filter, outgoing, products: batch.products + block * count * lanes, image: output + offset,
                epilogue: epilogue.advanced(channels: block * lanes, values: offset), scratch: space)
        }
    }
}
