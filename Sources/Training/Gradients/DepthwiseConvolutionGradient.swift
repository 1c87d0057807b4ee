// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// Gradients of the convolution of each channel with one window of its own. The bias has ``ChannelSum``.
package enum DepthwiseConvolutionGradient {
    /// Writes the gradient of the input.
    package static func input(
        _ shape: ConvolutionShape, planes: Range<Int>, weights: UnsafePointer<Float>,
        outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
    ) {
        let kernelArea = shape.window.kernelHeight * shape.window.kernelWidth
        for plane in planes {
            let window = weights + plane % shape.inputChannels * kernelArea
            let below = inputGradient + plane * shape.inputArea, above = outputGradient + plane * shape.outputArea
            below.update(repeating: 0, count: shape.inputArea)
            forEachRow(shape) { position, inputStart, outputStart, count in
                scatter(
                    above + outputStart, times: window[position], count: count, stride: shape.window.strideWidth,
                    to: below + inputStart)
            }
        }
    }

    /// Adds the gradient of the weights of each channel.
    package static func weights(
        _ shape: ConvolutionShape, channels: Range<Int>, input: UnsafePointer<Float>,
        outputGradient: UnsafePointer<Float>,
        weightGradient: UnsafeMutablePointer<Float>
    ) {
        let kernelArea = shape.window.kernelHeight * shape.window.kernelWidth
        for image in 0..<shape.batch {
            for channel in channels {
                let plane = image * shape.inputChannels + channel
                let values = input + plane * shape.inputArea, above = outputGradient + plane * shape.outputArea
                let sums = weightGradient + channel * kernelArea
                forEachRow(shape) { position, inputStart, outputStart, count in
                    sums[position] += product(
                        values + inputStart, stride: shape.window.strideWidth, with: above + outputStart, count: count)
                }
            }
        }
    }

    /// Calls `body` for each row of the output and place of the window that lies inside the image: the place, and the
    /// first input and output value of the `count` that it joins.
    @inline(__always)
    private static func forEachRow(
        _ shape: ConvolutionShape,
        _ body: (_ position: Int, _ inputStart: Int, _ outputStart: Int, _ count: Int) -> Void
    ) {
        let window = shape.window, stride = window.strideWidth
        for row in 0..<shape.outputHeight {
            for kernelRow in 0..<window.kernelHeight {
                let inputRow = row * window.strideHeight + kernelRow * window.dilationHeight - window.padTop
                guard inputRow >= 0, inputRow < shape.inputHeight else { continue }
                for kernelColumn in 0..<window.kernelWidth {
                    let left = kernelColumn * window.dilationWidth - window.padLeft
                    let room = shape.inputWidth - 1 - left
                    guard room >= 0 else { continue }
                    let begin = left >= 0 ? 0 : (-left + stride - 1) / stride,
                        end = min(shape.outputWidth, room / stride + 1)
                    guard end > begin else { continue }
                    body(
                        kernelRow * window.kernelWidth + kernelColumn,
                        inputRow * shape.inputWidth + begin * stride + left,
                        row * shape.outputWidth + begin, end - begin)
                }
            }
        }
    }

    @inline(__always)
    private static func scatter(
        _ source: UnsafePointer<Float>, times weight: Float, count: Int, stride: Int,
        to target: UnsafeMutablePointer<Float>
    ) {
        if stride == 1 {
            VectorLoop.run(count) { position, width in
                if width == VectorLoop.width {
                    let sum = VectorLoop.load(UnsafePointer(target) + position)
                    VectorLoop.store(sum + VectorLoop.load(source + position) * weight, target + position)
                } else {
                    target[position] += source[position] * weight
                }
            }
        } else {
            for index in 0..<count { target[index * stride] += source[index] * weight }
        }
    }

    @inline(__always)
    private static func product(
        _ left: UnsafePointer<Float>, stride: Int, with right: UnsafePointer<Float>, count: Int
    ) -> Float {
        var one: Float = 0
        guard stride == 1 else {
            for index in 0..<count { one += left[index * stride] * right[index] }
            return one
        }
        var eight = SIMD8<Float>.zero
        VectorLoop.run(count) { position, width in
            if width == VectorLoop.width {
                eight += VectorLoop.load(left + position) * VectorLoop.load(right + position)
            } else {
                one += left[position] * right[position]
            }
        }
        return eight.sum() + one
    }
}
