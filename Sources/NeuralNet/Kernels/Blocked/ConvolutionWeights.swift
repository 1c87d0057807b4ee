// SPDX-License-Identifier: Apache-2.0

/// Weights of a convolution, seen as [outputs, inputs of a group, positions]: those of ONNX's layout as they lie, or
/// those by which the gradient goes back, with outputs and inputs exchanged and the window turned round.
package struct ConvolutionWeights {
    private let pointer: UnsafePointer<Float>
    private let outputStride: Int
    private let inputStride: Int
    private let first: Int
    private let step: Int

    /// As they lie.
    package init(_ pointer: UnsafePointer<Float>, _ shape: ConvolutionShape) {
        let area = shape.window.kernelHeight * shape.window.kernelWidth
        self.pointer = pointer
        outputStride = shape.inputChannelsPerGroup * area
        inputStride = area
        first = 0
        step = 1
    }

    /// Those of the convolution of the output's gradient that makes the input's.
    ///
    /// - Parameters:
    ///   - shape: of the convolution itself.
    ///   - isReversed: whether the window is turned round as well.
    package init(backward pointer: UnsafePointer<Float>, _ shape: ConvolutionShape, isReversed: Bool) {
        let area = shape.window.kernelHeight * shape.window.kernelWidth
        self.pointer = pointer
        outputStride = area
        inputStride = shape.inputChannels * area
        first = isReversed ? area - 1 : 0
        step = isReversed ? -1 : 1
    }

    @inline(__always)
    package subscript(output: Int, input: Int, position: Int) -> Float {
        pointer[output * outputStride + input * inputStride + first + step * position]
    }
}
