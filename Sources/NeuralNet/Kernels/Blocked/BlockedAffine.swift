// SPDX-License-Identifier: Apache-2.0

import Kernels
import VectorMath

/// x · scale[channel] + shift[channel], then a slope for what is negative, in blocks of channels. The output may be the
/// input.
package enum BlockedAffine {
    /// - Parameters:
    ///   - scale: a number for each channel, zeros up to a whole block; nil for ones.
    ///   - shift: likewise; nil for zeros.
    ///   - slopes: likewise; nil for ones.
    ///   - part: of the blocks.
    package static func run(
        _ shape: BlockedShape, scale: UnsafePointer<Float>?, shift: UnsafePointer<Float>?,
        slopes: UnsafePointer<Float>?, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>,
        vectors: ConvolutionVectors = ConvolutionVectors(), part: WorkPart = .whole
    ) {
        let lanes = BlockedShape.lanes
        for number in part.range(of: shape.batch * shape.blocks) {
            let channel = number % shape.blocks * lanes, offset = number * shape.area * lanes
            vectors.run(
                BlockAffine(
                    scale: scale.map { $0 + channel }, shift: shift.map { $0 + channel },
                    slopes: slopes.map { $0 + channel }, input: input + offset, output: output + offset,
                    pixels: shape.area))
        }
    }
}
