/// Sums in an order that depends on the count alone.
enum Summation {
    /// In eight sums side by side, which are added last: faster, and nearer the true sum, than one after the other.
    static func sum(_ values: UnsafePointer<Float>, count: Int) -> Float {
        var sums = SIMD8<Float>.zero
        var place = 0
        while place + 8 <= count {
            sums += UnsafeRawPointer(values + place).loadUnaligned(as: SIMD8<Float>.self)
            place += 8
        }
        var rest: Float = 0
        while place < count {
            rest += values[place]
            place += 1
        }
        return sums.sum() + rest
    }
}
