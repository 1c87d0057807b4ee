// SPDX-License-Identifier: Apache-2.0

import NeuralNet

/// Gradients of activations without parameters, from what they gave: the input need not be kept.
package enum ActivationGradient {
    /// The activations that have a gradient here, as ``UnaryKernel`` computes them.
    package enum Function: Sendable, Hashable {
        case relu
        /// - Precondition: the slope is not negative, so that the output has the input's sign.
        case leakyRelu(slope: Float)
        case sigmoid
        case tanh
    }

    /// Writes the gradient of the input, which may lie over the output's gradient. At a kink it is the one from the
    /// left.
    package static func run(
        _ function: Function, elements: Range<Int>, output: UnsafePointer<Float>,
        outputGradient: UnsafePointer<Float>, inputGradient: UnsafeMutablePointer<Float>
    ) {
        switch function {
        case .relu:
            loop(elements, output, outputGradient, inputGradient) {
                $1.replacing(with: 0, where: $0 .<= 0)
            } one: {
                $0 <= 0 ? 0 : $1
            }
        case .leakyRelu(let slope):
            loop(elements, output, outputGradient, inputGradient) {
                $1.replacing(with: $1 * slope, where: $0 .<= 0)
            } one: {
                $0 <= 0 ? $1 * slope : $1
            }
        case .sigmoid:
            loop(elements, output, outputGradient, inputGradient) {
                $1 * $0 * (1 - $0)
            } one: {
                $1 * $0 * (1 - $0)
            }
        case .tanh:
            loop(elements, output, outputGradient, inputGradient) {
                $1 * (1 - $0 * $0)
            } one: {
                $1 * (1 - $0 * $0)
            }
        }
    }

    @inline(__always)
    private static func loop(
        _ elements: Range<Int>, _ output: UnsafePointer<Float>, _ outputGradient: UnsafePointer<Float>,
        _ inputGradient: UnsafeMutablePointer<Float>,
        eight: (_ value: SIMD8<Float>, _ gradient: SIMD8<Float>) -> SIMD8<Float>,
        one: (_ value: Float, _ gradient: Float) -> Float
    ) {
        let values = output + elements.lowerBound, above = outputGradient + elements.lowerBound
        let below = inputGradient + elements.lowerBound
        VectorLoop.run(elements.count) { position, width in
            if width == VectorLoop.width {
                VectorLoop.store(
                    eight(VectorLoop.load(values + position), VectorLoop.load(above + position)), below + position)
            } else {
                below[position] = one(values[position], above[position])
            }
        }
    }
}
