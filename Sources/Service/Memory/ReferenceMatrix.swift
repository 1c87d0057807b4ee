// SPDX-License-Identifier: Apache-2.0

import VectorMath

/// Vectors of one size for a search through all of them, each with a weight.
///
/// Rows stand in groups of sixteen, number by number side by side, as ``DistanceScan`` reads them; and groups in
/// blocks, so that changing one while a reader holds an older value copies one block and not the whole matrix.
struct ReferenceMatrix: Sendable {
    private static let lanes = 16
    private static let blockRows = 256

    /// The number of coordinates of a vector.
    let columns: Int
    private(set) var rows = 0
    private var blocks: [DistanceScan.Groups] = []
    private let scan = DistanceScan()

    init(columns: Int) {
        self.columns = columns
    }

    /// - Parameter weight: what squared distances to the vector are multiplied by.
    /// - Precondition: the vector has ``columns`` coordinates.
    mutating func append(_ vector: [Float], weight: Float) {
        if rows % Self.blockRows == 0 { blocks.append(DistanceScan.Groups()) }
        if rows % Self.lanes == 0 {
            blocks[blocks.count - 1].values += Array(repeating: .zero, count: columns)
            blocks[blocks.count - 1].weights.append(.zero)
        }
        rows += 1
        replace(row: rows - 1, by: vector, weight: weight)
    }

    /// - Precondition: there is such a row, and the vector has ``columns`` coordinates.
    mutating func replace(row: Int, by vector: [Float], weight: Float) {
        precondition(row < rows && vector.count == columns, "a row that is not there, or a vector of another size")
        let (block, group, lane) = Self.location(row), start = group * columns
        for column in 0..<columns { blocks[block].values[start + column][lane] = vector[column] }
        blocks[block].weights[group][lane] = weight
    }

    /// Takes a row out and moves the last one to its place.
    ///
    /// - Precondition: there is such a row.
    mutating func removeBySwapping(row: Int) {
        let last = rows - 1, (block, group, lane) = Self.location(last)
        if row != last {
            let moved = (0..<columns).map { blocks[block].values[group * columns + $0][lane] }
            replace(row: row, by: moved, weight: blocks[block].weights[group][lane])
        }
        if lane == 0 {
            blocks[block].values.removeLast(columns)
            blocks[block].weights.removeLast()
            if group == 0 { blocks.removeLast() }
        }
        rows = last
    }

    /// The square of the Euclidean distance of a vector to every row, times the row's weight.
    ///
    /// - Precondition: the vector has ``columns`` coordinates.
    func weightedSquares(to vector: [Float]) -> WeightedSquares {
        precondition(vector.count == columns, "a vector of another size")
        return WeightedSquares(groups: scan.weightedSquares(blocks, vector: vector), rows: rows)
    }

    /// One number for each row.
    struct WeightedSquares: Sendable {
        fileprivate let groups: [SIMD16<Float>]
        fileprivate let rows: Int

        /// Calls for each row with its number, in the order of the rows, while that is no more than the bound that the
        /// calls return.
        func forEach(atMost bound: Float, _ body: (_ row: Int, _ square: Float) -> Float) {
            var bound = bound
            groups.withUnsafeBytes { bytes in
                let squares = bytes.bindMemory(to: Float.self)
                for row in 0..<rows where squares[row] <= bound { bound = body(row, squares[row]) }
            }
        }
    }

    private static func location(_ row: Int) -> (block: Int, group: Int, lane: Int) {
        (row / blockRows, row % blockRows / lanes, row % lanes)
    }
}
