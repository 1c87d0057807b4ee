// SPDX-License-Identifier: Apache-2.0

import Kernels
import VectorMath

/// Pooling in blocks of channels.
package enum BlockedPool {
    /// - Parameters:
    ///   - shape: of the planes.
    ///   - blocks: those of all images, or some of them.
    package static func run(
        _ shape: PoolShape, _ kind: BlockPool.Kind, blocks: Range<Int>, input: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, vectors: ConvolutionVectors = ConvolutionVectors()
    ) {
        let window = shape.window, lanes = BlockedShape.lanes
        let (height, width) = window.axes(
            input: (shape.inputHeight, shape.inputWidth), output: (shape.outputHeight, shape.outputWidth))
        for block in blocks {
            vectors.run(
                BlockPool(
                    kind: kind, input: input + block * shape.inputHeight * shape.inputWidth * lanes,
                    output: output + block * shape.outputHeight * shape.outputWidth * lanes, height: height,
                    width: width, marginBottom: window.padBottom, marginRight: window.padRight))
        }
    }

    /// From blocks to [batch, channels].
    package static func globalAverage(
        _ shape: BlockedShape, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        reduce(shape, input: input, output: output, start: .zero, { $0 + $1 }, finish: { $0 / Float(shape.area) })
    }

    /// From blocks to [batch, channels].
    package static func globalMaximum(
        _ shape: BlockedShape, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        reduce(
            shape, input: input, output: output, start: SIMD16(repeating: -.infinity),
            { sum, value in sum.replacing(with: value, where: value .> sum) }, finish: { $0 })
    }

    @inline(__always)
    private static func reduce(
        _ shape: BlockedShape, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, start: SIMD16<Float>,
        _ combine: (SIMD16<Float>, SIMD16<Float>) -> SIMD16<Float>, finish: (SIMD16<Float>) -> SIMD16<Float>
    ) {
        let lanes = BlockedShape.lanes
        for image in 0..<shape.batch {
            for block in 0..<shape.blocks {
                let source = input + (image * shape.blocks + block) * shape.area * lanes
                var value = start
                for position in 0..<shape.area { value = combine(value, load(source + position * lanes)) }
                let result = finish(value), first = block * lanes
                for lane in 0..<min(lanes, shape.channels - first) {
                    output[image * shape.channels + first + lane] = result[lane]
                }
            }
        }
    }

    @inline(__always)
    private static func load(_ pointer: UnsafePointer<Float>) -> SIMD16<Float> {
        UnsafeRawPointer(pointer).loadUnaligned(as: SIMD16<Float>.self)
    }
}
