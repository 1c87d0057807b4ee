// SPDX-License-Identifier: Apache-2.0

import ProgramHarness
import Testing
import VectorMath

@Suite struct DistanceScanTests {
    /// Sums in double precision, one after another.
    private func expected(_ vectors: [[Float]], _ weights: [Float], _ vector: [Float]) -> [Double] {
        zip(vectors, weights).map { other, weight in
            zip(other, vector).reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
                * Double(weight)
        }
    }

    private func rows(_ vectors: [[Float]], columns: Int) -> [SIMD16<Float>] {
        (0..<vectors.count / 16).flatMap { group in
            (0..<columns).map { column in
                var lanes = SIMD16<Float>.zero
                for lane in 0..<16 { lanes[lane] = vectors[group * 16 + lane][column] }
                return lanes
            }
        }
    }

    @Test(arguments: InstructionSet.available, [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 128, 255, 512, 1024])
    func `squares are those of a sum in double precision`(instructionSet: InstructionSet, columns: Int) {
        var generator = SeededGenerator(seed: UInt64(columns))
        for groups in [0, 1, 2, 5, 16] {
            let vectors = (0..<16 * groups).map { _ in
                (0..<columns).map { _ in Float.random(in: -1...1, using: &generator) }
            }
            let weights = vectors.map { _ in Float.random(in: 0.25...4, using: &generator) }
            // Near one of them, where differences are small.
            let vector =
                groups > 2
                ? vectors[20].map { $0 + Float.random(in: -1e-4...1e-4, using: &generator) }
                : (0..<columns).map { _ in 0.5 }
            let all = (0..<groups).map { SIMD16(weights[$0 * 16..<$0 * 16 + 16]) },
                values = rows(vectors, columns: columns)
            // In two blocks, of which either may be empty.
            let first = groups / 2
            let found = DistanceScan(instructionSet).weightedSquares(
                [
                    DistanceScan.Groups(values: Array(values[..<(first * columns)]), weights: Array(all[..<first])),
                    DistanceScan.Groups(values: Array(values[(first * columns)...]), weights: Array(all[first...])),
                ], vector: vector)
            #expect(found.count == groups)
            for (index, square) in expected(vectors, weights, vector).enumerated() {
                #expect(abs(Double(found[index / 16][index % 16]) - square) <= 1e-5 * square + 1e-30)
            }
        }
    }

    @Test func `what is no number stays in its own lane`() {
        for instructionSet in InstructionSet.available {
            var first = SIMD16<Float>(repeating: 1)
            first[3] = .nan
            first[7] = .infinity
            let found = DistanceScan(instructionSet).weightedSquares(
                [DistanceScan.Groups(values: [first], weights: [.one])], vector: [0])[0]
            #expect(found[3].isNaN && found[7] == .infinity)
            #expect((0..<16).filter { $0 != 3 && $0 != 7 }.allSatisfy { found[$0] == 1 })
        }
    }
}
