// SPDX-License-Identifier: Apache-2.0

/// By what an operating point of a calibration is chosen.
public enum OperatingPointChoice: Sendable, Hashable {
    /// By the share of impostors who make no effort and match.
    case falseMatchRate(Double)
    /// By the share of skilled forgeries that match: the point that lets the most people pass and no more than this
    /// share of forgeries.
    case skilledFalseMatchRate(Double)
    /// The same, but by the share of impostors who make no effort where the calibration has no such point, as where it was
    /// made without forgeries.
    case skilledFalseMatchRateIfMeasured(Double, otherwise: Double)
}

extension Calibration {
    /// Nil where no operating point keeps it.
    public func operatingPoint(_ choice: OperatingPointChoice) -> OperatingPoint? {
        switch choice {
        case .falseMatchRate(let rate): operatingPoint(falseMatchRate: rate)
        case .skilledFalseMatchRateIfMeasured(let rate, let other):
            operatingPoint(.skilledFalseMatchRate(rate)) ?? operatingPoint(falseMatchRate: other)
        case .skilledFalseMatchRate(let rate):
            operatingPoints.first { point in point.skilledFalseMatchRate.map { $0 <= rate * (1 + 1e-9) } ?? false }
        }
    }
}
