// SPDX-License-Identifier: Apache-2.0

/// Euclidean distances between many rows, each padded with zeros to whole vectors of the processor.
///
/// The differences are summed as they are, not by the products of a matrix: near 0, where decisions fall, those
/// would leave few digits.
struct DistanceMatrix {
    private static let lanes = 8

    private let rows: [SIMD8<Float>]
    private let width: Int

    /// - Parameter values: `dimension` numbers for each row.
    init(_ values: [Float], dimension: Int) {
        width = (dimension + Self.lanes - 1) / Self.lanes
        rows = Self.padded(values, dimension: dimension, width: width)
    }

    /// The distance of a row to the nearest of some points of the same dimension; infinite where one is no number.
    ///
    /// - Parameter points: padded by ``padded(_:)``, one after another.
    func distance(from row: Int, toNearestOf points: [SIMD8<Float>]) -> Float {
        var nearest = Float.infinity
        rows.withUnsafeBufferPointer { rows in
            points.withUnsafeBufferPointer { points in
                for start in stride(from: 0, to: points.count, by: width) {
                    var sums = SIMD8<Float>()
                    for index in 0..<width {
                        let difference = rows[row * width + index] - points[start + index]
                        sums += difference * difference
                    }
                    let sum = sums.sum()
                    if sum < nearest { nearest = sum }
                }
            }
        }
        return nearest.squareRoot()
    }

    /// A point as ``distance(from:toNearestOf:)`` takes it.
    func padded(_ point: [Float]) -> [SIMD8<Float>] {
        Self.padded(point, dimension: point.count, width: width)
    }

    private static func padded(_ values: [Float], dimension: Int, width: Int) -> [SIMD8<Float>] {
        var rows = Array(repeating: SIMD8<Float>(), count: values.count / dimension * width)
        for (index, value) in values.enumerated() {
            let (row, column) = index.quotientAndRemainder(dividingBy: dimension)
            rows[row * width + column / lanes][column % lanes] = value
        }
        return rows
    }
}
