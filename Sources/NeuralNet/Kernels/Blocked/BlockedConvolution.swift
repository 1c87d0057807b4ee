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
    ///   - scratch: ``scratchCount`` floats, of this part alone.
    ///   - part: of the images, of the image or of the channels, by ``division(parts:)``.
    package func run(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, epilogue: BlockEpilogue, part: WorkPart = .whole
    ) {
        let inputCount = Self.units(shape, source) * Self.unit(source) * shape.inputArea
        let outputCount = self.output.imageCount
        let division = division(parts: part.count)
        let lines = isLine ? shape.outputArea : shape.outputHeight
        let images = part.range(of: shape.batch, if: division == .images)
        let ownLines = part.range(of: lines, if: division == .lines)
        let groups = ChannelGroups(shape.outputChannels, part: division == .channels ? part : .whole)
        for image in images {
            let own = epilogue.advanced(channels: 0, values: image * outputCount)
            if isLine {
                runLine(
                    ownLines, groups, input: input + image * inputCount, weights: weights,
                    output: output + image * outputCount, epilogue: own)
                continue
            }
            var first = ownLines.lowerBound
            while first < ownLines.upperBound {
                let rows = first..<min(first + rowsPerStrip, ownLines.upperBound)
                runStrip(
                    rows, groups, input: input + image * inputCount, weights: weights,
                    output: output + image * outputCount, scratch: scratch, epilogue: own)
                first = rows.upperBound
            }
        }
    }

    /// What parts differ in.
    package enum Division: Sendable {
        case images
        /// Rows of the output, or pixels where the image is one long row.
        case lines
        case channels
    }

    /// Images where they come out even. Parts of an image read all weights each, parts of the channels the whole image:
    /// what is smaller.
    package func division(parts: Int) -> Division {
        if shape.batch.isMultiple(of: parts) { return .images }
        let input = Self.units(shape, source) * Self.unit(source) * shape.inputArea
        let groups = ChannelGroups(shape.outputChannels).count
        return groups.isMultiple(of: parts) && Self.weightsCount(shape, source) > 2 * input ? .channels : .lines
    }

    /// A window of one pixel that moves by one sees the image as one long row.
    private var isLine: Bool { source == .blocks && ConvolutionAlgorithm.pointwise.supports(shape) }

    private func runLine(
        _ pixels: Range<Int>, _ groups: ChannelGroups, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>,
        epilogue: BlockEpilogue
    ) {
        let lanes = BlockedShape.lanes, area = shape.outputArea, blocks = BlockedShape.blocks(shape.inputChannels)
        let most = max(48, Self.stripCount / (blocks * lanes))
        let strips = (pixels.count + most - 1) / most
        for strip in 0..<strips {
            let begin = pixels.lowerBound + pixels.count * strip / strips
            let end = pixels.lowerBound + pixels.count * (strip + 1) / strips
            for group in groups {
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
        _ rows: Range<Int>, _ groups: ChannelGroups, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
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
        for group in groups {
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
