// SPDX-License-Identifier: Apache-2.0

/// x / |x| and its derivative.
enum Normalization {
    /// Whether a vector of this length has a direction: below, its derivative would be larger than single precision
    /// holds.
    static func isDirected(_ length: Double) -> Bool { length > 1e-12 }

    /// Turns the derivative with respect to a direction, in a range of an array, into the one with respect to the
    /// vector of the given length. A vector without a direction gets zeros.
    static func pullBack(_ gradient: inout [Double], _ range: Range<Int>, direction: [Double], length: Double) {
        var along = 0.0
        for position in range { along += gradient[position] * direction[position] }
        for position in range {
            gradient[position] = isDirected(length) ? (gradient[position] - along * direction[position]) / length : 0
        }
    }
}

/// Rows in single precision scaled to length 1; one without a direction becomes zeros.
struct Directions {
    let dimension: Int
    let values: [Float]
    private let lengths: [Double]

    init(_ rows: [Float], dimension: Int) {
        self.dimension = dimension
        var values = rows, lengths: [Double] = []
        for start in stride(from: 0, to: rows.count, by: dimension) {
            var sum = 0.0
            for position in start..<start + dimension { sum += Double(rows[position]) * Double(rows[position]) }
            let length = sum.squareRoot()
            lengths.append(length)
            let factor = Normalization.isDirected(length) ? 1 / length : 0
            for position in start..<start + dimension { values[position] = Float(Double(rows[position]) * factor) }
        }
        self.values = values
        self.lengths = lengths
    }

    /// Turns the derivative with respect to the directions into the one with respect to the rows.
    func pullBack(_ gradient: inout [Float]) {
        for (row, length) in lengths.enumerated() {
            let range = row * dimension..<(row + 1) * dimension
            let factor = Normalization.isDirected(length) ? 1 / length : 0
            var along = 0.0
            for position in range { along += Double(gradient[position]) * Double(values[position]) }
            for position in range {
                gradient[position] = Float((Double(gradient[position]) - along * Double(values[position])) * factor)
            }
        }
    }
}
