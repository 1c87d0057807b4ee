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

    /// Sixteen vectors after sixteen vectors.
    package struct Groups: Sendable {
        /// For each group the numbers of its vectors: number `c` of all of them, then number `c + 1`.
        package var values: [SIMD16<Float>]
        /// What squared distances to the vectors are multiplied by, for each group.
        package var weights: [SIMD16<Float>]

        package init(values: [SIMD16<Float>] = [], weights: [SIMD16<Float>] = []) {
            self.values = values
            self.weights = weights
        }
    }

    /// The squared distances to the vectors of all blocks, each multiplied by its weight, group after group.
    ///
    /// - Precondition: each block has as many values for each group as the vector has numbers.
    package func weightedSquares(_ blocks: [Groups], vector: [Float]) -> [SIMD16<Float>] {
        let groups = blocks.reduce(0) { $0 + $1.weights.count }, columns = vector.count
        return [SIMD16<Float>](unsafeUninitializedCapacity: groups) { squares, count in
            vector.withUnsafeBufferPointer { vector in
                for block in blocks {
                    precondition(block.values.count == block.weights.count * columns, "vectors of another size")
                    block.values.withUnsafeBufferPointer { values in
                        block.weights.withUnsafeBufferPointer { weights in
                            guard let values = values.baseAddress, let first = weights.baseAddress,
                                let vector = vector.baseAddress,
                                let squares = squares.baseAddress
                            else { return }
                            run(values, weights.count, columns, first, vector, squares + count)
                        }
                    }
                    count += block.weights.count
                }
            }
        }
    }

    private func run(
        _ rows: UnsafePointer<SIMD16<Float>>, _ groups: Int, _ columns: Int, _ weights: UnsafePointer<SIMD16<Float>>,
        _ vector: UnsafePointer<Float>, _ squares: UnsafeMutablePointer<SIMD16<Float>>
    ) {
        switch instructionSet {
        #if arch(x86_64)
        case .avx512:
            DistanceScanAVX512.run(
                rows: rows, groups: groups, columns: columns, weights: weights, vector: vector, squares: squares)
        case .avx2:
            DistanceScanAVX2.run(
                rows: rows, groups: groups, columns: columns, weights: weights, vector: vector, squares: squares)
        #endif
        default:
            DistanceScanBaseline.run(
                rows: rows, groups: groups, columns: columns, weights: weights, vector: vector, squares: squares)
        }
    }
}
