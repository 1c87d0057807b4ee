// SPDX-License-Identifier: Apache-2.0

import Kernels
import VectorMath

/// A convolution of one group into few channels, whose windows move by one: vectors of pixels beside each other in place
/// of vectors of channels, of which there are too few.
package struct PixelVectorConvolution: Sendable {
    /// The pixels of two vectors.
    private static let pixels = 32
    private static let mostOutputs = 4
    /// The places in a window below which there is nothing to gain.
    private static let leastPositions = 9

    /// The floats that the input with zeros around it may take, whatever the input itself takes.
    private static let smallCount = 1 << 22

    let shape: ConvolutionShape
    private let vectors: ConvolutionVectors

    static func supports(_ shape: ConvolutionShape) -> Bool {
        let window = shape.window, convolution = PixelVectorConvolution(shape)
        guard shape.groups == 1, window.strideHeight == 1, window.strideWidth == 1,
            shape.outputChannels <= mostOutputs, window.kernelHeight * window.kernelWidth >= leastPositions,
            shape.outputWidth >= pixels / 2,
            let padded = TensorExtent.count(
                [shape.inputChannels, convolution.paddedHeight, convolution.paddedWidth])
        else { return false }
        return padded <= max(smallCount, 4 * shape.inputChannels * shape.inputArea)
    }

    init(_ shape: ConvolutionShape, vectors: ConvolutionVectors = ConvolutionVectors()) {
        self.shape = shape
        self.vectors = vectors
    }

    /// The width of an output row in whole vectors.
    private var width: Int { (shape.outputWidth + Self.pixels - 1) / Self.pixels * Self.pixels }
    private var paddedWidth: Int { width + (shape.window.kernelWidth - 1) * shape.window.dilationWidth }
    private var paddedHeight: Int {
        shape.outputHeight + (shape.window.kernelHeight - 1) * shape.window.dilationHeight
    }

    /// The input with zeros around it, and an output row of each channel.
    var scratchCount: Int { shape.inputChannels * paddedHeight * paddedWidth + shape.outputChannels * width }

    func run(
        input: UnsafePointer<Float>, weights: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>, epilogue: Epilogue
    ) {
        let row = scratch + shape.inputChannels * paddedHeight * paddedWidth
        scratch.update(repeating: 0, count: row - scratch)
        for image in 0..<shape.batch {
            copy(input + image * shape.inputChannels * shape.inputArea, into: scratch)
            for line in 0..<shape.outputHeight {
                compute(line, input: scratch, weights: weights, into: row)
                for channel in 0..<shape.outputChannels {
                    let offset =
                        (image * shape.outputChannels + channel) * shape.outputArea + line * shape.outputWidth
                    (output + offset).update(from: row + channel * width, count: shape.outputWidth)
                    epilogue.apply(channel: channel, offset: offset, count: shape.outputWidth, output: output)
                }
            }
        }
    }

    /// A weight is what all pixels share, and takes the part that the input has elsewhere.
    private func compute(
        _ line: Int, input: UnsafePointer<Float>, weights: UnsafePointer<Float>, into row: UnsafeMutablePointer<Float>
    ) {
        let window = shape.window, positions = window.kernelHeight * window.kernelWidth
        for column in stride(from: 0, to: width, by: Self.pixels) {
            vectors.run(
                TiledProduct(
                    input: weights, weights: input + line * paddedWidth + column, output: row + column,
                    reduction: TiledProduct.Reduction(
                        blocks: .init(
                            count: shape.inputChannels, input: positions, weights: paddedHeight * paddedWidth),
                        rows: .init(
                            count: window.kernelHeight, input: window.kernelWidth,
                            weights: window.dilationHeight * paddedWidth),
                        columns: .once,
                        depth: .init(count: window.kernelWidth, input: 1, weights: window.dilationWidth)),
                    rows: .init(count: 1, input: 0, output: 0),
                    pixels: .init(
                        count: shape.outputChannels, input: shape.inputChannels * positions, output: width),
                    isPair: true, blockWeights: Self.pixels / 2, blockOutput: Self.pixels / 2,
                    epilogue: BlockEpilogue()))
        }
    }

    /// Between the zeros, which stay as they are.
    private func copy(_ input: UnsafePointer<Float>, into target: UnsafeMutablePointer<Float>) {
        let window = shape.window
        let columns = min(shape.inputWidth, paddedWidth - window.padLeft)
        let rows = min(shape.inputHeight, paddedHeight - window.padTop)
        guard columns > 0, rows > 0 else { return }
        for channel in 0..<shape.inputChannels {
            for row in 0..<rows {
                (target + (channel * paddedHeight + window.padTop + row) * paddedWidth + window.padLeft).update(
                    from: input + (channel * shape.inputHeight + row) * shape.inputWidth, count: columns)
            }
        }
    }
}
