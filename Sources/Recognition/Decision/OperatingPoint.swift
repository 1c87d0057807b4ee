/// A threshold together with the rate of false matches it was measured to have.
public struct OperatingPoint: Sendable, Hashable {
    /// The false match rate it stands for, in (0, 1): 1e-3 lets one impostor in a thousand pass.
    public let falseMatchRate: Double
    /// A probe at this distance or nearer matches.
    public let threshold: Double
    /// The upper end of the one-sided 95 % confidence interval (Clopper–Pearson) of the rate at this threshold.
    /// Where it is far above ``falseMatchRate``, the set was too small to know better.
    public let upperBound: Double

    public init(falseMatchRate: Double, threshold: Double, upperBound: Double) {
        self.falseMatchRate = falseMatchRate
        self.threshold = threshold
        self.upperBound = upperBound
    }
}
