// SPDX-License-Identifier: Apache-2.0

import Kernels
import NeuralNet
import VectorMath

/// The gradient of a convolution's input, in blocks of channels: for each pixel of the input, the sum over the outputs
/// that it is part of.
///
/// A convolution that moves by s has s · s kinds of pixels, each with taps of its own, s apart in the window; each kind is
/// a convolution of the output's gradient that moves by one.
package struct BlockedInputGradient: Sendable {
    /// The pixels of one kind along an axis.
    private struct Phase {
        /// The first pixel.
        let offset: Int
        let count: Int
        /// The first place in the window, and how many there are.
        let tap: Int
        let taps: Int
        /// The output that the first pixel reads by the first tap; further taps read the ones before it.
        let output: Int
    }

    private let shape: ConvolutionShape
    private let vectors: ConvolutionVectors
    private let rows: [Phase]
    private let columns: [Phase]
    /// Around the output's gradient.
    package let margins: BlockMargins

    /// - Precondition: one group, and no dilation.
    package init(_ shape: ConvolutionShape, vectors: ConvolutionVectors = ConvolutionVectors()) {
        self.shape = shape
        self.vectors = vectors
        let window = shape.window
        rows = Self.phases(
            shape.inputHeight, stride: window.strideHeight, kernel: window.kernelHeight, margin: window.padTop)
        columns = Self.phases(
            shape.inputWidth, stride: window.strideWidth, kernel: window.kernelWidth, margin: window.padLeft)
        let height = Self.margins(rows, shape.outputHeight), width = Self.margins(columns, shape.outputWidth)
        margins = BlockMargins(top: height.before, left: width.before, bottom: height.after, right: width.after)
    }

    private static func phases(_ extent: Int, stride: Int, kernel: Int, margin: Int) -> [Phase] {
        (0..<min(stride, extent)).map { offset in
            let tap = (offset + margin) % stride
            return Phase(
                offset: offset, count: (extent - 1 - offset) / stride + 1, tap: tap,
                taps: tap < kernel ? (kernel - 1 - tap) / stride + 1 : 0, output: (offset + margin - tap) / stride)
        }
    }

    private static func margins(_ phases: [Phase], _ outputs: Int) -> (before: Int, after: Int) {
        phases.reduce((0, 0)) { most, phase in
            guard phase.taps > 0 else { return most }
            return (
                max(most.0, phase.taps - 1 - phase.output), max(most.1, phase.count - 1 + phase.output - (outputs - 1))
            )
        }
    }

    private var paddedHeight: Int { margins.top + shape.outputHeight + margins.bottom }
    private var paddedWidth: Int { margins.left + shape.outputWidth + margins.right }

    /// The floats of an image of the output's gradient with its margins.
    package var gradientCount: Int {
        BlockedShape.blocks(shape.outputChannels) * BlockedShape.lanes * paddedHeight * paddedWidth
    }

    /// The convolution that weights are laid out for: inputs and outputs exchanged.
    private static func exchanged(_ shape: ConvolutionShape) -> ConvolutionShape? {
        let window = shape.window
        return ConvolutionShape(
            batch: 1, inputChannels: shape.outputChannels, inputHeight: window.kernelHeight,
            inputWidth: window.kernelWidth, outputChannels: shape.inputChannels, groups: 1,
            window: SlidingWindow(kernelHeight: window.kernelHeight, kernelWidth: window.kernelWidth))
    }

    package static func weightsCount(_ shape: ConvolutionShape) -> Int {
        exchanged(shape).map { BlockedConvolution.weightsCount($0, .blocks) } ?? 0
    }

    package static func prepareWeights(
        _ shape: ConvolutionShape, weights: UnsafePointer<Float>, into prepared: UnsafeMutablePointer<Float>
    ) {
        guard let exchanged = exchanged(shape) else { return }
        BlockedConvolution.prepareWeights(
            exchanged, .blocks, weights: ConvolutionWeights(backward: weights, shape, isReversed: false),
            into: prepared)
    }

    /// Writes the gradient of one image.
    ///
    /// - Parameters:
    ///   - outputGradient: in blocks, with ``margins`` around it.
    ///   - weights: as ``prepareWeights(_:weights:into:)`` makes them.
    ///   - inputGradient: in blocks.
    package func run(
        outputGradient: UnsafePointer<Float>, weights: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
    ) {
        let lanes = BlockedShape.lanes, window = shape.window
        let blocks = BlockedShape.blocks(shape.outputChannels), lineStride = paddedWidth * lanes
        let positions = window.kernelHeight * window.kernelWidth
        for group in ChannelGroups(shape.inputChannels) {
            let perColumn = lanes * group.lanes, perRow = window.kernelWidth * perColumn
            for row in rows {
                for column in columns {
                    let isEmpty = row.taps == 0 || column.taps == 0
                    let source = (margins.top + row.output) * paddedWidth + margins.left + column.output
                    let target = group.block * shape.inputArea + row.offset * shape.inputWidth + column.offset
                    vectors.run(
                        TiledProduct(
                            input: outputGradient + (isEmpty ? 0 : source * lanes),
                            weights: weights + group.channel * blocks * lanes * positions
                                + (isEmpty ? 0 : row.tap * perRow + column.tap * perColumn),
                            output: inputGradient + target * lanes,
                            reduction: TiledProduct.Reduction(
                                blocks: .init(
                                    count: isEmpty ? 0 : blocks, input: paddedHeight * lineStride,
                                    weights: positions * perColumn),
                                rows: .init(
                                    count: row.taps, input: -lineStride, weights: window.strideHeight * perRow),
                                columns: .init(
                                    count: column.taps, input: -lanes, weights: window.strideWidth * perColumn),
                                depth: .init(count: lanes, input: 1, weights: group.lanes)),
                            rows: .init(
                                count: row.count, input: lineStride,
                                output: window.strideHeight * shape.inputWidth * lanes),
                            pixels: .init(count: column.count, input: lanes, output: window.strideWidth * lanes),
                            isPair: group.isPair, blockWeights: lanes, blockOutput: shape.inputArea * lanes,
                            epilogue: BlockEpilogue()))
                }
            }
        }
    }
}
