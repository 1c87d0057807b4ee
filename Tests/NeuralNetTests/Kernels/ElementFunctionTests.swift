// SPDX-License-Identifier: Apache-2.0

import Foundation
import NeuralNet
import ProgramHarness
import Testing

@Suite("Functions of one value")
struct ElementFunctionTests {
    private static let smooth: [(ElementFunction, @Sendable (Double) -> Double)] = [
        (.sigmoid, { 1 / (1 + exp(-$0)) }), (.softplus, { log1p(exp($0)) }), (.softsign, { $0 / (1 + abs($0)) }),
        (.mish, { $0 * tanh(log1p(exp($0))) }), (.erf, { erf($0) }),
        (.gelu, { 0.5 * $0 * (1 + erf($0 / 2.0.squareRoot())) }),
        (.tanhGelu, { 0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }),
        (.hardSwish, { $0 * min(max($0 / 6 + 0.5, 0), 1) }), (.elu(alpha: 0.5), { $0 < 0 ? 0.5 * expm1($0) : $0 }),
        (.selu(alpha: 1.5, gamma: 2), { 2 * ($0 < 0 ? 1.5 * expm1($0) : $0) }),
        (.celu(alpha: 2), { $0 < 0 ? 2 * expm1($0 / 2) : $0 }),
        (.hardSigmoid(alpha: 0.25, beta: 0.5), { min(max(0.25 * $0 + 0.5, 0), 1) }),
        (.thresholdedRelu(alpha: 1), { $0 > 1 ? $0 : 0 }), (.swish(alpha: 1.5), { $0 / (1 + exp(-1.5 * $0)) }),
        (.shrink(bias: 0.5, lambda: 1), { $0 < -1 ? $0 + 0.5 : $0 > 1 ? $0 - 0.5 : 0 }),
        (.floor, { $0.rounded(.down) }), (.ceil, { $0.rounded(.up) }), (.round, { $0.rounded(.toNearestOrEven) }),
        (.sign, { $0 > 0 ? 1 : -1 }), (.sin, sin), (.cos, cos), (.atan, atan), (.sinh, sinh), (.cosh, cosh),
        (.asinh, asinh), (.tan, tan), (.power(2), { $0 * $0 }), (.power(3), { $0 * $0 * $0 }),
    ]

    @Test("Activations, roundings and trigonometry, whatever the count")
    func smoothFunctions() {
        var random = SeededGenerator(seed: 51)
        for count in [0, 1, 7, 8, 9, 31] {
            for (function, reference) in Self.smooth {
                let input = random.values(count)
                let result = output(count) {
                    ElementFunctionKernel.run(function, count: count, input: input, output: $0)
                }
                #expect(greatestDifference(result, input.map { reference(Double($0)) }) < 1e-6, "\(function)")
            }
            let positive = random.values(count).map { abs($0) / 2.001 }
            let others: [(ElementFunction, (Double) -> Double)] = [
                (.asin, asin), (.acos, acos), (.atanh, atanh), (.power(0.5), { $0.squareRoot() }),
                (.power(0.75), { pow($0, 0.75) }), (.power(-1.5), { pow($0, -1.5) }),
            ]
            for (function, reference) in others {
                let result = output(count) {
                    ElementFunctionKernel.run(function, count: count, input: positive, output: $0)
                }
                #expect(greatestDifference(result, positive.map { reference(Double($0)) }) < 2e-6, "\(function)")
            }
        }
    }

    @Test("Functions by exponentials hold to both ends of single precision")
    func extremes() {
        let input: [Float] = [-200, -104, -88, -20, -1e-7, 0, 1e-7, 20, 88, 89, 200, .infinity, -.infinity, .nan, 3, 4]
        let sigmoids = output(16) { ElementFunctionKernel.run(.sigmoid, count: 16, input: input, output: $0) }
        let softplus = output(16) { ElementFunctionKernel.run(.softplus, count: 16, input: input, output: $0) }
        for (index, value) in input.enumerated() {
            if value.isNaN {
                #expect(sigmoids[index].isNaN && softplus[index].isNaN)
                continue
            }
            #expect(abs(Double(sigmoids[index]) - 1 / (1 + exp(-Double(value)))) < 1e-6)
            let expected = value > 30 ? Double(value) : log1p(exp(Double(value)))
            #expect(softplus[index] == Float(expected) || abs(Double(softplus[index]) - expected) < 1e-5)
        }
    }

    @Test("Truth values and conversions")
    func conversions() {
        let input: [Float] = [0, -0.0, 1.5, -1.5, 300, -300, .nan, .infinity, -.infinity]
        func run(_ function: ElementFunction) -> [Float] {
            output(9) { ElementFunctionKernel.run(function, count: 9, input: input, output: $0) }
        }
        #expect(run(.isNaN) == [0, 0, 0, 0, 0, 0, 1, 0, 0])
        #expect(run(.isInfinite(positive: true, negative: false)) == [0, 0, 0, 0, 0, 0, 0, 1, 0])
        #expect(run(.isNonzero) == [0, 0, 1, 1, 1, 1, 1, 1, 1])
        #expect(run(.not) == [1, 1, 0, 0, 0, 0, 0, 0, 0])
        #expect(run(.toInteger(lower: -128, upper: 127)) == [0, 0, 1, -1, 127, -128, 0, 127, -128])
        #expect(run(.toBits(8, isSigned: false))[4...5] == [44, 212])
        #expect(run(.toBits(8, isSigned: true))[4...5] == [44, -44])
        let fractions: [Float] = [0.1, 65_504, 1e6, 3]
        let halves = output(4) { ElementFunctionKernel.run(.toHalf, count: 4, input: fractions, output: $0) }
        #expect(halves == [Float(Float16(0.1)), 65_504, .infinity, 3])
        let brains = output(4) { ElementFunctionKernel.run(.toBrainFloat, count: 4, input: fractions, output: $0) }
        #expect(brains == [0.100097656, 65_536, 999_424, 3])
    }

    @Test("Comparisons and logic answer 1 and 0, and the rest of a division has the divisor's or the dividend's sign")
    func tests() throws {
        let a: [Float] = [1, 2, 3, -5, 5, -5, 5, 0, 7, 4], b: [Float] = [2, 2, 2, 3, -3, -3, 3, 1, 7, 0.5]
        let shape = try #require(BroadcastShape(left: [10], right: [10]))
        func run(_ operation: BinaryOperation) -> [Float] {
            output(10) { BinaryKernel.run(operation, shape, left: a, right: b, output: $0) }
        }
        #expect(run(.equal) == zip(a, b).map { $0 == $1 ? 1 : 0 })
        #expect(run(.less) == zip(a, b).map { $0 < $1 ? 1 : 0 })
        #expect(run(.lessOrEqual) == zip(a, b).map { $0 <= $1 ? 1 : 0 })
        #expect(run(.greater) == zip(a, b).map { $0 > $1 ? 1 : 0 })
        #expect(run(.greaterOrEqual) == zip(a, b).map { $0 >= $1 ? 1 : 0 })
        #expect(run(.modulo)[3...6] == [1, -1, -2, 2])
        #expect(run(.remainder)[3...6] == [-2, 2, -2, 2])
        let truths: [Float] = [0, 0, 1, 1], others: [Float] = [0, 1, 0, 1]
        let four = try #require(BroadcastShape(left: [4], right: [4]))
        for (operation, expected) in [(.and, [0, 0, 0, 1]), (.or, [0, 1, 1, 1]), (.xor, [0, 1, 1, 0])]
            as [(BinaryOperation, [Float])]
        {
            #expect(
                output(4) { BinaryKernel.run(operation, four, left: truths, right: others, output: $0) } == expected)
        }
    }

    @Test("A value of one of two tensors is chosen where a third holds, all stretched to one shape")
    func selection() throws {
        var random = SeededGenerator(seed: 52)
        for _ in 0..<80 {
            let full = random.shape(rank: random.int(0...5), upTo: 4)
            let shapes = (0..<3).map { _ in
                Array(full.map { random.int(0...2) == 0 ? 1 : $0 }.dropFirst(random.int(0...full.count)))
            }
            let shape = try #require(TripleBroadcastShape(shapes[0], shapes[1], shapes[2]))
            let condition = random.values(product(shapes[0])).map { $0 > 0 ? Float(1) : 0 }
            let first = random.values(product(shapes[1])), second = random.values(product(shapes[2]))
            let result = output(product(shape.outputShape)) {
                SelectKernel.run(shape, condition: condition, then: first, else: second, output: $0)
            }
            let expected = indices(of: shape.outputShape).map { tuple in
                func place(_ own: [Int]) -> Int {
                    position(zip(tuple.suffix(own.count), own).map { $1 == 1 ? 0 : $0 }, in: own)
                }
                return condition[place(shapes[0])] != 0 ? first[place(shapes[1])] : second[place(shapes[2])]
            }
            #expect(result == expected, "\(shapes)")
        }
        #expect(TripleBroadcastShape([2], [3], [1]) == nil)
    }
}
