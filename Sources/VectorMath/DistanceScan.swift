// SPDX-License-Identifier: Apache-2.0

import Kernels
import KernelsBaseline

#if arch(x86_64)
import KernelsAVX2
import KernelsAVX512
#endif

/// Squared Euclidean distances of one vector to many.
package struct DistanceScan: Sendable {
    private let instructionSet: InstructionSet

    /// - Parameter instructionSet: one of ``InstructionSet/available``.
    package init(_ instructionSet: InstructionSet = .current) {
        self.instructionSet = min(instructionSet, .ofProcessor)
    }

    /// The precision in which rows are read fastest.
    package var fastest: RowPrecision { instructionSet == .baseline ? .single : .half }

    /// The squared distances of a vector to some groups of a block, each multiplied by its row's weight.
    ///
    /// - Parameter squares: has as many numbers as the groups have rows afterwards, at the least.
    /// - Returns: the least of them.
    /// - Precondition: the block has such groups, and as many columns as the vector has numbers.
    package func weightedSquares(
        _ block: borrowing RowBlock, groups: Range<Int>, vector: UnsafeBufferPointer<Float>,
        squares: UnsafeMutableBufferPointer<SIMD16<Float>>
    ) -> Float {
        precondition(
            vector.count == block.columns && squares.count >= groups.count
                && groups.upperBound * RowBlock.lanes <= block.capacity, "groups that are not there")
        guard let vector = vector.baseAddress, let squares = squares.baseAddress else { return .infinity }
        let rows = block.pointers(group: groups.lowerBound), count = groups.count, columns = block.columns
        switch (instructionSet, block.precision) {
        #if arch(x86_64)
        case (.avx512, .single):
            return DistanceScanAVX512.run(
                singles: rows.singles, groups: count, columns: columns, weights: rows.weights, vector: vector,
                squares: squares)
        case (.avx512, .half):
            return DistanceScanAVX512.run(
                halves: rows.halves, groups: count, columns: columns, weights: rows.weights, vector: vector,
                squares: squares)
        case (.avx2, .single):
            return DistanceScanAVX2.run(
                singles: rows.singles, groups: count, columns: columns, weights: rows.weights, vector: vector,
                squares: squares)
        case (.avx2, .half):
            return DistanceScanAVX2.run(
                halves: rows.halves, groups: count, columns: columns, weights: rows.weights, vector: vector,
                squares: squares)
        #endif
        case (_, .single):
            return DistanceScanBaseline.run(
                singles: rows.singles, groups: count, columns: columns, weights: rows.weights, vector: vector,
                squares: squares)
        case (_, .half):
            return DistanceScanBaseline.run(
                halves: rows.halves, groups: count, columns: columns, weights: rows.weights, vector: vector,
                squares: squares)
        }
    }

    /// Rounds numbers, multiplied by a scale, to half precision.
    ///
    /// - Returns: a bound of the Euclidean length of what was rounded away.
    func round(_ numbers: UnsafeBufferPointer<Float>, scale: Float, to halves: UnsafeMutablePointer<Float16>) -> Float {
        guard let first = numbers.baseAddress else { return 0 }
        let count = numbers.count
        let square =
            switch instructionSet {
            #if arch(x86_64)
            case .avx512: DistanceScanAVX512.round(first, count: count, scale: scale, to: halves)
            case .avx2: DistanceScanAVX2.round(first, count: count, scale: scale, to: halves)
            #endif
            default: DistanceScanBaseline.round(first, count: count, scale: scale, to: halves)
            }
        // The sum was rounded too, and squares below the least number are lost.
        let least = Float(count) * .leastNormalMagnitude
        return ((square + least) * (1 + Float(count + 4) * .ulpOfOne)).squareRoot().nextUp
    }
}
