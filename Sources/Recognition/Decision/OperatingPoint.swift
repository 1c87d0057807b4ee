// SPDX-License-Identifier: Apache-2.0

/// A threshold together with the rate of false matches it was measured to have.
public struct OperatingPoint: Sendable, Hashable {
    /// The false match rate it stands for, in (0, 1): 1e-3 lets one impostor in a thousand pass.
    public let falseMatchRate: Double
    /// A probe at this distance or nearer matches.
    public let threshold: Double
    /// The upper end of the one-sided 95 % confidence interval (Clopper–Pearson) of the rate at this threshold.
    /// Where it is far above ``falseMatchRate``, the set was too small to know better.
    public let upperBound: Double
    /// The share of skilled forgeries that match at this threshold, in [0, 1]; nil where none were measured.
    ///
    /// ``falseMatchRate`` is of impostors who make no effort (ISO/IEC 19795-1): it is what can be measured on every
    /// set, and means the same for faces and signatures. How far practice takes a forger is stated beside it.
    public let skilledFalseMatchRate: Double?

    public init(falseMatchRate: Double, threshold: Double, upperBound: Double, skilledFalseMatchRate: Double? = nil) {
        self.falseMatchRate = falseMatchRate
        self.threshold = threshold
        self.upperBound = upperBound
        self.skilledFalseMatchRate = skilledFalseMatchRate
    }
}
