// SPDX-License-Identifier: Apache-2.0

/// A two-dimensional convolution of [batch, inputChannels, height, width] with weights
/// [outputChannels, inputChannels / groups, kernelHeight, kernelWidth].
package struct ConvolutionShape: Sendable, Hashable {
    package let batch: Int
    package let inputChannels: Int
    package let inputHeight: Int
    package let inputWidth: Int
    package let outputChannels: Int
    package let groups: Int
    package let window: SlidingWindow
    package let outputHeight: Int
    package let outputWidth: Int

    package let outputCount: Int
    package let weightsCount: Int
    package let multiplyAdds: Int

    /// nil when the sizes are impossible, the groups do not divide the channels, or a matrix is larger than BLAS
    /// counts.
    package init?(
        batch: Int, inputChannels: Int, inputHeight: Int, inputWidth: Int,
        outputChannels: Int, groups: Int, window: SlidingWindow
    ) {
        guard batch > 0, inputChannels > 0, outputChannels > 0, groups > 0,
            inputChannels % groups == 0, outputChannels % groups == 0,
            let output = window.outputSize(height: inputHeight, width: inputWidth),
            let inputCount = TensorExtent.count([batch, inputChannels, inputHeight, inputWidth]),
            let outputCount = TensorExtent.count([batch, outputChannels, output.height, output.width]),
            let depth = TensorExtent.count([inputChannels / groups, window.kernelHeight, window.kernelWidth]),
            let weightsCount = TensorExtent.count([outputChannels, depth]),
            let multiplyAdds = TensorExtent.count([outputCount, depth]),
            [inputCount, outputCount, depth, weightsCount].allSatisfy({ $0 <= Int(Int32.max) })
        else { return nil }
        self.batch = batch
        self.inputChannels = inputChannels
        self.inputHeight = inputHeight
        self.inputWidth = inputWidth
        self.outputChannels = outputChannels
        self.groups = groups
        self.window = window
        outputHeight = output.height
        outputWidth = output.width
        self.outputCount = outputCount
        self.weightsCount = weightsCount
        self.multiplyAdds = multiplyAdds
    }

    package var inputChannelsPerGroup: Int { inputChannels / groups }
    package var outputChannelsPerGroup: Int { outputChannels / groups }
    package var inputArea: Int { inputHeight * inputWidth }
    package var outputArea: Int { outputHeight * outputWidth }
    /// The weights of one output channel.
    package var depth: Int { inputChannelsPerGroup * window.kernelHeight * window.kernelWidth }

    /// The rows of the window that lie inside the image, for a row of the output.
    func verticalTaps(_ row: Int) -> Range<Int> {
        let top = row * window.strideHeight - window.padTop
        let first = top >= 0 ? 0 : (-top + window.dilationHeight - 1) / window.dilationHeight
        let room = inputHeight - top
        let end = room <= 0 ? 0 : min(window.kernelHeight, (room - 1) / window.dilationHeight + 1)
        return first..<max(first, end)
    }
}
