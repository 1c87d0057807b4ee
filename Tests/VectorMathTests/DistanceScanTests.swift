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

    private func squares(
        _ block: RowBlock, _ groups: Range<Int>, _ vector: [Float], by scan: DistanceScan
    ) -> (squares: [Float], least: Float) {
        withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: max(1, groups.count)) { squares in
            let least = vector.withUnsafeBufferPointer {
                scan.weightedSquares(block, groups: groups, vector: $0, squares: squares)
            }
            return (squares.prefix(groups.count).flatMap { group in (0..<16).map { group[$0] } }, least)
        }
    }

    @Test(arguments: InstructionSet.available, [1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 128, 255, 512, 1024])
    func `squares are those of a sum in double precision`(instructionSet: InstructionSet, columns: Int) {
        var generator = SeededGenerator(seed: UInt64(columns))
        let scan = DistanceScan(instructionSet)
        for precision in RowPrecision.allCases {
            for groups in [1, 2, 5, 16] {
                let vectors = (0..<16 * groups).map { _ in
                    (0..<columns).map { _ in Float.random(in: -1...1, using: &generator) }
                }
                let weights = vectors.map { _ in Float.random(in: 0.25...4, using: &generator) }
                // Near one of them, where differences are small.
                let vector =
                    groups > 2
                    ? vectors[20].map { $0 + Float.random(in: -1e-4...1e-4, using: &generator) }
                    : (0..<columns).map { _ in 0.5 }
                var block = RowBlock(columns: columns, capacity: vectors.count, precision: precision)
                var lost: [Double] = []
                for (row, values) in vectors.enumerated() {
                    lost.append(
                        Double(block.set(row: row, to: values, scale: 1, weight: weights[row], by: scan)))
                }
                #expect(precision == .half || lost.allSatisfy { $0 == 0 })
                // From the first group on, and from a later one.
                for first in [0, groups / 2] {
                    let (found, least) = squares(block, first..<groups, vector, by: scan)
                    #expect(found.count == 16 * (groups - first) && least == found.min())
                    let there = first * 16..<vectors.count
                    let exact = expected(Array(vectors[there]), Array(weights[there]), vector)
                    for (row, square) in exact.enumerated() {
                        // A distance to a rounded vector is no farther from that to the vector than what was rounded.
                        let root = (square / Double(weights[first * 16 + row])).squareRoot()
                        let own = (Double(found[row]) / Double(weights[first * 16 + row])).squareRoot()
                        #expect(abs(own - root) <= 1e-5 * root + 1e-15 + lost[first * 16 + row])
                    }
                }
            }
        }
    }

    @Test(arguments: InstructionSet.available) func `an infinite coordinate stays in its own lane`(
        instructionSet: InstructionSet
    ) {
        let scan = DistanceScan(instructionSet)
        for precision in RowPrecision.allCases {
            var block = RowBlock(columns: 1, capacity: 16, precision: precision)
            for row in 0..<16 { _ = block.set(row: row, to: [row == 7 ? 3e38 : 1], scale: 1, weight: 1, by: scan) }
            let found = squares(block, 0..<1, [0], by: scan).squares
            #expect(found[7] > 1e9)
            #expect((0..<16).filter { $0 != 7 }.allSatisfy { found[$0] == 1 })
        }
    }
}
