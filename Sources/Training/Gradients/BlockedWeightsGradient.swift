// SPDX-License-Identifier: Apache-2.0

import Kernels
import NeuralNet
import VectorMath

/// The gradient of a convolution's weights, in blocks of channels: for each weight the sum, over the output's pixels, of
/// the output's gradient times the input that the weight multiplied.
package struct BlockedWeightsGradient: Sendable {
    /// The floats of both images that a core's first-level cache holds.
    private static let stripCount = 8 * 1024

    private let shape: ConvolutionShape
    private let source: BlockedConvolution.Source
    private let vectors: ConvolutionVectors
    /// Around the input.
    package let margins: BlockMargins

    /// - Precondition: one group.
    package init(
        _ shape: ConvolutionShape, source: BlockedConvolution.Source, vectors: ConvolutionVectors = ConvolutionVectors()
    ) {
        self.shape = shape
        self.source = source
        self.vectors = vectors
        let window = shape.window
        func after(_ outputs: Int, _ stride: Int, _ kernel: Int, _ dilation: Int, _ before: Int, _ extent: Int) -> Int {
            max(0, (outputs - 1) * stride + (kernel - 1) * dilation + 1 - before - extent)
        }
        margins = BlockMargins(
            top: window.padTop, left: window.padLeft,
            bottom: after(
                shape.outputHeight, window.strideHeight, window.kernelHeight, window.dilationHeight, window.padTop,
                shape.inputHeight),
            right: after(
                shape.outputWidth, window.strideWidth, window.kernelWidth, window.dilationWidth, window.padLeft,
                shape.inputWidth))
    }

    /// The channels that lie side by side, and how many such there are.
    private var unit: Int { source == .planes ? 1 : BlockedShape.lanes }
    private var units: Int { source == .planes ? shape.inputChannels : BlockedShape.blocks(shape.inputChannels) }
    private var paddedHeight: Int { margins.top + shape.inputHeight + margins.bottom }
    private var paddedWidth: Int { margins.left + shape.inputWidth + margins.right }

    /// The floats of an image of the input with its margins.
    package var inputCount: Int { units * unit * paddedHeight * paddedWidth }
    /// The floats of the sums.
    package var sumsCount: Int { BlockedConvolution.weightsCount(shape, source) }

    /// Brings an image of the input into the layout that ``run(input:outputGradient:sums:)`` takes.
    package func prepareInput(_ planes: UnsafePointer<Float>, into prepared: UnsafeMutablePointer<Float>) {
        guard source == .planes else {
            return BlockReordering.toPaddedBlocks(
                channels: shape.inputChannels, height: shape.inputHeight, width: shape.inputWidth, margins,
                planes: planes, blocks: prepared)
        }
        prepared.update(repeating: 0, count: inputCount)
        for channel in 0..<shape.inputChannels {
            for row in 0..<shape.inputHeight {
                (prepared + (channel * paddedHeight + margins.top + row) * paddedWidth + margins.left).update(
                    from: planes + (channel * shape.inputHeight + row) * shape.inputWidth, count: shape.inputWidth)
            }
        }
    }

    /// Adds what one image says.
    ///
    /// - Parameters:
    ///   - input: as ``prepareInput(_:into:)`` makes it.
    ///   - outputGradient: in blocks.
    ///   - sums: laid out as ``BlockedConvolution`` takes weights.
    package func run(
        input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>
    ) {
        let window = shape.window, lanes = BlockedShape.lanes
        let perRow = shape.outputWidth * 2 * lanes + window.strideHeight * paddedWidth * unit
        let most = max(1, Self.stripCount / perRow)
        let strips = (shape.outputHeight + most - 1) / most
        for strip in 0..<strips {
            let begin = shape.outputHeight * strip / strips, end = shape.outputHeight * (strip + 1) / strips
            for group in ChannelGroups(shape.outputChannels) {
                for number in 0..<units {
                    run(begin..<end, number, group, input: input, outputGradient: outputGradient, sums: sums)
                }
            }
        }
    }

    /// The weights of a unit of input channels and of one or two blocks of output channels.
    private func run(
        _ rows: Range<Int>, _ number: Int, _ group: ChannelGroup, input: UnsafePointer<Float>,
        outputGradient: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>
    ) {
        let window = shape.window, lanes = BlockedShape.lanes, isPlanes = source == .planes
        let lineStride = paddedWidth * unit
        let values = input + number * paddedHeight * lineStride + rows.lowerBound * window.strideHeight * lineStride
        let slopes = outputGradient + (group.block * shape.outputArea + rows.lowerBound * shape.outputWidth) * lanes
        let positions = window.kernelHeight * window.kernelWidth
        let target =
            sums + group.channel * units * unit * positions + number * positions * unit * group.lanes
        for row in 0..<window.kernelHeight {
            // In planes the weights of a row of the window are computed together, in blocks those of a place in it.
            for column in 0..<(isPlanes ? 1 : window.kernelWidth) {
                let output = target + (row * window.kernelWidth + column) * unit * group.lanes
                vectors.run(
                    TiledProduct(
                        input: values + row * window.dilationHeight * lineStride
                            + column * window.dilationWidth * unit,
                        weights: slopes, output: output,
                        reduction: TiledProduct.Reduction(
                            blocks: .once,
                            rows: .init(
                                count: rows.count, input: window.strideHeight * lineStride,
                                weights: shape.outputWidth * lanes),
                            columns: .once,
                            depth: .init(count: shape.outputWidth, input: window.strideWidth * unit, weights: lanes)),
                        rows: .init(count: 1, input: 0, output: 0),
                        pixels: isPlanes
                            ? .init(count: window.kernelWidth, input: window.dilationWidth, output: group.lanes)
                            : .init(
                                count: min(lanes, shape.inputChannels - number * lanes), input: 1,
                                output: group.lanes),
                        isPair: group.isPair, blockWeights: shape.outputArea * lanes, blockOutput: lanes,
                        epilogue: BlockEpilogue(residual: UnsafePointer(output))))
            }
        }
    }

    /// Adds the sums to a gradient in ONNX's layout.
    package func add(_ sums: UnsafePointer<Float>, to gradient: UnsafeMutablePointer<Float>) {
        let area = shape.window.kernelHeight * shape.window.kernelWidth
        var values = sums
        for group in ChannelGroups(shape.outputChannels) {
            let outputs = min(group.lanes, shape.outputChannels - group.channel)
            for first in stride(from: 0, to: units * unit, by: unit) {
                for position in 0..<area {
                    for channel in first..<first + unit {
                        for lane in 0..<(channel < shape.inputChannels ? outputs : 0) {
                            gradient[((group.channel + lane) * shape.inputChannels + channel) * area + position] +=
                                values[lane]
                        }
                        values += group.lanes
                    }
                }
            }
        }
    }
}
