// SPDX-License-Identifier: Apache-2.0

import NeuralNet
import ProgramHarness
import Testing

@Suite("Matrix products")
struct MatrixTests {
    @Test("Gemm is the definition for every orientation, bias and row or column vector")
    func gemm() throws {
        var random = SeededGenerator(seed: 4)
        for trial in 0..<96 {
            let m = trial % 5 == 0 ? 1 : random.int(1...9), n = trial % 7 == 0 ? 1 : random.int(1...9),
                k = random.int(1...17)
            let transposeA = trial & 1 == 1, transposeB = trial & 2 == 2
            let shape = try #require(
                GemmShape(rows: m, columns: n, inner: k, transposeA: transposeA, transposeB: transposeB))
            let a = random.values(m * k), b = random.values(k * n)
            let biasShape: [Int]? = [nil, [], [1], [n], [1, n], [m, 1], [m, n]][trial % 7]
            let c = random.values(product(biasShape ?? [0]))
            let bias = try biasShape.map { try #require(GemmBias.matching(shape: $0, rows: m, columns: n)) } ?? .none
            let alpha: Float = 0.5, beta: Float = -1.5
            var expected: [Double] = []
            for row in 0..<m {
                for column in 0..<n {
                    var sum = 0.0
                    for inner in 0..<k {
                        sum +=
                            Double(a[transposeA ? inner * m + row : row * k + inner])
                            * Double(b[transposeB ? column * k + inner : inner * n + column])
                    }
                    let wide = biasShape.map { Array(repeating: 1, count: 2 - $0.count) + $0 }
                    let summand =
                        wide.map { Double(c[(($0[0] == 1 ? 0 : row) * $0[1]) + ($0[1] == 1 ? 0 : column)]) } ?? 0
                    expected.append(max(0, Double(alpha) * sum + Double(beta) * summand))
                }
            }
            let result = c.withUnsafeBufferPointer { c in
                output(m * n) {
                    GemmKernel.run(
                        shape, alpha: alpha, beta: beta, a: a, b: b, c: biasShape == nil ? nil : c.baseAddress,
                        bias: bias,
                        output: $0, activation: .relu)
                }
            }
            #expect(greatestDifference(result, expected) < 1e-5, "\(shape) \(bias)")
        }
        #expect(GemmBias.matching(shape: [3], rows: 3, columns: 2) == nil)
        #expect(GemmShape(rows: 0, columns: 1, inner: 1) == nil)
        #expect(GemmShape(rows: .max, columns: 2, inner: 1) == nil)
    }

    @Test(
        "MatMul broadcasts stacks and widens vectors as NumPy does",
        arguments: [
            ([3, 4], [4, 5], [3, 5]), ([4], [4, 5], [5]), ([3, 4], [4], [3]), ([4], [4], []),
            ([2, 3, 4], [4, 5], [2, 3, 5]), ([3, 4], [2, 4, 5], [2, 3, 5]),
            ([2, 1, 3, 4], [1, 6, 4, 2], [2, 6, 3, 2]),
        ] as [([Int], [Int], [Int])])
    func matMul(_ left: [Int], _ right: [Int], _ expectedShape: [Int]) throws {
        var random = SeededGenerator(seed: left.count * 10 + right.count)
        let shape = try #require(MatMulShape(left: left, right: right))
        #expect(shape.outputShape == expectedShape)
        let a = random.values(product(left)), b = random.values(product(right))
        let wideLeft = left.count == 1 ? [1] + left : left, wideRight = right.count == 1 ? right + [1] : right
        let batch = Array(expectedShape.dropLast((left.count == 1 ? 0 : 1) + (right.count == 1 ? 0 : 1)))
        var expected: [Double] = []
        for tuple in indices(of: batch) {
            func start(_ shape: [Int]) -> [Int] {
                let own = shape.dropLast(2)
                return zip(tuple.suffix(own.count), own).map { $1 == 1 ? 0 : $0 }
            }
            for row in 0..<wideLeft[wideLeft.count - 2] {
                for column in 0..<wideRight[wideRight.count - 1] {
                    expected.append(
                        (0..<wideLeft[wideLeft.count - 1]).reduce(0.0) { sum, k in
                            sum + Double(a[position(start(wideLeft) + [row, k], in: wideLeft)])
                                * Double(b[position(start(wideRight) + [k, column], in: wideRight)])
                        })
                }
            }
        }
        let result = output(expected.count) { MatMulKernel.run(shape, left: a, right: b, output: $0) }
        #expect(greatestDifference(result, expected) < 1e-5)
    }

    @Test("Operands that do not fit are refused")
    func refusals() {
        #expect(MatMulShape(left: [3, 4], right: [5, 2]) == nil)
        #expect(MatMulShape(left: [], right: [2]) == nil)
        #expect(MatMulShape(left: [2, 3, 4], right: [3, 4, 5]) == nil)
    }
}
