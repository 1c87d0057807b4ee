// SPDX-License-Identifier: Apache-2.0

import Dispatch

/// Element-wise work over long arrays, on all cores.
///
/// The pieces are the same however many cores there are, so that results are too, sums over pieces included.
enum ParameterSweep {
    static let pieceCount = 1 << 16

    /// Calls `body` with every piece of 0..<count and the piece's number, several at a time where there are several.
    static func run(_ count: Int, _ body: (_ piece: Int, _ range: Range<Int>) -> Void) {
        let pieces = (count + pieceCount - 1) / pieceCount
        @Sendable func range(_ piece: Int) -> Range<Int> { piece * pieceCount..<min((piece + 1) * pieceCount, count) }
        guard pieces >= 4 else {
            for piece in 0..<pieces { body(piece, range(piece)) }
            return
        }
        withoutActuallyEscaping(body) { body in
            // Safe, because pieces do not overlap and the call ends after the last of them.
            nonisolated(unsafe) let body = body
            DispatchQueue.concurrentPerform(iterations: pieces) { body($0, range($0)) }
        }
    }

    /// The sum of squares, and whether it is finite is for the caller to see.
    static func sumOfSquares(_ values: [Float]) -> Double {
        let pieces = (values.count + pieceCount - 1) / pieceCount
        return values.withUnsafeBufferPointer { values in
            withUnsafeTemporaryAllocation(of: Double.self, capacity: max(pieces, 1)) { sums in
                run(values.count) { piece, range in
                    var wide = SIMD8<Double>(repeating: 0), position = range.lowerBound
                    while position + 8 <= range.upperBound {
                        // As single numbers, because indexing the vector type would be checked.
                        let loaded = SIMD8<Float>(
                            values[position], values[position + 1], values[position + 2], values[position + 3],
                            values[position + 4], values[position + 5], values[position + 6], values[position + 7])
                        let value = SIMD8<Double>(loaded)
                        wide += value * value
                        position += 8
                    }
                    var sum = wide.sum()
                    while position < range.upperBound {
                        sum += Double(values[position]) * Double(values[position])
                        position += 1
                    }
                    sums[piece] = sum
                }
                return sums[0..<pieces].reduce(0, +)
            }
        }
    }
}
