// SPDX-License-Identifier: Apache-2.0

/// A random field over an image that changes smoothly: a uniform cubic B-spline with normal coefficients on a grid.
struct SmoothField {
    /// The spline's part of a standard deviation of 1 on the grid, averaged over the plane: the mean of the sum of the
    /// squared weights along one axis is 151/315, and there are two axes.
    private static let deviation: Float = 151.0 / 315

    private let columns: Int
    private let spacing: Float
    /// Row by row.
    private let coefficients: [Float]
    private var columnPlaces: [Int] = []
    private var columnWeights: [SIMD4<Float>] = []

    /// - Parameter deviation: The root of the mean square of the field.
    init(width: Int, height: Int, spacing: Float, deviation: Float, _ random: inout RandomSource) {
        let spacing = max(spacing, 1)
        let columns = Int((Float(width) / spacing).rounded(.up)) + 4
        let rows = Int((Float(height) / spacing).rounded(.up)) + 4
        self.columns = columns
        self.spacing = spacing
        let scale = deviation / Self.deviation
        coefficients = (0..<columns * rows).map { _ in scale * random.roughlyNormal() }
        columnPlaces.reserveCapacity(width)
        columnWeights.reserveCapacity(width)
        for x in 0..<width {
            let position = Float(x) / spacing, whole = position.rounded(.down)
            columnPlaces.append(Int(whole))
            columnWeights.append(Self.weights(position - whole))
        }
    }

    /// The field along a row of pixels.
    func row(_ y: Int, into values: inout [Float]) {
        let position = Float(y) / spacing, whole = position.rounded(.down)
        let weights = Self.weights(position - whole), first = Int(whole) * columns
        var blended = Array(repeating: Float(0), count: columns)
        for column in 0..<columns {
            blended[column] =
                weights.x * coefficients[first + column] + weights.y * coefficients[first + columns + column]
                + weights.z * coefficients[first + 2 * columns + column] + weights.w
                * coefficients[first + 3 * columns + column]
        }
        for x in values.indices {
            let column = columnPlaces[x], weights = columnWeights[x]
            values[x] =
                weights.x * blended[column] + weights.y * blended[column + 1] + weights.z * blended[column + 2]
                + weights.w * blended[column + 3]
        }
    }

    private static func weights(_ t: Float) -> SIMD4<Float> {
        let s = 1 - t, t2 = t * t, t3 = t2 * t
        return SIMD4(s * s * s, 3 * t3 - 6 * t2 + 4, -3 * t3 + 3 * t2 + 3 * t + 1, t3) / 6
    }
}

extension RandomSource {
    /// Mean 0 and standard deviation 1, as the sum of eight uniform bytes is spread: within ±4.9, and much faster than
    /// ``normal()``.
    @inline(__always)
    mutating func roughlyNormal() -> Float {
        let bits = next()
        let pairs = (bits & 0x00FF_00FF_00FF_00FF) &+ ((bits >> 8) & 0x00FF_00FF_00FF_00FF)
        // The product's top 16 bits are the sum of the four 16-bit parts.
        let sum = (pairs &* 0x0001_0001_0001_0001) >> 48
        // Eight bytes: mean 8 · 127.5, variance 8 · (256² − 1)/12.
        return (Float(sum) - 1020) * (1 / 209.021_53)
    }
}
