// SPDX-License-Identifier: Apache-2.0

import Kernels
import VectorMath

/// A convolution of each channel with one window of its own, in blocks of channels.
package struct BlockedDepthwise: Sendable {
    package let shape: ConvolutionShape
    private let vectors: ConvolutionVectors

    package static func supports(_ shape: ConvolutionShape) -> Bool {
        shape.inputChannelsPerGroup == 1 && shape.outputChannelsPerGroup == 1
    }

    /// - Precondition: the shape is supported.
    package init(_ shape: ConvolutionShape, vectors: ConvolutionVectors = ConvolutionVectors()) {
        self.shape = shape
        self.vectors = vectors
    }

    package static func weightsCount(_ shape: ConvolutionShape) -> Int {
        BlockedShape.blocks(shape.outputChannels) * BlockedShape.lanes * shape.window.kernelHeight
            * shape.window.kernelWidth
    }

    /// To [blocks, rows, columns, 16].
    package static func prepareWeights(
        _ shape: ConvolutionShape, weights: ConvolutionWeights, into prepared: UnsafeMutablePointer<Float>
    ) {
        let lanes = BlockedShape.lanes, positions = shape.window.kernelHeight * shape.window.kernelWidth
        for block in 0..<BlockedShape.blocks(shape.outputChannels) {
            for position in 0..<positions {
                for lane in 0..<lanes {
                    let channel = block * lanes + lane
                    prepared[(block * positions + position) * lanes + lane] =
                        channel < shape.outputChannels ? weights[channel, 0, position] : 0
                }
            }
        }
    }

    /// - Parameter part: of the blocks of all images.
    package func run(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        epilogue: BlockEpilogue, part: WorkPart = .whole
    ) {
        let window = shape.window, lanes = BlockedShape.lanes, blocks = BlockedShape.blocks(shape.outputChannels)
        let (height, width) = window.axes(
            input: (shape.inputHeight, shape.inputWidth), output: (shape.outputHeight, shape.outputWidth))
        for number in part.range(of: shape.batch * blocks) {
            let block = number % blocks, offset = number * shape.outputArea * lanes
            vectors.run(
                DepthwiseBlock(
                    input: input + number * shape.inputArea * lanes,
                    weights: weights + block * window.kernelHeight * window.kernelWidth * lanes,
                    output: output + offset, height: height, width: width,
                    epilogue: epilogue.advanced(channels: block * lanes, values: offset)))
        }
    }
}
