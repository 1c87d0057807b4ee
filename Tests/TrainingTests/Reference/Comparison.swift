// SPDX-License-Identifier: Apache-2.0

/// The greatest difference between two tensors, relative to the greatest magnitude in either; infinite for what is no
/// number, or for other counts.
///
/// Relative to the tensor, not to each value: the terms of a sum that cancel leave errors of the size of the terms.
func relativeError(_ values: [Float], _ expected: [Float]) -> Double {
    guard values.count == expected.count else { return .infinity }
    var difference = 0.0, scale = 0.0
    for (value, reference) in zip(values, expected) {
        guard value.isFinite, reference.isFinite else { return .infinity }
        difference = max(difference, abs(Double(value) - Double(reference)))
        scale = max(scale, abs(Double(value)), abs(Double(reference)))
    }
    return difference == 0 ? 0 : difference / scale
}

/// Derivatives by central differences.
enum FiniteDifferences {
    /// The gradient of `function` at a point.
    ///
    /// - Parameters:
    ///   - step: Large enough that what single precision rounds does not count, small enough that the third derivative
    ///     does not; no kink of the function is within it of any value.
    ///   - function: Sums in double precision what is computed in single precision.
    static func gradient(
        at point: [Float], step: Float = 1e-2, of function: ([Float]) throws -> Double
    ) rethrows -> [Float] {
        try gradient(at: point, positions: Array(point.indices), step: step, of: function)
    }

    /// The derivatives for some places only.
    static func gradient(
        at point: [Float], positions: [Int], step: Float = 1e-2, of function: ([Float]) throws -> Double
    ) rethrows -> [Float] {
        var moved = point
        return try positions.map { position in
            moved[position] = point[position] + step
            let ahead = try function(moved), high = moved[position]
            moved[position] = point[position] - step
            let behind = try function(moved), low = moved[position]
            moved[position] = point[position]
            // The distance as single precision has it.
            return Float((ahead - behind) / (Double(high) - Double(low)))
        }
    }

    /// A weighted sum of outputs, in double precision: its gradient is that of the outputs with `weights` above them.
    static func sum(_ outputs: [Float], times weights: [Float]) -> Double {
        zip(outputs, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }
}
