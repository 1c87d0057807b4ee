// SPDX-License-Identifier: Apache-2.0

/// Squared Euclidean distances of one vector to many, sixteen at a time.
public enum DistanceScanKernel {
    /// - Parameters:
    ///   - rows: for each group of 16 vectors `columns` numbers of 16 lanes: number `c` of all of them, then number `c
    ///     + 1`.
    ///   - groups: how many groups there are.
    ///   - weights: for each group what the squared distances are multiplied by.
    ///   - vector: `columns` numbers.
    ///   - squares: for each group its weighted squared distances.
    /// - Returns: the least of the squares; infinity where there are none.
    @inlinable @inline(__always)
    public static func run<Arithmetic: MultiplyAdd, Numbers: ScannedNumbers>(
        _: Arithmetic.Type, _: Numbers.Type, rows: UnsafePointer<Numbers.Lanes>, groups: Int, columns: Int,
        weights: UnsafePointer<SIMD16<Float>>, vector: UnsafePointer<Float>,
        squares: UnsafeMutablePointer<SIMD16<Float>>
    ) -> Float {
        let unrolled = columns & ~3
        var least = SIMD16<Float>(repeating: .infinity)
        for group in 0..<groups {
            let row = rows + group &* columns
            // Four sums, so that none waits for the one before.
            var sum0 = SIMD16<Float>.zero, sum1 = SIMD16<Float>.zero, sum2 = SIMD16<Float>.zero,
                sum3 = SIMD16<Float>.zero
            var column = 0
            while column < unrolled {
                let difference0 = Numbers.load(row + column) - SIMD16(repeating: vector[column])
                let difference1 = Numbers.load(row + (column &+ 1)) - SIMD16(repeating: vector[column &+ 1])
                let difference2 = Numbers.load(row + (column &+ 2)) - SIMD16(repeating: vector[column &+ 2])
                let difference3 = Numbers.load(row + (column &+ 3)) - SIMD16(repeating: vector[column &+ 3])
                sum0 = Arithmetic.multiplyAdd(difference0, difference0, sum0)
                sum1 = Arithmetic.multiplyAdd(difference1, difference1, sum1)
                sum2 = Arithmetic.multiplyAdd(difference2, difference2, sum2)
                sum3 = Arithmetic.multiplyAdd(difference3, difference3, sum3)
                column &+= 4
            }
            while column < columns {
                let difference = Numbers.load(row + column) - SIMD16(repeating: vector[column])
                sum0 = Arithmetic.multiplyAdd(difference, difference, sum0)
                column &+= 1
            }
            let square = ((sum0 + sum1) + (sum2 + sum3)) * weights[group]
            squares[group] = square
            least.replace(with: square, where: square .< least)
        }
        let eight = lesser(least.lowHalf, least.highHalf)
        let four = lesser4(eight.lowHalf, eight.highHalf)
        let two = (four[0] < four[1] ? four[0] : four[1], four[2] < four[3] ? four[2] : four[3])
        return two.0 < two.1 ? two.0 : two.1
    }

    @inlinable @inline(__always)
    static func lesser(_ a: SIMD8<Float>, _ b: SIMD8<Float>) -> SIMD8<Float> { a.replacing(with: b, where: b .< a) }

    @inlinable @inline(__always)
    static func lesser4(_ a: SIMD4<Float>, _ b: SIMD4<Float>) -> SIMD4<Float> { a.replacing(with: b, where: b .< a) }
}
