// SPDX-License-Identifier: Apache-2.0

/// Convolution of each channel with one window of its own.
enum DepthwiseConvolution {
    static func run(
        _ shape: ConvolutionShape, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>, epilogue: Epilogue
    ) {
        let kernelArea = shape.window.kernelHeight * shape.window.kernelWidth
        for image in 0..<shape.batch {
            for channel in 0..<shape.outputChannels {
                let plane = image * shape.outputChannels + channel
                convolve(
                    shape, input: input + plane * shape.inputArea, weights: weights + channel * kernelArea,
                    output: output + plane * shape.outputArea)
                epilogue.apply(
                    channel: channel, offset: plane * shape.outputArea, count: shape.outputArea, output: output)
            }
        }
    }

    /// A row of the output is the sum, over the places in the window, of a row of the input times one weight.
    private static func convolve(
        _ shape: ConvolutionShape, input: UnsafePointer<Float>, weights: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        let window = shape.window, width = shape.outputWidth
        for row in 0..<shape.outputHeight {
            let target = output + row * width
            target.update(repeating: 0, count: width)
            for kernelRow in 0..<window.kernelHeight {
                let sourceRow = row * window.strideHeight + kernelRow * window.dilationHeight - window.padTop
                guard sourceRow >= 0, sourceRow < shape.inputHeight else { continue }
                let line = input + sourceRow * shape.inputWidth
                for kernelColumn in 0..<window.kernelWidth {
                    let left = kernelColumn * window.dilationWidth - window.padLeft
                    let begin = min(width, left >= 0 ? 0 : (-left + window.strideWidth - 1) / window.strideWidth)
                    let room = shape.inputWidth - 1 - left
                    guard room >= 0 else { continue }
                    let end = min(width, room / window.strideWidth + 1)
                    guard end > begin else { continue }
                    add(
                        line + begin * window.strideWidth + left, stride: window.strideWidth, count: end - begin,
                        times: weights[kernelRow * window.kernelWidth + kernelColumn], to: target + begin)
                }
            }
        }
    }

    @inline(__always)
    private static func add(
        _ source: UnsafePointer<Float>, stride: Int, count: Int, times weight: Float,
        to target: UnsafeMutablePointer<Float>
    ) {
        switch stride {
        case 1:
            VectorLoop.run(count) { position, width in
                if width == VectorLoop.width {
                    let sum = VectorLoop.load(UnsafePointer(target) + position)
                    VectorLoop.store(sum + VectorLoop.load(source + position) * weight, target + position)
                } else {
                    target[position] += source[position] * weight
                }
            }
        case 2: for index in 0..<count { target[index] += source[2 * index] * weight }
        default: for index in 0..<count { target[index] += source[stride * index] * weight }
        }
    }
}
