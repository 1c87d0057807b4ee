// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A function of one value, applied to each value of a tensor.
package enum ElementFunction: Sendable, Hashable {
    case sigmoid, softplus, softsign, mish, erf, gelu, tanhGelu, hardSwish
    case elu(alpha: Float), selu(alpha: Float, gamma: Float), celu(alpha: Float)
    case hardSigmoid(alpha: Float, beta: Float), thresholdedRelu(alpha: Float), swish(alpha: Float)
    case shrink(bias: Float, lambda: Float)
    case floor, ceil, round, sign
    case sin, cos, tan, asin, acos, atan, sinh, cosh, asinh, acosh, atanh
    /// x raised to a power that is the same for all values.
    case power(Float)
    /// Truth values: 1 or 0.
    case isNaN, isInfinite(positive: Bool, negative: Bool), isNonzero, not
    /// Rounded to what half precision and bfloat16 hold.
    case toHalf, toBrainFloat
    /// The whole part, drawn into a range; what is no number becomes 0.
    case toInteger(lower: Float, upper: Float)
    /// A whole number as one of so many bits, the others cut off.
    case toBits(Int, isSigned: Bool)
}

/// One value from one value. The output may be the input.
package enum ElementFunctionKernel {
    package static func run(
        _ function: ElementFunction, count: Int, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        switch function {
        case .sigmoid: vector(count, input, output) { sigmoid($0) }
        case .swish(let alpha): vector(count, input, output) { $0 * sigmoid($0 * alpha) }
        case .tanhGelu:
            // ½ x (1 + tanh t) = x sigmoid(2t)
            vector(count, input, output) { $0 * sigmoid(1.595_769_1 * ($0 + 0.044_715 * $0 * $0 * $0)) }
        case .erf: vector(count, input, output) { VectorExponential.erf($0) }
        case .gelu: vector(count, input, output) { 0.5 * $0 * (1 + VectorExponential.erf($0 * 0.707_106_78)) }
        case .mish:
            // tanh(log(1 + e)) = (e² + 2e) / (e² + 2e + 2); from 20 on it is 1.
            vector(count, input, output) {
                let power = VectorExponential.exp($0.replacing(with: 20, where: $0 .> 20))
                let part = power * power + 2 * power
                return $0 * (part / (part + 2))
            }
        case .hardSwish: vector(count, input, output) { $0 * clamp($0 * (1 / 6) + 0.5) }
        case .hardSigmoid(let alpha, let beta): vector(count, input, output) { clamp($0 * alpha + beta) }
        case .softsign:
            vector(count, input, output) { $0 / (1 + $0.replacing(with: 0 - $0, where: $0 .< 0)) }
        case .thresholdedRelu(let alpha):
            vector(count, input, output) { $0.replacing(with: 0, where: $0 .<= alpha) }
        case .floor: vector(count, input, output) { $0.rounded(.down) }
        case .ceil: vector(count, input, output) { $0.rounded(.up) }
        case .round: vector(count, input, output) { $0.rounded(.toNearestOrEven) }
        case .power(2): vector(count, input, output) { $0 * $0 }
        case .power(0.5): vector(count, input, output) { $0.squareRoot() }
        case .power(0.75):
            vector(count, input, output) {
                let root = $0.squareRoot()
                return root * root.squareRoot()
            }
        default: scalar(function, count, input, output)
        }
    }

    private static func scalar(
        _ function: ElementFunction, _ count: Int, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
    ) {
        switch function {
        case .softplus: each(count, input, output, softplus)
        case .elu(let alpha): each(count, input, output) { $0 < 0 ? alpha * expm1($0) : $0 }
        case .selu(let alpha, let gamma):
            each(count, input, output) { gamma * ($0 < 0 ? alpha * expm1($0) : $0) }
        case .celu(let alpha): each(count, input, output) { $0 < 0 ? alpha * expm1($0 / alpha) : $0 }
        case .shrink(let bias, let lambda):
            each(count, input, output) { $0 < -lambda ? $0 + bias : $0 > lambda ? $0 - bias : 0 }
        case .sign: each(count, input, output) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 == 0 ? 0 : $0 }
        case .sin: each(count, input, output) { Foundation.sin($0) }
        case .cos: each(count, input, output) { Foundation.cos($0) }
        case .tan: each(count, input, output) { Foundation.tan($0) }
        case .asin: each(count, input, output) { Foundation.asin($0) }
        case .acos: each(count, input, output) { Foundation.acos($0) }
        case .atan: each(count, input, output) { Foundation.atan($0) }
        case .sinh: each(count, input, output) { Foundation.sinh($0) }
        case .cosh: each(count, input, output) { Foundation.cosh($0) }
        case .asinh: each(count, input, output) { Foundation.asinh($0) }
        case .acosh: each(count, input, output) { Foundation.acosh($0) }
        case .atanh: each(count, input, output) { Foundation.atanh($0) }
        case .power(let exponent): each(count, input, output) { pow($0, exponent) }
        default: test(function, count, input, output)
        }
    }

    private static func test(
        _ function: ElementFunction, _ count: Int, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
    ) {
        switch function {
        case .isNaN: each(count, input, output) { $0.isNaN ? 1 : 0 }
        case .isInfinite(let positive, let negative):
            each(count, input, output) { $0.isInfinite && ($0 > 0 ? positive : negative) ? 1 : 0 }
        case .isNonzero: each(count, input, output) { $0 != 0 ? 1 : 0 }
        case .not: each(count, input, output) { $0 != 0 ? 0 : 1 }
        case .toHalf: each(count, input, output) { Float(Float16($0)) }
        case .toBrainFloat: each(count, input, output, brainFloat)
        case .toInteger(let lower, let upper):
            each(count, input, output) { $0.isNaN ? 0 : min(max($0.rounded(.towardZero), lower), upper) }
        case .toBits(let bits, let isSigned):
            each(count, input, output) { cut($0, bits, isSigned) }
        default: break
        }
    }

    @inline(__always)
    private static func sigmoid(_ x: SIMD8<Float>) -> SIMD8<Float> { 1 / (1 + VectorExponential.exp(0 - x)) }

    @inline(__always)
    private static func clamp(_ x: SIMD8<Float>) -> SIMD8<Float> {
        let raised = x.replacing(with: 0, where: x .< 0)
        return raised.replacing(with: 1, where: raised .> 1)
    }

    @inline(__always)
    private static func softplus(_ x: Float) -> Float { max(x, 0) + log1p(Foundation.exp(-abs(x))) }

    private static func brainFloat(_ x: Float) -> Float {
        guard x.isFinite else { return x }
        let bits = x.bitPattern
        let rounded = bits &+ 0x7FFF &+ ((bits >> 16) & 1)
        return Float(bitPattern: rounded & 0xFFFF_0000)
    }

    private static func cut(_ x: Float, _ bits: Int, _ isSigned: Bool) -> Float {
        guard let whole = Int64(exactly: x), bits < 64 else { return x }
        let low = whole & ((1 << Int64(bits)) - 1)
        return Float(isSigned && low >> Int64(bits - 1) == 1 ? low - (1 << Int64(bits)) : low)
    }

    @inline(__always)
    private static func vector(
        _ count: Int, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>,
        _ eight: (SIMD8<Float>) -> SIMD8<Float>
    ) {
        VectorLoop.run(count) { position, width in
            if width == VectorLoop.width {
                VectorLoop.store(eight(VectorLoop.load(input + position)), output + position)
            } else {
                output[position] = eight(SIMD8(repeating: input[position]))[0]
            }
        }
    }

    @inline(__always)
    private static func each(
        _ count: Int, _ input: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ one: (Float) -> Float
    ) {
        for position in 0..<count { output[position] = one(input[position]) }
    }
}
