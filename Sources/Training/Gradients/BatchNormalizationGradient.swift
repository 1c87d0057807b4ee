// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// Batch normalisation with the statistics of the batch (Ioffe and Szegedy, *Batch Normalization*, 2015): per channel y
/// = scale · (x − mean) · inverseDeviation + shift, where inverseDeviation = 1 / √(variance + epsilon) and the variance
/// is the mean of (x − mean)².
package enum BatchNormalizationGradient {
    /// Writes the mean and the variance of each channel over all images and places.
    package static func statistics(
        _ shape: ChannelShape, channels: Range<Int>, input: UnsafePointer<Float>,
        mean: UnsafeMutablePointer<Float>, variance: UnsafeMutablePointer<Float>
    ) {
        let count = Double(shape.batch * shape.area)
        for channel in channels {
            let sum = ChannelSum.overPlanes(shape, channel: channel) { position, width, sums in
                if width == VectorLoop.width {
                    sums.eight += VectorLoop.load(input + position)
                } else {
                    sums.one += input[position]
                }
            }
            let center = Float(sum / count)
            let squares = ChannelSum.overPlanes(shape, channel: channel) { position, width, sums in
                if width == VectorLoop.width {
                    let difference = VectorLoop.load(input + position) - center
                    sums.eight += difference * difference
                } else {
                    let difference = input[position] - center
                    sums.one += difference * difference
                }
            }
            mean[channel] = center
            variance[channel] = Float(squares / count)
        }
    }

    /// Moves the statistics for inference towards the batch's: running · momentum + batch · (1 − momentum), ONNX's
    /// meaning of momentum. The batch's variance counts without bias, as PyTorch has it.
    ///
    /// - Parameter count: The values that each of the batch's statistics is of.
    package static func updateRunning(
        channels: Range<Int>, count: Int, momentum: Float, mean: UnsafePointer<Float>, variance: UnsafePointer<Float>,
        runningMean: UnsafeMutablePointer<Float>, runningVariance: UnsafeMutablePointer<Float>
    ) {
        // One value has no variance without bias; its own, which is zero, stands for it.
        let unbiased = count > 1 ? Float(Double(count) / Double(count - 1)) : 1
        for channel in channels {
            runningMean[channel] = momentum * runningMean[channel] + (1 - momentum) * mean[channel]
            runningVariance[channel] =
                momentum * runningVariance[channel] + (1 - momentum) * unbiased * variance[channel]
        }
    }

    /// Writes the normalised values, which may lie over the input.
    package static func forward(
        _ shape: ChannelShape, channels: Range<Int>, epsilon: Float, scale: UnsafePointer<Float>,
        shift: UnsafePointer<Float>,
        mean: UnsafePointer<Float>, variance: UnsafePointer<Float>, input: UnsafePointer<Float>,
        output: UnsafeMutablePointer<Float>
    ) {
        for channel in channels {
            let factor = scale[channel] * inverseDeviation(variance[channel], epsilon), center = mean[channel]
            let summand = shift[channel]
            for image in 0..<shape.batch {
                let start = (image * shape.channels + channel) * shape.area
                let values = input + start, result = output + start
                VectorLoop.run(shape.area) { position, width in
                    if width == VectorLoop.width {
                        VectorLoop.store(
                            (VectorLoop.load(values + position) - center) * factor + summand, result + position)
                    } else {
                        result[position] = (values[position] - center) * factor + summand
                    }
                }
            }
        }
    }

    /// Writes the gradient of the input, which may lie over the output's gradient, and adds those of scale and shift.
    package static func run(
        _ shape: ChannelShape, channels: Range<Int>, epsilon: Float, scale: UnsafePointer<Float>,
        mean: UnsafePointer<Float>,
        variance: UnsafePointer<Float>, input: UnsafePointer<Float>, outputGradient: UnsafePointer<Float>,
        inputGradient: UnsafeMutablePointer<Float>, scaleGradient: UnsafeMutablePointer<Float>,
        shiftGradient: UnsafeMutablePointer<Float>
    ) {
        let count = Double(shape.batch * shape.area)
        for channel in channels {
            let deviation = inverseDeviation(variance[channel], epsilon), center = mean[channel]
            let sum = ChannelSum.overPlanes(shape, channel: channel) { position, width, sums in
                if width == VectorLoop.width {
                    sums.eight += VectorLoop.load(outputGradient + position)
                } else {
                    sums.one += outputGradient[position]
                }
            }
            let product =
                ChannelSum.overPlanes(shape, channel: channel) { position, width, sums in
                    if width == VectorLoop.width {
                        sums.eight +=
                            VectorLoop.load(outputGradient + position) * (VectorLoop.load(input + position) - center)
                    } else {
                        sums.one += outputGradient[position] * (input[position] - center)
                    }
                } * Double(deviation)
            shiftGradient[channel] += Float(sum)
            scaleGradient[channel] += Float(product)
            // dx = scale · deviation · (dy − mean of dy − normalised x · mean of dy · normalised x)
            let factor = scale[channel] * deviation, offset = Float(sum / count)
            let slope = Float(product / count) * deviation
            for image in 0..<shape.batch {
                let start = (image * shape.channels + channel) * shape.area
                let values = input + start, above = outputGradient + start, below = inputGradient + start
                VectorLoop.run(shape.area) { position, width in
                    if width == VectorLoop.width {
                        let rest =
                            VectorLoop.load(above + position) - offset - (VectorLoop.load(values + position) - center)
                            * slope
                        VectorLoop.store(rest * factor, below + position)
                    } else {
                        below[position] = (above[position] - offset - (values[position] - center) * slope) * factor
                    }
                }
            }
        }
    }

    private static func inverseDeviation(_ variance: Float, _ epsilon: Float) -> Float {
        Float(1 / (Double(variance) + Double(epsilon)).squareRoot())
    }
}
