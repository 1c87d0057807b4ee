// SPDX-License-Identifier: Apache-2.0

import ProgramHarness
import Testing
import VectorMath

@Suite struct RowBlockTests {
    private func distance(_ block: RowBlock, _ row: Int, to vector: [Float]) -> Float {
        let group = row / RowBlock.lanes
        return withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: 1) { squares in
            _ = vector.withUnsafeBufferPointer {
                DistanceScan().weightedSquares(block, groups: group..<group + 1, vector: $0, squares: squares)
            }
            return squares[0][row % RowBlock.lanes].squareRoot()
        }
    }

    @Test(arguments: RowPrecision.allCases) func `a copy stays as it was when the block is changed`(
        precision: RowPrecision
    ) {
        let scan = DistanceScan()
        var block = RowBlock(columns: 3, capacity: 40, precision: precision)
        #expect(block.capacity == 48)
        for row in 0..<40 { _ = block.set(row: row, to: [Float(row), 0, 1], scale: 1, weight: 1, by: scan) }
        let older = block
        _ = block.set(row: 5, to: [100, 0, 1], scale: 1, weight: 4, by: scan)
        block.copy(39, to: 6)
        block.clear(row: 7)
        block.grow(to: 100)
        _ = block.set(row: 99, to: [7, 0, 1], scale: 1, weight: 1, by: scan)
        for row in 0..<40 { #expect(distance(older, row, to: [0, 0, 1]) == Float(row)) }
        #expect(distance(block, 5, to: [0, 0, 1]) == 200)
        #expect(distance(block, 6, to: [0, 0, 1]) == 39)
        #expect(distance(block, 7, to: [0, 0, 1]) > 1e18)
        #expect(distance(block, 50, to: [1, 0, 1]) > 1e18, "a row that was never set is far from everything")
        #expect(distance(block, 99, to: [0, 0, 1]) == 7)
        var other = RowBlock(columns: 3, capacity: 16, precision: precision)
        other.copy(5, of: block, to: 15)
        #expect(distance(other, 15, to: [0, 0, 1]) == 200)
    }

    @Test(arguments: InstructionSet.available) func `what is rounded away is no more than is told`(
        instructionSet: InstructionSet
    ) {
        var generator = SeededGenerator(seed: 3)
        let scan = DistanceScan(instructionSet)
        for columns in [1, 2, 15, 16, 17, 100, 128, 333] {
            for size: Float in [1e-9, 1e-4, 1, 100, 60000, 1e6] {
                let vector = (0..<columns).map { _ in Float.random(in: -size...size, using: &generator) }
                var block = RowBlock(columns: columns, capacity: 1, precision: .half)
                let lost = block.set(row: 0, to: vector, scale: 0.5, weight: 1, by: scan)
                let rounded = vector.map { value -> Double in
                    let scaled = min(max(value * 0.5, -65504), 65504)
                    return Double(Float(Float16(scaled)))
                }
                let exact = zip(vector, rounded).reduce(0.0) { sum, pair in
                    let difference = Double(pair.0 * 0.5) - pair.1
                    return sum + difference * difference
                }.squareRoot()
                #expect(Double(lost) >= exact && Double(lost) <= exact * 1.001 + 1e-17)
                #expect(distance(block, 0, to: vector.map { $0 * 0.5 }) <= lost * 1.001)
            }
        }
    }

    @Test func `a number that is too great is told of`() {
        for precision in RowPrecision.allCases {
            var block = RowBlock(columns: 2, capacity: 1, precision: precision)
            #expect(block.set(row: 0, to: [1e38, 1], scale: 1024, weight: 1, by: DistanceScan()) == .infinity)
        }
    }
}
