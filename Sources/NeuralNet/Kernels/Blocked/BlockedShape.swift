// SPDX-License-Identifier: Apache-2.0

import Kernels

/// Images whose channels lie in blocks of 16: [batch, blocks, height, width, 16], the layout that vector code takes.
///
/// What the last block has beyond the channels are finite numbers of no meaning; weights for them are zero.
package struct BlockedShape: Sendable, Hashable {
    /// The channels of a block.
    package static let lanes = 16

    package let batch: Int
    package let channels: Int
    package let height: Int
    package let width: Int

    package init(batch: Int, channels: Int, height: Int, width: Int) {
        self.batch = batch
        self.channels = channels
        self.height = height
        self.width = width
    }

    package var blocks: Int { Self.blocks(channels) }
    package var area: Int { height * width }
    /// The floats of an image.
    package var imageCount: Int { blocks * area * Self.lanes }
    package var count: Int { batch * imageCount }
    /// The floats of the same images as planes, [batch, channels, height, width].
    package var planesCount: Int { batch * channels * area }

    package static func blocks(_ channels: Int) -> Int { (channels + lanes - 1) / lanes }
}

extension SlidingWindow {
    /// The window along both axes of an image, as vector code takes it.
    func axes(
        input: (height: Int, width: Int), output: (height: Int, width: Int)
    ) -> (height: BlockAxis, width: BlockAxis) {
        (
            BlockAxis(
                input: input.height, output: output.height, kernel: kernelHeight, stride: strideHeight,
                dilation: dilationHeight, margin: padTop),
            BlockAxis(
                input: input.width, output: output.width, kernel: kernelWidth, stride: strideWidth,
                dilation: dilationWidth, margin: padLeft)
        )
    }
}
