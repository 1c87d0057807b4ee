// SPDX-License-Identifier: Apache-2.0

/// What the rows of a tensor are brought to, and which factors each value gets after that.
package struct RowNormalization: Sendable, Hashable {
    /// Which factor and summand belong to a value.
    package enum Affine: Sendable, Hashable {
        /// One for each place in a row.
        case perPlace
        /// One for each channel: a row holds whole channels of `area` values, and `channels` in all follow one another.
        case perChannel(area: Int, channels: Int)
    }

    package let rows: Int
    package let count: Int
    /// Whether the mean is subtracted first; else the values keep it (RMS).
    package let isCentered: Bool
    package let epsilon: Float
    package let affine: Affine

    package init(rows: Int, count: Int, isCentered: Bool, epsilon: Float, affine: Affine) {
        self.rows = rows
        self.count = count
        self.isCentered = isCentered
        self.epsilon = epsilon
        self.affine = affine
    }

    /// The mean, 0 where it is not subtracted, and 1 / √(variance + ε).
    ///
    /// Sums in eight parts keep the rounding error of long rows small.
    @inline(__always)
    fileprivate func statistics(_ row: UnsafePointer<Float>) -> (mean: Float, inverse: Float) {
        let number = Float(count)
        let mean = isCentered ? sum(row, minus: 0, isSquared: false) / number : 0
        let variance = sum(row, minus: mean, isSquared: true) / number
        return (mean, 1 / (variance + epsilon).squareRoot())
    }

    @inline(__always)
    private func sum(_ row: UnsafePointer<Float>, minus shift: Float, isSquared: Bool) -> Float {
        var sums = SIMD8<Float>.zero, rest: Float = 0
        VectorLoop.run(count) { position, width in
            if width == VectorLoop.width {
                let value = VectorLoop.load(row + position) - shift
                sums += isSquared ? value * value : value
            } else {
                let value = row[position] - shift
                rest += isSquared ? value * value : value
            }
        }
        return sums.sum() + rest
    }
}

/// Layer, RMS, group and instance normalisation: they differ in what a row is and in where the factors come from. The
/// output may be the input.
package enum RowNormalizationKernel {
    package static func run(
        _ shape: RowNormalization, input: UnsafePointer<Float>, scale: UnsafePointer<Float>?,
        bias: UnsafePointer<Float>?, output: UnsafeMutablePointer<Float>
    ) {
        guard shape.count > 0 else { return }
        for row in 0..<shape.rows {
            let source = input + row * shape.count, target = output + row * shape.count
            let (mean, inverse) = shape.statistics(source)
            switch shape.affine {
            case .perPlace:
                VectorLoop.run(shape.count) { position, width in
                    if width == VectorLoop.width {
                        var value = (VectorLoop.load(source + position) - mean) * inverse
                        if let scale { value *= VectorLoop.load(scale + position) }
                        if let bias { value += VectorLoop.load(bias + position) }
                        VectorLoop.store(value, target + position)
                    } else {
                        let value = (source[position] - mean) * inverse
                        target[position] = value * (scale?[position] ?? 1) + (bias?[position] ?? 0)
                    }
                }
            case .perChannel(let area, let channels):
                let first = row * (shape.count / area)
                for index in 0..<shape.count / area {
                    let channel = (first + index) % channels
                    let factor = inverse * (scale?[channel] ?? 1), summand = (bias?[channel] ?? 0) - mean * factor
                    let from = source + index * area, to = target + index * area
                    VectorLoop.run(area) { position, width in
                        if width == VectorLoop.width {
                            VectorLoop.store(VectorLoop.load(from + position) * factor + summand, to + position)
                        } else {
                            to[position] = from[position] * factor + summand
                        }
                    }
                }
            }
        }
    }

    /// What each row was normalised by: its mean, or 1 / √(variance + ε).
    package static func statistic(
        _ shape: RowNormalization, isMean: Bool, input: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<shape.rows {
            let (mean, inverse) = shape.statistics(input + row * shape.count)
            output[row] = isMean ? mean : inverse
        }
    }
}
