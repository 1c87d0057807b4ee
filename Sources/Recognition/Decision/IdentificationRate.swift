// SPDX-License-Identifier: Apache-2.0

import Foundation

/// How often a search takes somebody who is not enrolled for somebody who is: the false-positive identification rate
/// (FPIR) of ISO/IEC 19795-1.
///
/// A search compares a probe with N references, each of which matches falsely with the false-match rate of the
/// threshold. Taken as independent, at least one of them does so with a probability of
///
///     FPIR = 1 − (1 − FMR)^N
///
/// Comparisons of one probe are not quite independent: a person who is like one is often like others too, which makes
/// it smaller. Whatever they are, it is at most N · FMR, which with the upper bound of the FMR is ``upperBound``.
///
/// The FMR is that of an operating point. Nothing is read off between two of them: of a threshold that was not measured
/// no rate is known.
public struct IdentificationRate: Sendable, Hashable {
    /// 1 − (1 − FMR)^N, in [0, 1].
    public let rate: Double
    /// N times the upper end of the FMR's interval (``OperatingPoint/upperBound``), at most 1.
    public let upperBound: Double
    /// N: how many references a probe is compared with.
    public let references: Int

    /// - Parameter references: at least 0.
    public init(_ point: OperatingPoint, references: Int) {
        self.references = max(0, references)
        let count = Double(self.references)
        // Exact where the rate is far below what 1 − FMR tells apart from 1.
        rate = -expm1(count * log1p(-point.falseMatchRate))
        upperBound = min(1, count * max(point.upperBound, point.falseMatchRate))
    }
}

extension Calibration {
    /// The point that lets the most people pass of those whose false-positive identification rate is at most `rate`
    /// (to within a millionth of it); nil where none is strict enough.
    ///
    /// - Parameter references: how many a probe is compared with.
    public func operatingPoint(falsePositiveIdentificationRate rate: Double, references: Int) -> OperatingPoint? {
        operatingPoints.first { IdentificationRate($0, references: references).rate <= rate * (1 + 1e-6) }
    }
}
