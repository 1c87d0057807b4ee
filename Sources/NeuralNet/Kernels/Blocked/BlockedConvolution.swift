// SPDX-License-Identifier: Apache-2.0

import Kernels
import VectorMath

/// A convolution of one group, directly, into blocks of channels.
///
/// The input is cut into strips of rows that stay in a core's second-level cache; a strip with a margin is copied with
/// zeros around it, so that every window lies inside. Sums stay in registers over all input channels.
package struct BlockedConvolution: Sendable {
    /// How the input lies.
    package enum Source: Sendable, Hashable {
        /// [batch, channels, height, width], for the few channels of a picture.
        case planes
        case blocks
    }

    /// The floats of a strip of the input: a quarter of a megabyte.
    private static let stripCount = 64 * 1024

    package let shape: ConvolutionShape
    package let source: Source
    private let vectors: ConvolutionVectors
    private let rowsPerStrip: Int
    /// Whether strips are copied.
    private let hasMargin: Bool
    /// The width of a copied strip.
    private let paddedWidth: Int

    /// - Precondition: the shape has one group.
    package init(_ shape: ConvolutionShape, source: Source, vectors: ConvolutionVectors = ConvolutionVectors()) {
        self.shape = shape
        self.source = source
        self.vectors = vectors
        let window = shape.window
        let reach = (shape.outputWidth - 1) * window.strideWidth + (window.kernelWidth - 1) * window.dilationWidth + 1
        hasMargin = window.padLeft > 0 || reach > shape.inputWidth
        paddedWidth = hasMargin ? reach : shape.inputWidth
        let perRow = max(1, Self.unit(source) * Self.units(shape, source) * paddedWidth)
        let inputRows = max(1, Self.stripCount / perRow)
        let kernelReach = (window.kernelHeight - 1) * window.dilationHeight
        rowsPerStrip = min(shape.outputHeight, max(1, (inputRows - kernelReach) / window.strideHeight))
    }

    package var output: BlockedShape {
        BlockedShape(
            batch: shape.batch, channels: shape.outputChannels, height: shape.outputHeight, width: shape.outputWidth)
    }

    /// The channels that lie side by side.
    private static func unit(_ source: Source) -> Int { source == .planes ? 1 : BlockedShape.lanes }

    /// How many such there are, one after the other.
    private static func units(_ shape: ConvolutionShape, _ source: Source) -> Int {
        source == .planes ? shape.inputChannels : BlockedShape.blocks(shape.inputChannels)
    }

    /// The input rows that a strip reads at most.
    private var stripRows: Int {
        min(
            shape.inputHeight,
            (rowsPerStrip - 1) * shape.window.strideHeight
                + (shape.window.kernelHeight - 1) * shape.window.dilationHeight + 1)
    }

    package var scratchCount: Int {
        hasMargin ? Self.units(shape, source) * Self.unit(source) * stripRows * paddedWidth : 0
    }

    // MARK: - Weights

    /// The products that an output is the sum of, with those of channels that fill up the last block.
    private static func depth(_ shape: ConvolutionShape, _ source: Source) -> Int {
        units(shape, source) * unit(source) * shape.window.kernelHeight * shape.window.kernelWidth
    }

    package static func weightsCount(_ shape: ConvolutionShape, _ source: Source) -> Int {
        depth(shape, source) * BlockedShape.blocks(shape.outputChannels) * BlockedShape.lanes
    }

    /// To [pairs of output blocks][units][rows][columns][channels of a unit][channels of the pair].
    package static func prepareWeights(
        _ shape: ConvolutionShape, _ source: Source, weights: ConvolutionWeights,
        into prepared: UnsafeMutablePointer<Float>
    ) {
        let unit = unit(source), area = shape.window.kernelHeight * shape.window.kernelWidth
        let inputs = shape.inputChannels
        var target = prepared
        for group in ChannelGroups(shape.outputChannels) {
            let outputs = min(group.lanes, shape.outputChannels - group.channel)
            for first in stride(from: 0, to: units(shape, source) * unit, by: unit) {
                for position in 0..<area {
                    for channel in first..<first + unit {
                        let count = channel < inputs ? outputs : 0
                        for lane in 0..<count { target[lane] = weights[group.channel + lane, channel, position] }
                        for lane in count..<group.lanes { target[lane] = 0 }
                        target += group.lanes
                    }
                }
            }
        }
    }

    // MARK: - Run

    /// - Parameters:
    ///   - weights: as ``prepareWeights(_:_:weights:into:)`` makes them.
    ///   - scratch: ``scratchCount`` floats.
    package func run(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue
    ) {
        let inputCount = Self.units(shape, source) * Self.unit(source) * shape.inputArea
        let outputCount = self.output.imageCount
        for image in 0..<shape.batch {
            let own = epilogue.advanced(channels: 0, values: image * outputCount)
            if isLine {
                runLine(
                    input: input + image * inputCount, weights: weights, output: output + image * outputCount,
                    epilogue: own)
                continue
            }
            var first = 0
            while first < shape.outputHeight {
                let rows = first..<min(first + rowsPerStrip, shape.outputHeight)
                runStrip(
                    rows, input: input + image * inputCount, weights: weights, output: output + image * outputCount,
                    scratch: scratch, epilogue: own)
                first = rows.upperBound
            }
        }
    }

    /// A window of one pixel that moves by one sees the image as one long row.
    private var isLine: Bool { source == .blocks && ConvolutionAlgorithm.pointwise.supports(shape) }

    private func runLine(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        epilogue: BlockEpilogue
    ) {
        let lanes = BlockedShape.lanes, area = shape.outputArea, blocks = BlockedShape.blocks(shape.inputChannels)
        let most = max(48, Self.stripCount / (blocks * lanes))
        let strips = (area + most - 1) / most
        for strip in 0..<strips {
            let begin = area * strip / strips, end = area * (strip + 1) / strips
            for group in ChannelGroups(shape.outputChannels) {
                let offset = (group.block * area + begin) * lanes
                vectors.run(
                    TiledProduct(
                        input: input + begin * lanes, weights: weights + group.channel * blocks * lanes,
                        output: output + offset,
                        reduction: TiledProduct.Reduction(
                            blocks: .init(count: blocks, input: area * lanes, weights: lanes * group.lanes),
                            rows: .once, columns: .once, depth: .init(count: lanes, input: 1, weights: group.lanes)),
                        rows: .init(count: 1, input: 0, output: 0),
                        pixels: .init(count: end - begin, input: lanes, output: lanes),
                        isPair: group.isPair, blockWeights: lanes, blockOutput: area * lanes,
                        epilogue: epilogue.advanced(channels: group.channel, values: offset)))
            }
        }
    }

    private func runStrip(
        _ rows: Range<Int>, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue
    ) {
        let window = shape.window, unit = Self.unit(source)
        let top = rows.lowerBound * window.strideHeight - window.padTop
        let bottom =
            (rows.upperBound - 1) * window.strideHeight - window.padTop
            + (window.kernelHeight - 1) * window.dilationHeight + 1
        let firstRow = min(max(0, top), shape.inputHeight), lastRow = max(firstRow, min(bottom, shape.inputHeight))
        let strip: UnsafePointer<Float>, unitStride: Int
        if hasMargin {
            copy(firstRow..<lastRow, from: input, into: scratch)
            strip = UnsafePointer(scratch)
            unitStride = (lastRow - firstRow) * paddedWidth * unit
        } else {
            strip = input + firstRow * shape.inputWidth * unit
            unitStride = shape.inputArea * unit
        }
        for group in ChannelGroups(shape.outputChannels) {
            var row = rows.lowerBound
            while row < rows.upperBound {
                // Rows whose windows reach beyond the image at the same places are done together.
                let taps = shape.verticalTaps(row)
                var end = row + 1
                while end < rows.upperBound, shape.verticalTaps(end) == taps { end += 1 }
                run(
                    row..<end, taps: taps, group, strip: strip, firstRow: firstRow, unitStride: unitStride,
                    weights: weights, output: output, epilogue: epilogue)
                row = end
            }
        }
    }

    private func run(
        _ rows: Range<Int>, taps: Range<Int>, _ group: ChannelGroup, strip: UnsafePointer<Float>, firstRow: Int,
        unitStride: Int, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue
    ) {
        let window = shape.window, lanes = BlockedShape.lanes, unit = Self.unit(source)
        let lineStride = paddedWidth * unit
        let top = rows.lowerBound * window.strideHeight + taps.lowerBound * window.dilationHeight - window.padTop
        let offset = (group.block * shape.outputArea + rows.lowerBound * shape.outputWidth) * lanes
        let perColumn = unit * group.lanes, perRow = window.kernelWidth * perColumn
        let isPlanes = source == .planes
        vectors.run(
            TiledProduct(
                input: strip + (taps.isEmpty ? 0 : (top - firstRow) * lineStride),
                weights: weights + group.channel * Self.depth(shape, source) + taps.lowerBound * perRow,
                output: output + offset,
                reduction: TiledProduct.Reduction(
                    blocks: .init(
                        count: taps.isEmpty ? 0 : Self.units(shape, source), input: unitStride,
                        weights: window.kernelHeight * perRow),
                    rows: .init(count: taps.count, input: window.dilationHeight * lineStride, weights: perRow),
                    columns: isPlanes
                        ? .once
                        : .init(count: window.kernelWidth, input: window.dilationWidth * unit, weights: perColumn),
                    depth: isPlanes
                        ? .init(count: window.kernelWidth, input: window.dilationWidth, weights: group.lanes)
                        : .init(count: lanes, input: 1, weights: group.lanes)),
                rows: .init(
                    count: rows.count, input: window.strideHeight * lineStride, output: shape.outputWidth * lanes),
                pixels: .init(count: shape.outputWidth, input: window.strideWidth * unit, output: lanes),
                isPair: group.isPair, blockWeights: lanes, blockOutput: shape.outputArea * lanes,
                epilogue: epilogue.advanced(channels: group.channel, values: offset)))
    }

    /// Copies rows of all channels with the margin on both sides as zeros.
    private func copy(_ rows: Range<Int>, from input: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        let unit = Self.unit(source), width = shape.inputWidth
        let left = shape.window.padLeft, kept = min(width, paddedWidth - left)
        var line = target
        for number in 0..<Self.units(shape, source) {
            for row in rows {
                let from = input + (number * shape.inputArea + row * width) * unit
                line.update(repeating: 0, count: min(left, paddedWidth) * unit)
                if kept > 0 { (line + left * unit).update(from: from, count: kept * unit) }
                let filled = min(paddedWidth, left + max(0, kept))
                (line + filled * unit).update(repeating: 0, count: (paddedWidth - filled) * unit)
                line += paddedWidth * unit
            }
        }
    }
}

/// One or two blocks of output channels that are computed together.
package struct ChannelGroup {
    package let block: Int
    package let isPair: Bool
    /// The first channel.
    package var channel: Int { block * BlockedShape.lanes }
    package var lanes: Int { isPair ? 2 * BlockedShape.lanes : BlockedShape.lanes }
}

/// Output channels in pairs of blocks, with a single one at the end where their number is odd.
package struct ChannelGroups: Sequence, IteratorProtocol {
    private let blocks: Int
    private var block = 0

    package init(_ channels: Int) {
        blocks = BlockedShape.blocks(channels)
    }

    package mutating func next() -> ChannelGroup? {
        guard block < blocks else { return nil }
        let group = ChannelGroup(block: block, isPair: block + 1 < blocks)
        block += 2
        return group
    }
}
