// SPDX-License-Identifier: Apache-2.0

/// Rounds numbers to half precision.
public enum HalfRowKernel {
    /// - Parameters:
    ///   - numbers: `count` numbers.
    ///   - scale: what they are multiplied by before.
    ///   - halves: the rounded numbers; those that would be infinite are the greatest that are finite.
    /// - Returns: the sum of the squares of what was rounded away.
    @inlinable @inline(__always)
    public static func run<Arithmetic: MultiplyAdd>(
        _: Arithmetic.Type, numbers: UnsafePointer<Float>, count: Int, scale: Float,
        halves: UnsafeMutablePointer<Float16>
    ) -> Float {
        let whole = count & ~15
        var sums = SIMD16<Float>.zero, column = 0
        while column < whole {
            let scaled = VectorMemory.load(numbers + column) * SIMD16(repeating: scale)
            let greatest = SIMD16<Float>(repeating: 65504)
            let bounded = scaled.replacing(with: greatest, where: scaled .> greatest)
                .replacing(with: -greatest, where: scaled .< -greatest)
            var rounded = SIMD16<Float16>.zero, kept = SIMD16<Float>.zero
            for lane in 0..<16 { rounded[lane] = Float16(bounded[lane]) }
            UnsafeMutableRawPointer(halves + column).storeBytes(of: rounded, as: SIMD16<Float16>.self)
            for lane in 0..<16 { kept[lane] = Float(rounded[lane]) }
            let lost = scaled - kept
            sums = Arithmetic.multiplyAdd(lost, lost, sums)
            column &+= 16
        }
        var sum: Float = 0
        for lane in 0..<16 { sum += sums[lane] }
        while column < count {
            let scaled = numbers[column] * scale
            let bounded = scaled > 65504 ? 65504 : scaled < -65504 ? -65504 : scaled
            halves[column] = Float16(bounded)
            let lost = scaled - Float(halves[column])
            sum += lost * lost
            column &+= 1
        }
        return sum
    }
}
