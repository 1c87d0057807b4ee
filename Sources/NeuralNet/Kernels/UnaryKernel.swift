// SPDX-License-Identifier: Apache-2.0

import Foundation

package enum UnaryOperation: Sendable, Hashable {
    case identity, relu, leakyRelu(slope: Float), clip(lower: Float, upper: Float)
    case sigmoid, tanh, exp, log, sqrt, negate, absolute, reciprocal
}

/// One value from one value. The output may be the input.
package enum UnaryKernel {
    package static func run(
        _ operation: UnaryOperation, count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        switch operation {
        case .identity: if UnsafePointer(output) != input { output.update(from: input, count: count) }
        case .relu:
            vector(count, input, output) {
                $0.replacing(with: 0, where: $0 .< 0)
            } scalar: {
                $0 < 0 ? 0 : $0
            }
        case .leakyRelu(let slope):
            vector(count, input, output) {
                $0.replacing(with: $0 * slope, where: $0 .< 0)
            } scalar: {
                $0 < 0 ? $0 * slope : $0
            }
        case .clip(let lower, let upper):
            vector(count, input, output) {
                let raised = $0.replacing(with: lower, where: $0 .< lower)
                return raised.replacing(with: upper, where: raised .> upper)
            } scalar: {
                let raised = $0 < lower ? lower : $0
                return raised > upper ? upper : raised
            }
        case .sigmoid: ElementFunctionKernel.run(.sigmoid, count: count, input: input, output: output)
        case .tanh: scalar(count, input, output) { Foundation.tanh($0) }
        case .exp: scalar(count, input, output) { Foundation.exp($0) }
        case .log: scalar(count, input, output) { Foundation.log($0) }
        case .sqrt:
            vector(count, input, output) {
                $0.squareRoot()
            } scalar: {
                $0.squareRoot()
            }
        case .negate:
            vector(count, input, output) {
                0 - $0
            } scalar: {
                -$0
            }
        case .absolute: scalar(count, input, output) { abs($0) }
        case .reciprocal:
            vector(count, input, output) {
                1 / $0
            } scalar: {
                1 / $0
            }
        }
    }

    @inline(__always)
    private static func vector(
        _ count: Int, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
        _ eight: (SIMD8<Float>) -> SIMD8<Float>, scalar one: (Float) -> Float
    ) {
        VectorLoop.run(count) { position, width in
            if width == VectorLoop.width {
                VectorLoop.store(eight(VectorLoop.load(input + position)), output + position)
            } else {
                output[position] = one(input[position])
            }
        }
    }

    @inline(__always)
    private static func scalar(
        _ count: Int, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ one: (Float) -> Float
    ) {
        for position in 0..<count { output[position] = one(input[position]) }
    }
}
